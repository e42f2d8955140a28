package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// plans are how a plan is drafted, discussed, made final and ended with a result.
func (w *walk) plans() []step {
	one, goal := "/v1/plans/{planId}", "/v1/plans/{planId}/goals/{goalId}"
	added := statuses{"auditor": notFound, "police": forbidden}
	steps := []step{{op: "draftPlan", by: "case-director", want: created, keep: "planId", not: added}}
	steps = append(steps, inside("police", "listPlans", "getPlan")...)
	steps = append(steps,
		step{op: "updatePlan", by: "case-director", want: ok, match: one, not: added},
		step{op: "addGoal", by: "case-director", want: created, keep: "goalId", not: added},
		step{op: "updateGoal", by: "case-director", want: ok, match: goal, not: added},
		step{op: "commitToPlan", by: "police", want: created, keep: "commitmentId", not: statuses{"auditor": notFound, "social": forbidden}, body: func() live.M {
			return live.M{"partnerId": w.Partner("police")}
		}},
		step{op: "finalisePlan", by: "case-director", want: created, match: one, not: added},
		step{op: "recordGoalResult", by: "case-director", want: created, keep: "goalResultId", not: added},
	)
	return append(steps, inside("police", "listGoals", "getGoal", "listGoalResults", "getGoalResult", "listCommitments", "getCommitment", "getPlanConflicts")...)
}

// plannedIDs makes a plan of a dossier in which nobody carries out an action, with all that belongs to it, and tells
// the ids by the names of path parameters.
func plannedIDs(t *testing.T, w *live.World, f *live.Case) map[string]string {
	t.Helper()
	plan := drafted(t, w, f)
	other, goal := aim(t, w, plan, "nuisance"), aim(t, w, plan, "finances")
	said := w.As(t, "police").Post(plan.Place()+"/commitments", live.M{"partnerId": w.Partner("police"), "outcome": "committed"}).Want(created)
	lead := w.As(t, "case-director")
	lead.Post(plan.Place()+"/finalisations", live.M{}, anyTag).Want(created)
	lead.Post(other.Place()+"/results", live.M{"result": "partly", "note": "Beter."}).Want(created)
	result := lead.Post(goal.Place()+"/results", live.M{"result": "partly", "note": "Beter."}).Want(created)
	return map[string]string{"planId": plan.ID(), "goalId": goal.ID(), "commitmentId": said.ID(), "goalResultId": result.ID()}
}

// planRights are the lines of acts.csv on plans.
func (c *court) planRights() []right {
	fresh := func() *live.Reply { return drafted(c.T, c.World, c.Case(c.T)) }
	plan := fresh()
	ending := func() func() string { return once(func() string { return fresh().Place() + "/finalisations" }) }
	aimed := fixed(live.M{"lifeDomain": "finances", "text": "Schulden geregeld."})
	says := func(outcome string) func() live.M {
		return fixed(live.M{"partnerId": c.Partner("police"), "outcome": outcome, "reason": "Zo is het."})
	}
	final := fixed(live.M{"reason": "Nog geen doelen."})
	return []right{
		{"plan.read", "see", "police", "auditor", notFound, get(at(plan.Place()))},
		{"plan.draft", "add", "regisseur", "police", forbidden, post(at(plan.Place()+"/goals"), aimed)},
		{"plan.change", "edit", "case-director", "police", forbidden, patch(at(plan.Place()), live.M{"careGoal": "Niemand tussen wal en schip."})},
		{"plan.commit", "supplier", "police", "social", forbidden, post(at(plan.Place()+"/commitments"), says("committed"))},
		{"plan.commit", "case-director", "case-director", "social", forbidden, post(at(plan.Place()+"/commitments"), says("refused"))},
		{"plan.finalise", "case-director", "case-director", "social", forbidden, post(ending(), final)},
		{"plan.finalise", "chair", "chair", "police", forbidden, post(ending(), final)},
	}
}

func TestAllowedOperationsOfAPlan(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for _, who := range []string{"chair", "case-director", "police", "social", "director"} {
		t.Run(who, func(t *testing.T) {
			plan := drafted(t, w, w.Case(t)).Place()
			on := []attempt{
				reading("getPlan", plan), reading("listGoals", plan+"/goals"), reading("listCommitments", plan+"/commitments"),
				reading("getPlanConflicts", plan+"/conflicts"), patching("updatePlan", plan, live.M{"careGoal": "Samen, als " + who + "."}),
				posting("addGoal", plan+"/goals", plan, live.M{"lifeDomain": "finances", "text": "Schulden geregeld."}),
				posting("commitToPlan", plan+"/commitments", plan, live.M{"partnerId": w.Partner(who), "outcome": "committed"}),
				posting("finalisePlan", plan+"/finalisations", plan, live.M{"reason": "Nog niet alles."}),
			}
			holds(t, w, who, "/v1/plans/{planId}", plan, on)
			w.As(t, "case-director").Post(plan+"/finalisations", live.M{"reason": "Nog niet alles."}, anyTag)
			holds(t, w, who, "/v1/plans/{planId}", plan, on)
		})
	}
}

func TestAllowedOperationsOfAGoal(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for _, who := range []string{"chair", "case-director", "police", "housing", "director"} {
		t.Run(who, func(t *testing.T) {
			f := w.Case(t)
			plan := drafted(t, w, f)
			w.As(t, "director").Post(f.Path+"/matrix-exceptions", planLevel(w, "housing", "contribute")).Want(created)
			goal := w.As(t, "housing").Post(plan.Place()+"/goals", live.M{"lifeDomain": "housing", "text": "Een huis."}).Want(created).Place()
			on := []attempt{
				reading("getGoal", goal), reading("listGoalResults", goal+"/results"), patching("updateGoal", goal, live.M{"text": "Een huis, als " + who + "."}),
				posting("recordGoalResult", goal+"/results", goal, live.M{"result": "achieved", "note": "Er is een huis."}),
			}
			holds(t, w, who, "/v1/plans/{planId}/goals/{goalId}", goal, on)
			w.As(t, "case-director").Post(plan.Place()+"/finalisations", live.M{"reason": "Zo ver."}, anyTag).Want(created)
			holds(t, w, who, "/v1/plans/{planId}/goals/{goalId}", goal, on)
		})
	}
}
