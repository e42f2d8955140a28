package dossier

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestLinks(t *testing.T) {
	w := newWorld(t)
	a, b, third := w.opened("police", "fire"), w.opened("police", "health"), w.opened("police")
	hidden, err := w.s.Open(w.as("health"), opening())
	require.NoError(t, err)
	elsewhere, err := w.s.Open(w.as("stranger"), opening())
	require.NoError(t, err)
	add := func(by string, from, to Seen) (SeenLink, error) {
		in, err := w.s.AddLink(w.as(by), from.ID, Link{OtherDossierID: to.ID, Kind: "related", Note: "Brother."})
		return in.Row, err
	}
	link, err := add("social", a, b)
	require.NoError(t, err)
	others := func(name string, d Seen) (ids []uuid.UUID) {
		in, err := w.s.ListLinks(w.as(name), d.ID, LinkFilter{}, page.Request{Limit: 9})
		require.NoError(t, err)
		for _, l := range in.Row.Rows {
			one, err := w.s.GetLink(w.as(name), d.ID, l.Link.ID)
			require.NoError(t, err)
			require.Equal(t, l, one.Row)
			ids = append(ids, l.Other.ID)
		}
		return ids
	}
	t.Run("each side shows the other to who may see both", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{b.ID}, others("police", a))
		require.Equal(t, []uuid.UUID{a.ID}, others("police", b))
		require.Equal(t, b.Number, link.Other.Number)
	})
	t.Run("and to nobody else, from neither side", func(t *testing.T) {
		require.Empty(t, others("fire", a))
		require.Empty(t, others("health", b))
		for name, d := range map[string]Seen{"fire": a, "health": b, "police": third} {
			_, err := w.s.GetLink(w.as(name), d.ID, link.Link.ID)
			require.Equal(t, problem.NotFound, kind(err), name)
		}
	})
	t.Run("it is told on both sides", func(t *testing.T) {
		for _, d := range []Seen{a, b} {
			require.Equal(t, event{Name: "link.added", Subject: link.Link.ID, Fields: []string{}}, w.last(d.ID))
		}
	})
	t.Run("who may not change the dossier links nothing to it", func(t *testing.T) {
		_, err := add("police", a, third)
		require.Equal(t, problem.Forbidden, kind(err))
		_, err = add("health", a, b)
		require.Equal(t, problem.NotFound, kind(err))
	})
	t.Run("a dossier out of sight, elsewhere, not there, closed or itself are one answer", func(t *testing.T) {
		closed := w.directed()
		_, err := w.s.Close(w.as("chair"), etag.Key{ID: closed.ID, Match: "*"}, Closure{Result: "achieved", Reason: "Done."})
		require.NoError(t, err)
		var first error
		for _, to := range []Seen{hidden, elsewhere, {Dossier: Dossier{ID: newID()}}, closed, a} {
			_, err := add("social", a, to)
			require.Equal(t, []string{"/otherDossierId"}, pointers(t, err))
			if first == nil {
				first = err
			}
			require.Equal(t, first, err)
		}
	})
	t.Run("the same link twice is a conflict", func(t *testing.T) {
		_, err := add("social", a, b)
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("page after page gives each once", func(t *testing.T) {
		_, err := add("social", a, third)
		require.NoError(t, err)
		w.exec("update link set added_at = '2026-11-03'")
		first, err := w.s.ListLinks(w.as("police"), a.ID, LinkFilter{}, page.Request{Limit: 1})
		require.NoError(t, err)
		p, err := page.Parse(new(1), first.Row.Next)
		require.NoError(t, err)
		second, err := w.s.ListLinks(w.as("police"), a.ID, LinkFilter{}, p)
		require.NoError(t, err)
		require.Nil(t, second.Row.Next)
		require.ElementsMatch(t, []uuid.UUID{b.ID, third.ID}, []uuid.UUID{first.Row.Rows[0].Other.ID, second.Row.Rows[0].Other.ID})
	})
	t.Run("without the other's title for who may not see whom it is about", func(t *testing.T) {
		w.joined(b, "fire")
		in, err := w.s.ListLinks(w.as("fire"), a.ID, LinkFilter{}, page.Request{Limit: 9})
		require.NoError(t, err)
		require.Len(t, in.Row.Rows, 1)
		require.Nil(t, in.Row.Rows[0].Other.Title)
		require.Nil(t, in.Dossier.Title)
	})
	t.Run("when the other side closes it is gone", func(t *testing.T) {
		w.exec("update dossier set shielded_at = now(), status = 'closed' where id = $1", b.ID)
		w.exec("update admission set shielded = true where dossier_id = $1", b.ID)
		require.Equal(t, []uuid.UUID{third.ID}, others("police", a))
	})
}
