package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPlan_2_03_a_frame_has_condition_consequence_and_end_and_actions_refer_to_it(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Opened(t, live.M{})
	other.Direct(t)
	director := w.As(t, "case-director")
	for name, change := range map[string]live.M{
		"condition": {"condition": ""}, "consequence": {"consequence": nil}, "until": {"until": "2026-01-01"}, "lifeDomain": {"lifeDomain": "weather"},
	} {
		t.Run("refused without a good "+name, func(t *testing.T) {
			body := frame()
			for key, value := range change {
				body[key] = value
			}
			director.Post(f.Path+"/frames", body).Check(invalid)
		})
	}
	made := director.Post(f.Path+"/frames", frame()).Want(created)
	assert.Equal(t, true, made.At("active"))
	agreed := live.M{"dossierId": f.ID, "partnerId": w.Partner("police"), "description": "Rondes.", "lifeDomain": "nuisance", "kind": "enforcement",
		"track": "enforcement", "dueInWorkingDays": 5, "frameId": made.ID()}
	action := director.Post("/v1/actions", agreed).Want(created)
	assert.Equal(t, made.ID(), action.Text("frameId"))
	t.Run("an action goes without it, and back", func(t *testing.T) {
		assert.Nil(t, director.Patch(action.Place(), "*", live.M{"frameId": nil}).Want(ok).At("frameId"))
		assert.Equal(t, made.ID(), director.Patch(action.Place(), "*", live.M{"frameId": made.ID()}).Want(ok).Text("frameId"))
	})
	t.Run("nobody without a right adds, ends or reads one", func(t *testing.T) {
		w.As(t, "police").Post(f.Path+"/frames", frame()).Check(forbidden)
		w.As(t, "police").Get(made.Place()).Check(ok)
		w.As(t, "police").Post(made.Place()+"/endings", live.M{"reason": "Nee."}, anyTag).Check(forbidden)
		w.As(t, "housing").Get(made.Place()).Check(notFound)
		assert.Empty(t, w.As(t, "housing").Get(f.Path+"/frames").Want(ok).At("items"))
		w.As(t, "auditor").Get(f.Path + "/frames").Check(notFound)
	})
	t.Run("an action does not refer to one of another dossier, nor to one out of sight", func(t *testing.T) {
		elsewhere := director.Post(other.Path+"/frames", frame()).Want(created)
		agreed["frameId"] = elsewhere.ID()
		refusedAt(t, director.Post("/v1/actions", agreed), "/frameId")
		refusedAt(t, director.Patch(action.Place(), "*", live.M{"frameId": elsewhere.ID()}), "/frameId")
	})
	t.Run("it ends once, with a reason, and is referred to no more", func(t *testing.T) {
		director.Post(made.Place()+"/endings", live.M{"reason": "Klaar."}).Check(428)
		ended := director.Post(made.Place()+"/endings", live.M{"reason": "Klaar."}, live.Match(made.Tag())).Want(created)
		assert.Equal(t, false, ended.At("active"))
		assert.Equal(t, "Klaar.", ended.Text("endReason"))
		assert.NotContains(t, ended.Allowed(), "endFrame")
		director.Post(made.Place()+"/endings", live.M{"reason": "Klaar."}, live.Match(made.Tag())).Check(stale)
		director.Post(made.Place()+"/endings", live.M{"reason": "Klaar."}, anyTag).Check(conflict)
		agreed["frameId"] = made.ID()
		refusedAt(t, director.Post("/v1/actions", agreed), "/frameId")
		director.Patch(action.Place(), "*", live.M{"description": "Meer rondes."}).Check(ok)
	})
}

