package server_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func scrape(t *testing.T, w *live.World) string {
	t.Helper()
	answer := httptest.NewRecorder()
	w.Product.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	require.Equal(t, ok, answer.Code)
	return answer.Body.String()
}

func TestFigures(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Item(t, "housing", "housing")
	w.As(t, "police").Get(f.Path).Want(ok)
	w.As(t, "police").Get("/v1/dossiers/019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11").Want(404)
	w.As(t, "police").Do("BREW", f.Path, nil)
	w.Nobody(t).Get("/v1/dossiers/" + f.ID + "/nowhere/Jansen")
	w.Nobody(t).Get("/Jansen")
	w.Nobody(t).Get("/metrics").Want(404)
	toldOf(t, w, "chair", f)
	require.Eventually(t, func() bool {
		all := scrape(t, w)
		return strings.Contains(all, "wijkregie_oldest_due_delivery_seconds 0\n") && !strings.Contains(all, `wijkregie_deliveries{state="sent"} 0`)
	}, 20*time.Second, 100*time.Millisecond)
	all := scrape(t, w)
	for _, line := range []string{
		`wijkregie_requests_total{method="GET",route="/v1/dossiers/:dossierId",status="200"} `, `wijkregie_requests_total{method="GET",route="/v1/dossiers/:dossierId",status="404"} 1`,
		"wijkregie_changes_total ", "wijkregie_alerts_total ", "wijkregie_streams 0", `wijkregie_deliveries{state="sent"} `, `wijkregie_deliveries{state="failed"} 0`,
		"wijkregie_oldest_due_delivery_seconds 0", "wijkregie_oldest_pending_event_seconds 0", "go_goroutines ",
	} {
		require.Contains(t, all, "\n"+line)
	}
	require.NotContains(t, all, "wijkregie_changes_total 0\n")
	require.NotContains(t, all, "wijkregie_alerts_total 0\n")

	t.Run("they name nobody and no record", func(t *testing.T) {
		require.NotRegexp(t, regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-|GM[0-9]{4}|BU[0-9]{8}|20[0-9]{2}-[0-9]{6}`), all)
		hidden := []string{f.Title, "Jansen", "BREW", w.As(t, "chair").Get(f.Path).Want(ok).Text("number")}
		for _, p := range demo.People() {
			hidden = append(hidden, p.Name)
		}
		for _, name := range hidden {
			require.NotContains(t, all, name)
		}
		for _, label := range regexp.MustCompile(`([a-z_]+)="`).FindAllStringSubmatch(all, -1) {
			require.Contains(t, []string{"method", "route", "status", "state", "version", "quantile"}, label[1], "no other label than these")
		}
	})
}
