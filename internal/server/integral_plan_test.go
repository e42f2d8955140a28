package server_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// agreed is an action of a partner on a track and a life domain, due on a day.
func agreed(t *testing.T, w *live.World, f *live.Case, carrier, track, domain, due string) *live.Reply {
	t.Helper()
	return w.As(t, "case-director").Post("/v1/actions", live.M{
		"dossierId": f.ID, "partnerId": w.Partner(carrier), "description": "Wat is afgesproken.", "lifeDomain": domain, "kind": track, "track": track, "dueDate": due,
	}).Want(created)
}

// drafted is a draft of which the integral goal is there.
func drafted(t *testing.T, w *live.World, f *live.Case) *live.Reply {
	t.Helper()
	return w.As(t, "case-director").Post(f.Path+"/plans", live.M{"integralGoal": "Rust en een eigen huis.", "overrideReason": "Spoed."}).Want(created)
}

func aim(t *testing.T, w *live.World, plan *live.Reply, domain string, more ...live.M) *live.Reply {
	t.Helper()
	body := live.M{"lifeDomain": domain, "text": "Wat er bereikt wordt op " + domain + "."}
	for _, m := range more {
		for name, value := range m {
			body[name] = value
		}
	}
	return w.As(t, "case-director").Post(plan.Place()+"/goals", body).Want(created)
}

// finalised is a plan of which both orientations have a goal and nobody carries out an action.
func finalised(t *testing.T, w *live.World, f *live.Case) (plan, goal *live.Reply) {
	t.Helper()
	plan = drafted(t, w, f)
	aim(t, w, plan, "nuisance")
	goal = aim(t, w, plan, "finances")
	w.As(t, "case-director").Post(plan.Place()+"/finalisations", live.M{}, anyTag).Want(created)
	return plan, goal
}

func refusedAs(t *testing.T, r *live.Reply, status int, kind string) {
	t.Helper()
	r.Want(status)
	require.Equal(t, kind, r.Kind())
}

func TestPlan_4_13_the_draft_has_a_section_for_every_active_life_domain_of_both_orientations(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Item(t, "housing", "housing", live.M{"lifeDomain": "housing"})
	f.Item(t, "housing", "housing", live.M{"lifeDomain": "offending"})
	f.Item(t, "mental-health", "health", live.M{"lifeDomain": "mental-health"}) // which who drafts does not see
	w.As(t, "housing").Post(f.Item(t, "housing", "housing", live.M{"lifeDomain": "finances"}).Place()+"/withdrawals",
		live.M{"reason": "Vergissing.", "breach": false}, anyTag).Want(created)
	agreed(t, w, f, "police", "support", "nuisance", "2199-12-01")
	done := agreed(t, w, f, "police", "support", "use-of-time", "2199-12-01")
	w.As(t, "police").Post(done.Place()+"/completions", live.M{"result": "achieved", "note": "Ja."}, anyTag).Want(created)
	director := w.As(t, "director")
	director.Post(f.Path+"/assessments", live.M{
		"lifeDomain": "physical-safety", "score": 2, "reading": "De kachel is kapot.", "source": "Huisbezoek.", "observedOn": "2026-11-01"}).Want(created)
	plan := director.Post(f.Path+"/plans", live.M{"integralGoal": "Samen.", "overrideReason": "Spoed."}).Want(created)
	require.Equal(t, []string{"housing", "offending", "nuisance", "physical-safety"}, plan.Texts("sections", "lifeDomain"))
	require.Equal(t, []string{"social", "safety", "safety", "safety"}, plan.Texts("sections", "orientation"))
	require.Equal(t, "draft", plan.Text("status"))
	t.Run("a second draft is refused", func(t *testing.T) {
		refusedAs(t, director.Post(f.Path+"/plans", live.M{}), conflict, "conflict")
	})
	t.Run("an empty orientation needs a reason", func(t *testing.T) {
		f := w.Case(t)
		plan := drafted(t, w, f)
		aim(t, w, plan, "finances")
		lead := w.As(t, "case-director")
		refusedAs(t, lead.Post(plan.Place()+"/finalisations", live.M{}, anyTag), conflict, "conflict")
		require.Equal(t, "draft", lead.Get(plan.Place()).Text("status"))
		final := lead.Post(plan.Place()+"/finalisations", live.M{"reason": "Er is niets op veiligheid."}, anyTag).Want(created)
		require.Equal(t, "Er is niets op veiligheid.", final.Text("emptyReason"))
		refusedAs(t, lead.Patch(plan.Place(), "*", live.M{"careGoal": "x"}), conflict, "conflict")
	})
	t.Run("what is no life domain, or named twice, is refused", func(t *testing.T) {
		r := director.Patch(plan.Place(), "*", live.M{"sections": []live.M{{"lifeDomain": "nuisance"}, {"lifeDomain": "nuisance"}, {"lifeDomain": "magic"}}})
		r.Want(invalid)
		require.Equal(t, []string{"/sections/1/lifeDomain", "/sections/2/lifeDomain"}, r.Texts("errors", "pointer"))
	})
}

