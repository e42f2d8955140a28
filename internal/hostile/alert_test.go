package hostile

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestWhereAPageOfAlertsEnds lets the case director, who is told that the dossier changed, look for
// what the change was.
func TestWhereAPageOfAlertsEnds(t *testing.T) {
	w := live.Start(t)
	c := w.Opened(t, live.M{})
	c.Direct(t)
	c.Join(t, "case-director", "police")
	const hidden = 25 // more than one request looks through, one at a time
	for range hidden {
		c.Item(t, "police", "police")
	}
	director := w.As(t, "case-director")
	inbox := "/v1/alerts?dossierId=" + c.ID
	require.Eventually(t, func() bool {
		return len(director.Get(inbox+"&limit=200&kind=dossier-changed").IDs()) == hidden
	}, 10*time.Second, 50*time.Millisecond)
	for _, kind := range []string{"item-added", "item-released", "decision-taken"} {
		page := director.Get(inbox + "&limit=1&kind=" + kind).Want(http.StatusOK)
		require.Empty(t, page.IDs(), kind)
		require.Equal(t, director.Get(inbox+"&limit=1&kind=action-created").Text("next"), page.Text("next"), kind)
	}
}

func TestTheSummaryCountsWhatTheListTells(t *testing.T) {
	w := live.Start(t)
	one, other := w.Case(t), w.Case(t)
	w.As(t, "director").Post(one.Path+"/links", live.M{"otherDossierId": other.ID, "kind": "related"}).Want(http.StatusCreated)
	reader := w.As(t, "case-director")
	kinds := func() map[string]int {
		told := map[string]int{}
		for _, kind := range reader.Get("/v1/alerts?limit=200").Want(http.StatusOK).Texts("items", "kind") {
			told[kind]++
		}
		return told
	}
	require.Eventually(t, func() bool { return kinds()["link-added"] == 2 }, 10*time.Second, 50*time.Millisecond)
	counted := map[string]int{}
	summary := reader.Get("/v1/alerts/summary").Want(http.StatusOK)
	for i, kind := range summary.Texts("byKind", "kind") {
		counted[kind] = int(summary.At(fmt.Sprintf("byKind.%d.unacknowledged", i)).(float64))
	}
	require.Equal(t, kinds(), counted)
}
