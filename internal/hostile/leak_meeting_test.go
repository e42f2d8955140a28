package hostile

import (
	"slices"
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// conclude finalises a meeting about a dossier, with a guest and a dissent, and cancels another.
func (a *archive) conclude(t *testing.T) {
	f, chair := a.files[0], a.As(t, "chair")
	invited := func(who demo.Person) bool { return slices.Contains([]string{"chair", "director", "police"}, who.Short) }
	ended := record{in: f, what: "ending of a meeting", only: invited, outside: true}
	plan := live.M{"title": "Overleg", "chairId": a.Person("chair"), "startsAt": "2199-01-10T09:00:00+01:00", "endsAt": "2199-01-10T10:30:00+01:00"}
	meeting := a.made(chair.Post("/v1/meetings", plan))
	item := a.made(chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": f.id}))
	a.made(chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": a.Person("police")}))
	guest := record{in: f, what: "guest", only: invited, outside: true}
	named := a.made(chair.Post(meeting.Place()+"/invitations", live.M{"guest": live.M{"name": a.mark(guest), "organisation": a.mark(guest)}}))
	under := "/v1/agenda-items/" + item.ID()
	a.places[under] = true
	said := record{in: f, what: "deliberation", category: authz.Deliberation}
	a.made(chair.Post(under+"/deliberations", live.M{"socialPerspective": a.mark(said), "absenceReason": a.mark(said), "contributions": []live.M{}}))
	said.what = "decision"
	decision := a.made(chair.Post(under+"/decisions", live.M{"text": a.mark(said), "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}))
	a.made(chair.Post("/v1/decisions/"+decision.ID()+"/supersessions", live.M{"text": a.mark(said), "reasons": "Ja.", "professionalIds": []string{},
		"actions": []live.M{}, "dissents": []live.M{{"partnerId": a.Partner("police"), "text": a.mark(said)}}}, live.Match("*")))
	a.made(chair.Post(meeting.Place()+"/attendances", live.M{"professionalId": a.Person("police")}))
	a.made(chair.Post(meeting.Place()+"/attendances", live.M{"invitationId": named.ID()}))
	chair.Patch(meeting.Place(), "*", live.M{"status": "held"}).Want(200)
	a.made(chair.Post(meeting.Place()+"/finalisations", live.M{"absenceReason": a.mark(ended)}, live.Match("*")))
	dropped := a.made(chair.Post("/v1/meetings", plan))
	a.made(chair.Post(dropped.Place()+"/invitations", live.M{"professionalId": a.Person("police")}))
	a.made(chair.Post(dropped.Place()+"/cancellations", live.M{"reason": a.mark(ended)}, live.Match("*")))
}

// propose lets the police ask to discuss a dossier, which the chair declines.
func (a *archive) propose(t *testing.T) {
	f, chair := a.files[1], a.As(t, "chair")
	asked := record{in: f, what: "proposal", category: authz.Core, only: func(who demo.Person) bool {
		return slices.Contains([]string{"chair", "director", "police"}, who.Short)
	}}
	meeting := a.made(chair.Post("/v1/meetings", live.M{
		"title": "Overleg", "chairId": a.Person("chair"), "startsAt": "2199-01-10T09:00:00+01:00", "endsAt": "2199-01-10T10:30:00+01:00"}))
	for _, short := range []string{"police", "mental-health"} {
		a.made(chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": a.Person(short)}))
	}
	made := a.made(a.As(t, "police").Post(meeting.Place()+"/agenda-proposals", live.M{"dossierId": f.id, "reason": a.mark(asked)}))
	asked.what = "answer to a proposal"
	a.made(chair.Post(made.Place()+"/answers", live.M{"outcome": "declined", "note": a.mark(asked)}, live.Match("*")))
}