func TestPlan_1_24_both_goals_are_visible(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	plan := drafted(t, w, f)
	care, calm := "Niemand tussen wal en schip.", "Een half jaar geen meldingen."
	w.As(t, "case-director").Patch(plan.Place(), plan.Tag(), live.M{"careGoal": care, "safetyGoal": calm}).Want(ok)
	for _, reader := range []string{"police", "chair", "social"} {
		seen := w.As(t, reader).Get(plan.Place()).Want(ok)
		require.Equal(t, []string{care, calm}, []string{seen.Text("careGoal"), seen.Text("safetyGoal")})
	}
	t.Run("two who edit at once: the second is told which fields changed", func(t *testing.T) {
		r := w.As(t, "case-director").Patch(plan.Place(), plan.Tag(), live.M{"perspective": "Werk."}).Want(stale)
		require.Equal(t, []string{"careGoal", "safetyGoal"}, r.Texts("changedFields", ""))
	})
}

func TestPlan_2_05_every_executing_partner_commits_or_its_refusal_is_recorded(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	agreed(t, w, f, "police", "support", "nuisance", "2199-12-01")
	agreed(t, w, f, "housing", "support", "housing", "2199-12-01")
	lead, police := w.As(t, "case-director"), w.As(t, "police")
	plan := lead.Post(f.Path+"/plans", live.M{"overrideReason": "Spoed."}).Want(created)
	commitments, finalisations := plan.Place()+"/commitments", plan.Place()+"/finalisations"
	aim(t, w, plan, "housing")
	aim(t, w, plan, "nuisance")
	says := func(partner, outcome, reason string) live.M {
		body := live.M{"partnerId": w.Partner(partner), "outcome": outcome}
		if reason != "" {
			body["reason"] = reason
		}
		return body
	}
	refusedAs(t, lead.Post(finalisations, live.M{}, anyTag), conflict, "conflict") // no integral goal
	lead.Patch(plan.Place(), "*", live.M{"integralGoal": "Rust."}).Want(ok)
	refusedAs(t, lead.Post(finalisations, live.M{}, anyTag), conflict, "conflict") // nobody has spoken
	police.Post(commitments, says("police", "committed", "")).Want(created)
	refusedAs(t, lead.Post(finalisations, live.M{}, anyTag), conflict, "conflict") // housing has not
	t.Run("of another only the case director records what it said, and how", func(t *testing.T) {
		refusedAs(t, police.Post(commitments, says("housing", "committed", "Gezegd.")), forbidden, "forbidden")
		refusedAs(t, lead.Post(commitments, says("housing", "committed", "")), invalid, "invalid-input")
		heard := lead.Post(commitments, says("housing", "committed", "Gezegd aan tafel.")).Want(created)
		require.Equal(t, w.Partner("case-director"), heard.Text("recordedPartnerId"))
		refusedAs(t, police.Post(commitments, says("housing", "refused", "Nee.")), forbidden, "forbidden")
	})
	t.Run("a refusal has a reason", func(t *testing.T) {
		refusedAs(t, lead.Post(commitments, says("housing", "refused", "")), invalid, "invalid-input")
	})
	made := lead.Post(commitments, says("housing", "refused", "Geen mandaat.")).Want(created)
	require.Equal(t, w.Partner("case-director"), made.Text("recordedPartnerId"))
	require.NotEmpty(t, made.Text("recordedAt"))
	final := lead.Post(finalisations, live.M{}, anyTag).Want(created)
	require.ElementsMatch(t, []string{"committed", "refused"}, final.Texts("overview.executingPartners", "outcome"))
	refusedAs(t, police.Post(commitments, says("police", "refused", "Toch niet.")), conflict, "conflict")
}