func TestPlan_4_29_preconditions_are_met_or_overridden_by_whom_and_why(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director := w.As(t, "case-director")
	all := w.As(t, "police").Get("/v1/code-lists/preconditions").Want(ok).Texts("codes", "code")
	assert.Equal(t, all, director.Get(f.Path+"/preconditions").Want(ok).Texts("missing", ""))
	refusedAt(t, director.Post(f.Path+"/preconditions", metNow("sunshine")), "/precondition")
	w.As(t, "police").Post(f.Path+"/preconditions", metNow("informed")).Check(forbidden)
	w.As(t, "police").Post(f.Path+"/precondition-overrides", notYet()).Check(forbidden)

	first := director.Post(f.Path+"/preconditions", live.M{"precondition": all[0], "answer": "not-met", "note": "Nog niemand."}).Want(created)
	assert.Equal(t, w.Person("case-director"), first.Text("answeredById"))
	director.Post(f.Path+"/preconditions", metNow(all[0])).Want(created)
	assert.Equal(t, false, director.Get(first.Place()).Want(ok).At("current"), "a later answer replaced it")
	assert.NotEqual(t, first.Tag(), director.Get(first.Place()).Tag())

	plans := f.Path + "/plans"
	director.Post(plans, live.M{}).Check(conflict)
	assert.Empty(t, director.Get(plans).Want(ok).IDs())
	passed := w.As(t, "chair").Post(f.Path+"/precondition-overrides", notYet()).Want(created)
	assert.Equal(t, w.Person("chair"), passed.Text("decidedById"))
	assert.Equal(t, notYet()["reason"], passed.Text("reason"))
	assert.NotContains(t, passed.At("missing"), all[0])
	for _, one := range all {
		director.Post(f.Path+"/preconditions", metNow(one)).Want(created)
	}
	assert.Empty(t, director.Get(f.Path+"/preconditions").Want(ok).At("missing"))
	director.Post(f.Path+"/precondition-overrides", notYet()).Check(conflict)

	t.Run("a plan that started without them shows who overrode and why", func(t *testing.T) {
		plan := director.Post(plans, live.M{"overrideReason": "Dit hoeft niet."}).Want(created)
		assert.Nil(t, plan.At("preconditionOverride"), "nothing was missing any more")
		other := w.Case(t)
		plan = director.Post(other.Path+"/plans", live.M{"overrideReason": "Spoed."}).Want(created)
		for _, r := range []*live.Reply{plan, w.As(t, "police").Get(plan.Place()).Want(ok)} {
			assert.Equal(t, w.Person("case-director"), r.Text("preconditionOverride.decidedById"))
			assert.Equal(t, "Spoed.", r.Text("preconditionOverride.reason"))
			assert.Equal(t, all, r.Texts("preconditionOverride.missing", ""))
		}
		passed := w.Case(t)
		kept := w.As(t, "chair").Post(passed.Path+"/precondition-overrides", notYet()).Want(created)
		plan = director.Post(passed.Path+"/plans", live.M{}).Want(created)
		assert.Equal(t, kept.ID(), plan.Text("preconditionOverride.id"))
		assert.Equal(t, kept.ID(), director.Get(passed.Path+"/plans").Want(ok).Text("items.0.preconditionOverride.id"))
	})
}

func TestPlan_4_05_a_dossier_has_one_current_approach_and_the_decision_it_rests_on(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Case(t)
	_, agenda := f.Meeting(t)
	_, otherAgenda := other.Meeting(t)
	chair := w.As(t, "chair")
	decision, elsewhere := decisionUnder(t, w, "/v1/agenda-items/"+agenda.ID()), decisionUnder(t, w, "/v1/agenda-items/"+otherAgenda.ID())
	refusedAt(t, chair.Post(f.Path+"/approaches", approach(elsewhere)), "/decisionId")
	body := approach(decision)
	body["planId"] = f.ID
	refusedAt(t, chair.Post(f.Path+"/approaches", body), "/planId")
	w.As(t, "police").Post(f.Path+"/approaches", approach(decision)).Check(forbidden)
	first := chair.Post(f.Path+"/approaches", approach(decision)).Want(created)
	assert.Equal(t, "Verplaatst het.", first.Text("alternatives.0.reasonAgainst"))
	second := w.As(t, "case-director").Post(f.Path+"/approaches", approach(decision)).Want(created)
	rows := w.As(t, "police").Get(f.Path + "/approaches").Want(ok)
	assert.Equal(t, []string{second.ID(), first.ID()}, rows.IDs())
	assert.Equal(t, true, rows.At("items.0.current"))
	assert.Equal(t, false, rows.At("items.1.current"))
	assert.Equal(t, decision, rows.Text("items.0.decisionId"))
	assert.Equal(t, false, chair.Get(first.Place()).Want(ok).At("current"))
}

func TestPlan_4_19_the_municipality_sets_its_ladder(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	assert.Equal(t, []any{float64(1), float64(5), float64(10)}, director.Get("/v1/settings").Want(ok).At("escalationDays"))
	refusedAt(t, director.Patch("/v1/settings", "*", live.M{"escalationDays": []int{5, 5, 9}}), "/escalationDays")
	set := director.Patch("/v1/settings", "*", live.M{"escalationDays": []int{2, 4, 8}, "reminderDays": 5}).Want(ok)
	assert.Equal(t, []any{float64(2), float64(4), float64(8)}, set.At("escalationDays"))
	again := director.Patch("/v1/settings", set.Tag(), live.M{"reminderDays": 1}).Want(ok)
	assert.EqualValues(t, 1, again.At("reminderDays"))
	assert.EqualValues(t, 7, again.At("meetingAccessDays"))
}
