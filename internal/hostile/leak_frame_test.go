package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// frame agrees on what stands around the plan of a dossier: frames, of which one ends, preconditions with their
// override, and an approach.
func (a *archive) frame(t *testing.T) {
	f, by := a.files[1], a.As(t, "case-director")
	r := record{in: f, what: "agreement", category: authz.Plan, partner: "social-domain"}
	for range 2 {
		frame := a.made(by.Post(f.path+"/frames", live.M{"condition": a.mark(r), "consequence": a.mark(r), "until": "2199-06-30"}))
		a.made(by.Post(frame.Place()+"/endings", live.M{"reason": a.mark(r)}, live.Match(frame.Tag())))
	}
	a.made(by.Post(f.path+"/preconditions", live.M{"precondition": "informed", "answer": "not-met", "note": a.mark(r)}))
	a.made(by.Post(f.path+"/precondition-overrides", live.M{"reason": a.mark(r)}))
	chair := a.As(t, "chair")
	meeting := a.made(chair.Post("/v1/meetings", live.M{
		"title": "Overleg", "chairId": a.Person("chair"), "startsAt": "2199-01-11T09:00:00+01:00", "endsAt": "2199-01-11T10:30:00+01:00",
	}))
	item := a.made(chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": f.id}))
	decision := a.made(chair.Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{
		"text": a.mark(record{in: f, what: "decision", category: authz.Deliberation}), "reasons": "Samen.", "professionalIds": []string{}, "actions": []live.M{}}))
	a.made(by.Post(f.path+"/approaches", live.M{"description": a.mark(r), "decisionId": decision.ID(),
		"alternatives": []live.M{{"description": a.mark(r), "reasonAgainst": a.mark(r)}}}))
}
