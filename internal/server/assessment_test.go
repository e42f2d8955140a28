package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// scored is an assessment of a person or family on a life domain.
func scored(domain string, score any, more ...live.M) live.M {
	return plus(live.M{"lifeDomain": domain, "score": score, "reading": "Gezien.", "source": "Huisbezoek", "observedOn": "2026-01-15"}, more...)
}

// levelled is an assessment of a group or situation.
func levelled(domain, level string) live.M {
	return live.M{"lifeDomain": domain, "problemLevel": level, "reading": "Gezien.", "source": "Ronde", "observedOn": "2026-01-15"}
}

func plus(body live.M, more ...live.M) live.M {
	for _, m := range more {
		for name, value := range m {
			body[name] = value
		}
	}
	return body
}

// wrongAt holds a refusal against the fields that are wrong.
func wrongAt(t *testing.T, r *live.Reply, pointers ...string) {
	t.Helper()
	r.Want(invalid)
	assert.ElementsMatch(t, pointers, r.Texts("errors", "pointer"), "%s", r.Raw)
}

// values are what the rows of a list have in one place.
func values(r *live.Reply, list, place string) (all []any) {
	rows, _ := r.At(list).([]any)
	for _, row := range rows {
		all = append(all, live.At(row, place))
	}
	return all
}

func on(day string) live.M { return live.M{"observedOn": day} }

func TestAssessment_0_19_the_history_of_scores_stays(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Opened(t, live.M{"type": "person", "title": "Jan"})
	f.Direct(t)
	f.Join(t, "case-director", "police")
	who, at := w.As(t, "case-director"), f.Path+"/assessments"
	old := who.Post(at, scored("finances", 2, on("2026-01-15"))).Want(created)
	wrong := who.Post(at, scored("finances", 5, on("2026-02-15"))).Want(created)
	right := who.Post(at, scored("finances", 3, on("2026-02-15"), live.M{"corrects": wrong.ID(), "ownStrength": "Vraagt om hulp."})).Want(created)
	unknown := who.Post(at, scored("housing", nil)).Want(created)

	t.Run("latest first, and each still to be read", func(t *testing.T) {
		assert.Equal(t, []string{unknown.ID(), right.ID(), wrong.ID(), old.ID()}, who.Get(at).Want(ok).IDs())
		assert.Equal(t, right.ID(), who.Get(wrong.Place()).Want(ok).Text("correctedBy"))
		assert.Nil(t, unknown.At("score"))
		assert.Equal(t, w.Person("case-director"), right.Text("assessorId"))
	})
	t.Run("one counts per life domain, and it was not corrected", func(t *testing.T) {
		assert.Equal(t, []string{unknown.ID(), right.ID()}, who.Get(at+"?current=true").Want(ok).IDs())
		assert.Equal(t, []string{right.ID()}, who.Get(at+"?current=true&lifeDomain=finances").Want(ok).IDs())
	})
	t.Run("a late report of what was before does not count in its place", func(t *testing.T) {
		who.Post(at, scored("finances", 1, on("2025-12-01"))).Want(created)
		assert.Equal(t, []string{right.ID()}, who.Get(at+"?current=true&lifeDomain=finances").Want(ok).IDs())
	})
	t.Run("a second correction is a conflict", func(t *testing.T) {
		who.Post(at, scored("finances", 4, live.M{"corrects": wrong.ID()})).Want(conflict)
	})
	t.Run("another life domain, or nothing of its own, is not corrected", func(t *testing.T) {
		wrongAt(t, who.Post(at, scored("housing", 4, live.M{"corrects": right.ID()})), "/corrects")
		wrongAt(t, w.As(t, "police").Post(at, scored("finances", 4, live.M{"corrects": right.ID()})), "/corrects")
	})
}

func TestAssessment_3_a_score_belongs_to_people_and_a_level_to_groups_and_situations(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who := w.As(t, "director")
	of := map[string]string{}
	for _, kind := range []string{"person", "family", "group", "situation"} {
		of[kind] = w.Opened(t, live.M{"type": kind}).Path + "/assessments"
	}
	for _, kind := range []string{"person", "family"} {
		who.Post(of[kind], scored("finances", 4)).Want(created)
		wrongAt(t, who.Post(of[kind], levelled("finances", "light")), "/score", "/problemLevel")
	}
	for _, kind := range []string{"group", "situation"} {
		assert.Equal(t, "serious", who.Post(of[kind], levelled("nuisance", "serious")).Want(created).Text("problemLevel"))
		wrongAt(t, who.Post(of[kind], scored("nuisance", 4)), "/score", "/problemLevel")
	}
	t.Run("only a family has members, each with a score of its own", func(t *testing.T) {
		who.Post(of["family"], scored("finances", 2, live.M{"member": "Moeder"})).Want(created)
		assert.Len(t, who.Get(of["family"]+"?current=true").Want(ok).IDs(), 2)
		wrongAt(t, who.Post(of["person"], scored("finances", 2, live.M{"member": "Moeder"})), "/member")
	})
	t.Run("what is on no list, or lies ahead, is not valid", func(t *testing.T) {
		wrongAt(t, who.Post(of["person"], scored("magic", 2, on("2199-01-01"))), "/lifeDomain", "/observedOn")
		who.Post(of["person"], scored("finances", 6)).Want(invalid)
	})
	t.Run("the life domains are on a list, with their orientation", func(t *testing.T) {
		codes, _ := who.Get("/v1/code-lists/life-domains").Want(ok).At("codes").([]any)
		count := map[string]int{}
		for _, code := range codes {
			orientation, _ := live.At(code, "attributes.orientation").(string)
			count[orientation]++
		}
		assert.Equal(t, map[string]int{"social": 13, "safety": 9}, count)
	})
}