func TestPlan_4_06_closing_without_a_result_of_each_goal_is_refused(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	plan, _ := finalised(t, w, f)
	lead, chair := w.As(t, "case-director"), w.As(t, "chair")
	closing := live.M{"result": "achieved", "reason": "Klaar.", "outcomes": []live.M{{"description": "Rust.", "result": "achieved"}}}
	for _, goal := range lead.Get(plan.Place() + "/goals").Want(ok).IDs() {
		refusedAs(t, chair.Post(f.Path+"/closures", closing, anyTag), conflict, "conflict")
		lead.Post(plan.Place()+"/goals/"+goal+"/results", live.M{"result": "partly", "note": "Het ging beter."}).Want(created)
		require.Equal(t, "partly", lead.Get(plan.Place()+"/goals/"+goal).Text("result"))
	}
	chair.Post(f.Path+"/closures", closing, anyTag).Want(created)
}

func TestPlan_4_11_goals_of_a_family_and_of_a_member(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, son, stranger := w.Case(t), w.Opened(t, live.M{"type": "person", "title": "De zoon"}), w.Opened(t, live.M{"type": "person"})
	son.Direct(t)
	w.As(t, "case-director").Post(f.Path+"/links", live.M{"otherDossierId": son.ID, "kind": "family-member"}).Want(created)
	plan := drafted(t, w, f)
	aim(t, w, plan, "finances")
	aim(t, w, plan, "justice", live.M{"memberDossierId": son.ID})
	aim(t, w, plan, "use-of-time", live.M{"member": "De oudste dochter"})
	goals := w.As(t, "case-director").Get(plan.Place() + "/goals").Want(ok)
	require.Equal(t, []string{"use-of-time", "justice", "finances"}, goals.Texts("items", "lifeDomain"))
	require.Equal(t, son.ID, live.At(goals.Body, "items.1.memberDossier.id"))
	t.Run("who does not know the member's dossier reads the goal without it", func(t *testing.T) {
		seen := w.As(t, "police").Get(plan.Place() + "/goals").Want(ok)
		require.Len(t, seen.IDs(), 3)
		require.Nil(t, seen.At("items.1.memberDossierId"))
		require.Nil(t, seen.At("items.1.memberDossier"))
	})
	t.Run("a dossier that is no member is refused", func(t *testing.T) {
		r := w.As(t, "case-director").Post(plan.Place()+"/goals", live.M{"lifeDomain": "finances", "text": "x", "memberDossierId": stranger.ID})
		refusedAs(t, r, invalid, "invalid-input")
	})
}

