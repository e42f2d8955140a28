package hostile

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestADocumentThatChangesUnderway is sent twice at once, and withdrawn while it is sent.
func TestADocumentThatChangesUnderway(t *testing.T) {
	w := live.Start(t)
	c, police := w.Case(t), w.As(t, "police")
	empty := func() *live.Reply {
		return police.Post("/v1/documents", live.M{"dossierId": c.ID, "category": "police", "title": "Brief", "kind": "report", "observedOn": "2026-01-15"}).Want(http.StatusCreated)
	}
	send := func(d *live.Reply, text string) func() *live.Reply {
		return func() *live.Reply {
			return police.Do(http.MethodPut, d.Place()+"/content", strings.Repeat(text, 300_000), live.Match("*"))
		}
	}
	const held = "lock table audit_entry in exclusive mode"
	t.Run("of two one arrives, whole", func(t *testing.T) {
		d := empty()
		first, second := meetBehind(t, w, held, send(d, "Een. "), send(d, "Twee. "))
		require.Equal(t, http.StatusOK, first.Status)
		require.Contains(t, []int{http.StatusConflict, http.StatusPreconditionFailed}, second.Status)
		require.Equal(t, strings.Repeat("Een. ", 300_000), string(police.Get(d.Place()+"/content").Want(http.StatusOK).Raw))
	})
	t.Run("what is withdrawn gets no content", func(t *testing.T) {
		d := empty()
		withdraw := func() *live.Reply {
			return police.Post(d.Place()+"/withdrawals", live.M{"reason": "Fout.", "breach": true}, live.Match("*"))
		}
		gone, late := meetBehind(t, w, held, withdraw, send(d, "Een. "))
		gone.Check(http.StatusCreated)
		require.Contains(t, []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed}, late.Status, "%s", late.Raw)
		police.Get(d.Place() + "/content").Check(http.StatusNotFound)
	})
}
