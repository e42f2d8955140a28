package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// plan makes an integral plan final and says what came of it.
func (a *archive) plan(t *testing.T) {
	f, lead := a.files[1], a.As(t, "case-director")
	text := func(what string) string { return a.mark(record{in: f, what: what, category: authz.Plan}) }
	plan := a.made(lead.Post(f.path+"/plans", live.M{
		"integralGoal": text("plan"), "residentInterest": text("plan"), "perspective": text("plan"), "careGoal": text("plan"), "safetyGoal": text("plan"),
		"overrideReason": text("override")}))
	lead.Patch(plan.Place(), "*", live.M{"sections": []live.M{{"lifeDomain": "nuisance", "text": text("section")}}}).Want(200)
	goal := a.made(lead.Post(plan.Place()+"/goals", live.M{"lifeDomain": "nuisance", "text": text("goal"), "member": text("goal")}))
	for _, short := range []string{"police", "mental-health", "housing"} {
		a.made(a.As(t, short).Post(plan.Place()+"/commitments", live.M{
			"partnerId": a.Partner(short), "outcome": "refused", "reason": text("commitment")}))
	}
	lead.Post(plan.Place()+"/finalisations", live.M{"reason": text("plan")}, live.Match("*")).Want(201)
	a.made(lead.Post(goal.Place()+"/results", live.M{"result": "partly", "note": text("goal result")}))
}