func TestAssessment_3_an_old_observation_warns(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	at := w.Opened(t, live.M{}).Path + "/assessments"
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	for days, stale := range map[int]bool{29: false, 32: true} {
		day := time.Now().In(zone).AddDate(0, 0, -days).Format(time.DateOnly)
		made := w.As(t, "director").Post(at, scored("finances", 3, on(day))).Want(created)
		assert.Equal(t, stale, made.At("stale"), "%d days", days)
	}
}

func TestAssessment_3_acute_problems_are_told_with_priority(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	w.As(t, "social").Post(f.Path+"/assessments", scored("finances", 2)).Want(created)
	w.As(t, "social").Post(f.Path+"/assessments", scored("mental-health", 1)).Want(created)
	inbox := "/v1/alerts?dossierId=" + f.ID + "&limit=200&kind="
	director := w.As(t, "case-director")
	require.Eventually(t, func() bool { return len(director.Get(inbox+"assessment-acute").Want(ok).IDs()) == 1 }, 10*time.Second, 50*time.Millisecond)
	assert.Equal(t, []string{"high"}, director.Get(inbox+"assessment-acute").Texts("items", "priority"))
	assert.Equal(t, []string{"normal"}, director.Get(inbox+"assessment-added").Texts("items", "priority"))
}

func TestAssessment_4_06_the_difference_is_shown_per_member_and_life_domain(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, s := w.Case(t), w.Opened(t, live.M{"type": "situation"})
	who, at := w.As(t, "director"), f.Path+"/assessments"
	for _, one := range []live.M{
		scored("finances", 2, on("2026-01-01")), scored("finances", nil, on("2026-01-02")), scored("finances", 4, on("2026-03-01")),
		scored("finances", 3, on("2026-01-01"), live.M{"member": "Moeder"}), scored("finances", 1, on("2026-02-01"), live.M{"member": "Moeder"}),
		scored("housing", nil), scored("nuisance", 2), scored("finances", nil, on("2026-04-01")),
	} {
		who.Post(at, one).Want(created)
	}
	r := who.Get(f.Path + "/assessment-deltas").Want(ok)
	assert.Equal(t, true, r.At("complete"))
	assert.Equal(t, []string{"finances", "nuisance", "finances"}, r.Texts("deltas", "lifeDomain"))
	assert.Equal(t, []any{nil, nil, "Moeder"}, values(r, "deltas", "member"))
	assert.Equal(t, []any{2.0, 0.0, -2.0}, values(r, "deltas", "difference"))
	assert.Equal(t, []string{"improved", "unchanged", "worsened"}, r.Texts("deltas", "direction"))

	who.Post(s.Path+"/assessments", plus(levelled("nuisance", "acute"), on("2026-01-01"))).Want(created)
	who.Post(s.Path+"/assessments", plus(levelled("nuisance", "light"), on("2026-02-01"))).Want(created)
	r = who.Get(s.Path + "/assessment-deltas").Want(ok)
	assert.Equal(t, []any{2.0}, values(r, "deltas", "difference"))
	assert.Equal(t, []string{"improved"}, r.Texts("deltas", "direction"))
}

func TestAssessment_4_36_the_indicator_disappears_when_scores_recover(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	who, at := w.As(t, "case-director"), f.Path+"/assessments"
	indicator := func(short string) *live.Reply {
		return w.As(t, short).Get(f.Path + "/multi-problem-indicator").Want(ok)
	}
	assert.Equal(t, false, indicator("case-director").At("present"))
	who.Post(at, scored("finances", 2, live.M{"member": "Vader"})).Want(created)
	assert.Equal(t, false, indicator("case-director").At("present"))
	housing := who.Post(at, scored("housing", 1)).Want(created)

	before := w.Rows(t)
	r := indicator("case-director")
	assert.Equal(t, true, r.At("present"))
	assert.Equal(t, true, r.At("stale"), "it rests on what was seen long ago")
	assert.Equal(t, live.M{"lifeDomains": 2.0, "scoreAtMost": 2.0, "problemLevels": []any{"serious", "acute"}}, r.At("rule"), "its rule is told (Wgs 1.9)")
	assert.Contains(t, r.Texts("input", "assessmentId"), housing.ID(), "and what it rests on")
	assert.Equal(t, before["assessment"], w.Rows(t)["assessment"])

	t.Run("it is another for who sees no life domains", func(t *testing.T) {
		hidden := indicator("housing")
		assert.Equal(t, []any{false, false, []any{}}, []any{hidden.At("present"), hidden.At("complete"), hidden.At("input")})
		assert.Empty(t, w.As(t, "housing").Get(at).Want(ok).IDs())
		w.As(t, "housing").Get(housing.Place()).Want(notFound)
		w.As(t, "housing").Post(at, scored("finances", 3)).Want(forbidden)
	})
	who.Post(at, scored("housing", 4, on("2026-02-15"))).Want(created)
	r = indicator("case-director")
	assert.Equal(t, []any{false, []any{"finances"}}, []any{r.At("present"), r.At("problemLifeDomains")})
}
