package server_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestReport_4_24_tells_the_scores_of_its_moment_to_who_may_read_them(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	assessed := func(score int, on string) *live.Reply {
		return w.As(t, "social").Post(f.Path+"/assessments", live.M{
			"lifeDomain": "finances", "score": score, "reading": "Brieven.", "source": "Huisbezoek", "observedOn": on,
		}).Want(created)
	}
	before := assessed(1, "2026-01-10").Text("addedAt")
	assessed(4, "2026-01-20")

	report := f.Path + "/situation-report"
	scores := func(who, path string) any { return w.As(t, who).Get(path).Want(ok).At("scores") }
	require.EqualValues(t, 4, live.At(scores("case-director", report), "0.score"))
	require.EqualValues(t, 1, live.At(scores("case-director", report+"?at="+before), "0.score"))
	require.Empty(t, scores("housing", report), "what one may not read is not in the report")

	w.Publish(t, "director", directorHas(authz.None))
	preview := w.As(t, "director").Get(report, asProfessional(w.Person("case-director"))).Want(ok)
	require.Equal(t, "finances", preview.Text("scores.0.lifeDomain"))
	require.Nil(t, preview.At("scores.0.score"), "a preview withholds what the director may not read himself")
}