func TestPlan_4_12_plans_of_members_and_what_clashes(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, son := w.Case(t), w.Opened(t, live.M{"type": "person", "title": "De zoon"})
	son.Direct(t)
	son.Join(t, "case-director", "housing")
	w.As(t, "case-director").Post(f.Path+"/links", live.M{"otherDossierId": son.ID, "kind": "family-member"}).Want(created)
	debts := agreed(t, w, f, "social", "support", "finances", "2199-12-01")
	eviction := agreed(t, w, son, "housing", "enforcement", "housing", "2199-11-01")
	calm := agreed(t, w, son, "housing", "support", "nuisance", "2199-12-01")
	fine := agreed(t, w, f, "police", "enforcement", "nuisance", "2199-12-01")
	agreed(t, w, son, "housing", "enforcement", "finances", "2199-12-02") // after the help has ended
	plan, his := drafted(t, w, f), drafted(t, w, son)
	read := w.As(t, "case-director").Get(plan.Place()).Want(ok)
	require.Equal(t, []string{his.ID()}, read.Texts("overview.linkedPlans", "planId"))
	found := w.As(t, "case-director").Get(plan.Place() + "/conflicts").Want(ok)
	rules := map[string][2]string{}
	for i, rule := range found.Texts("conflicts", "rule") {
		rules[rule] = [2]string{found.Texts("conflicts", "enforcement.id")[i], found.Texts("conflicts", "support.id")[i]}
	}
	require.Equal(t, map[string][2]string{
		"eviction-during-debt-help":  {eviction.ID(), debts.ID()},
		"enforcement-during-support": {fine.ID(), calm.ID()},
	}, rules)
	t.Run("who does not know the member's dossier sees neither", func(t *testing.T) {
		police := w.As(t, "police")
		require.Empty(t, police.Get(plan.Place()).Want(ok).Texts("overview.linkedPlans", "planId"))
		require.Empty(t, police.Get(plan.Place()+"/conflicts").Want(ok).Texts("conflicts", "rule"))
	})
}

func TestPlan_2_01_enforcement_without_support_is_a_warning(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	agreed(t, w, f, "police", "enforcement", "nuisance", "2199-12-01")
	plan := drafted(t, w, f)
	warned := func() []string { return w.As(t, "chair").Get(plan.Place()).Want(ok).Texts("overview.warnings", "") }
	require.Equal(t, []string{"enforcement-without-support", "no-social-goal", "no-safety-goal"}, warned())
	agreed(t, w, f, "social", "support", "finances", "2199-12-01")
	aim(t, w, plan, "finances")
	require.Equal(t, []string{"no-safety-goal"}, warned())
}

func TestPlan_3_17_actions_are_counted_per_kind_and_per_life_domain(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	agreed(t, w, f, "police", "enforcement", "nuisance", "2199-12-01")
	agreed(t, w, f, "police", "support", "nuisance", "2199-12-01")
	done := f.Action(t, "case-director", "police")
	w.As(t, "police").Post(done.Place()+"/completions", live.M{"result": "achieved", "note": "Ja."}, anyTag).Want(created)
	dropped := f.Action(t, "case-director", "police")
	w.As(t, "chair").Post(dropped.Place()+"/cancellations", live.M{"reason": "Niet nodig."}, anyTag).Want(created)
	agreed(t, w, f, "social", "support", "finances", "2199-12-01")
	plan := drafted(t, w, f)
	count := func(who string) (kinds, domains any) {
		read := w.As(t, who).Get(plan.Place()).Want(ok)
		return read.At("overview.actionsByKind"), read.At("overview.actionsByLifeDomain")
	}
	row := func(name, code string, open, done float64) live.M {
		return live.M{name: code, "open": open, "done": done}
	}
	kinds, domains := count("chair")
	requireRows(t, []live.M{row("kind", "enforcement", 1, 0), row("kind", "preventive", 0, 1), row("kind", "support", 2, 0)}, kinds)
	requireRows(t, []live.M{row("lifeDomain", "finances", 1, 0), row("lifeDomain", "nuisance", 2, 1)}, domains)
	w.As(t, "director").Post(f.Path+"/matrix-exceptions", planLevel(w, "housing", "read")).Want(created)
	kinds, _ = count("housing") // which sees its own actions only
	requireRows(t, []live.M{}, kinds)
}

// planLevel is an exception to the matrix for plans.
func planLevel(w *live.World, partner, level string) live.M {
	return live.M{"partnerId": w.Partner(partner), "category": "plan", "level": level, "reason": "Voert acties uit."}
}

func requireRows(t *testing.T, want []live.M, got any) {
	t.Helper()
	rows, _ := got.([]any)
	require.Len(t, rows, len(want))
	for i, row := range rows {
		for name, value := range want[i] {
			require.EqualValues(t, value, live.At(row, name), name)
		}
	}
}

func TestPlan_versions_follow_one_another(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	lead := w.As(t, "case-director")
	first, goal := finalised(t, w, f)
	lead.Post(goal.Place()+"/results", live.M{"result": "achieved", "note": "Geregeld."}).Want(created)
	second := lead.Post(f.Path+"/plans", live.M{"overrideReason": "Spoed."}).Want(created)
	require.Equal(t, "Rust en een eigen huis.", second.Text("integralGoal"))
	require.Equal(t, []string{"nuisance"}, lead.Get(second.Place()+"/goals").Texts("items", "lifeDomain"), "what has a result does not come along")
	lead.Post(second.Place()+"/finalisations", live.M{"reason": "Sociaal is klaar."}, anyTag).Want(created)
	require.Equal(t, []string{"final", "superseded"}, lead.Get(f.Path+"/plans").Want(ok).Texts("items", "status"))
	require.Equal(t, "superseded", lead.Get(first.Place()).Text("status"))
	refusedAs(t, lead.Post(goal.Place()+"/results", live.M{"result": "partly", "note": "x"}), conflict, "conflict")
}

func TestPlan_4_05_a_plan_names_the_decision_on_which_it_rests(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Case(t)
	decide := func(f *live.Case) string {
		_, item := f.Meeting(t)
		return w.As(t, "chair").Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{
			"text": "Dit plan.", "reasons": "Goed.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created).ID()
	}
	plan := drafted(t, w, f)
	chair, reason := w.As(t, "chair"), "Nog geen doelen."
	elsewhere := live.M{"decisionId": decide(other), "reason": reason}
	refusedAs(t, chair.Post(plan.Place()+"/finalisations", elsewhere, anyTag), invalid, "invalid-input")
	id := decide(f)
	final := chair.Post(plan.Place()+"/finalisations", live.M{"decisionId": id, "reason": reason}, anyTag).Want(created)
	require.Equal(t, id, final.Text("decisionId"))
}

func TestPlan_4_39_an_action_serves_a_goal_of_a_running_plan(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Case(t)
	goal, strange := aim(t, w, drafted(t, w, f), "nuisance"), aim(t, w, drafted(t, w, other), "nuisance")
	action := f.Action(t, "case-director", "police")
	lead := w.As(t, "case-director")
	require.Equal(t, goal.ID(), lead.Patch(action.Place(), "*", live.M{"goalId": goal.ID()}).Want(ok).Text("goalId"))
	refusedAs(t, lead.Patch(action.Place(), "*", live.M{"goalId": strange.ID()}), invalid, "invalid-input")
	body := live.M{"dossierId": f.ID, "partnerId": w.Partner("police"), "description": "x", "lifeDomain": "nuisance", "kind": "support", "track": "support",
		"dueDate": "2199-12-01", "goalId": goal.ID()}
	require.Equal(t, goal.ID(), lead.Post("/v1/actions", body).Want(created).Text("goalId"))
	refusedAs(t, w.As(t, "police").Post(action.Place()+"/completions", live.M{"note": "x"}, anyTag), invalid, "invalid-input")
}

func TestPlan_who_may_not_read_plans_meets_nothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	plan, goal := finalised(t, w, f)
	housing := w.As(t, "housing")
	require.Empty(t, housing.Get(f.Path+"/plans").Want(ok).IDs())
	for _, path := range []string{plan.Place(), plan.Place() + "/goals", goal.Place(), plan.Place() + "/conflicts", plan.Place() + "/commitments"} {
		housing.Get(path).Want(notFound)
	}
	refusedAs(t, housing.Post(f.Path+"/plans", live.M{}), forbidden, "forbidden")
	refusedAs(t, w.As(t, "police").Post(f.Path+"/plans", live.M{}), forbidden, "forbidden")
}
