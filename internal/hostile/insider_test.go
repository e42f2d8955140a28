package hostile

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestADirectorGivesHimselfNothing lets the director take part for his own partner, and then make the
// exception that would let him read what he may not.
func TestADirectorGivesHimselfNothing(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	director := w.As(t, "director")
	item := c.Item(t, "mental-health", "health", live.M{"secrecy": live.M{"ground": "statutory-duty"}})
	c.Join(t, "director", "director")
	exception := func(level string) live.M {
		return live.M{"partnerId": w.Partner("director"), "category": "health", "level": level, "reason": "Ik wil het weten."}
	}

	for _, level := range []string{"edit", "read", "on-release"} {
		director.Post(c.Path+"/matrix-exceptions", exception(level)).Want(http.StatusConflict)
	}
	director.Get(item.Place()).Want(http.StatusNotFound)
	director.Post(c.Path+"/matrix-exceptions", exception("none")).Want(http.StatusCreated)
}

// TestASystemKnowsOfNoRequestBeyondItsLimit puts a request for a category to a partner whose system is
// limited to others.
func TestASystemKnowsOfNoRequestBeyondItsLimit(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	ask := func(category string) *live.Reply {
		return w.As(t, "housing").Post("/v1/access-requests", live.M{
			"dossierId": c.ID, "category": category, "supplierId": w.Partner("police"), "purpose": "Wat er in de rechtszaal gebeurde.",
		}).Want(http.StatusCreated)
	}
	beyond, within := ask("judicial"), ask("police")
	system, person := w.As(t, "police-system"), w.As(t, "police")

	require.ElementsMatch(t, []string{beyond.ID(), within.ID()}, person.Get("/v1/access-requests").Want(http.StatusOK).IDs())
	require.Equal(t, []string{within.ID()}, system.Get("/v1/access-requests").Want(http.StatusOK).IDs())
	system.Get(beyond.Place()).Want(http.StatusNotFound)
	system.Post(beyond.Place()+"/answers", live.M{"outcome": "refused", "note": "Nee."}, live.Match("*")).Want(http.StatusNotFound)
}

// TestWhoBrokeTheGlassLeavesAfterItsReview reviews an access that still runs; who took it can end it all the
// same, and changes nothing of the review.
func TestWhoBrokeTheGlassLeavesAfterItsReview(t *testing.T) {
	w := live.Start(t)
	f := w.Opened(t, live.M{})
	f.Direct(t)
	director, police := w.As(t, "director"), w.As(t, "police")
	taken := police.Post("/v1/emergency-accesses", live.M{
		"dossierNumber": director.Get(f.Path).Text("number"), "purpose": "Er is gevaar.", "hours": 24,
	}).Want(http.StatusCreated)
	director.Post(taken.Place()+"/reviews", live.M{"outcome": "not-justified", "findings": "Dit kon wachten."}, live.Match("*")).Want(http.StatusCreated)

	require.Contains(t, police.Get(taken.Place()).Want(http.StatusOK).Allowed(), "endEmergencyAccess")
	ended := police.Post(taken.Place()+"/endings", live.M{}, live.Match("*"))
	require.Equal(t, http.StatusCreated, ended.Status, string(ended.Raw))
	require.Equal(t, "not-justified", police.Get(taken.Place()).Text("outcome"))
	police.Get(f.Path).Want(http.StatusNotFound)
}

// TestWhoBrokeTheGlassDirectsNothing lets a chair of the police break the glass, and use it to put the dossier
// on an agenda of his own and decide in it.
func TestWhoBrokeTheGlassDirectsNothing(t *testing.T) {
	w := live.Start(t)
	f := w.Opened(t, live.M{})
	f.Direct(t)
	number := w.As(t, "director").Get(f.Path).Text("number")
	id, chair := hired(t, w, "police", "police-chair", "chair")
	chair.Post("/v1/emergency-accesses", live.M{"dossierNumber": number, "purpose": "Er is gevaar.", "hours": 24}).Want(http.StatusCreated)
	meeting := chair.Post("/v1/meetings", live.M{
		"title": "Onder ons", "chairId": id, "startsAt": "2199-01-10T09:00:00+01:00", "endsAt": "2199-01-10T10:30:00+01:00",
	}).Want(http.StatusCreated)
	agenda := meeting.Place() + "/agenda-items"
	chair.Post(agenda, live.M{"dossierId": f.ID}).Want(http.StatusForbidden)

	joined := w.As(t, "case-director").Post(f.Path+"/participants", live.M{
		"partnerId": w.Partner("police"), "role": "participant", "professionalIds": []string{id},
	}).Want(http.StatusCreated)
	under := "/v1/agenda-items/" + chair.Post(agenda, live.M{"dossierId": f.ID}).Want(http.StatusCreated).ID()
	decision := live.M{"text": "Uit huis zetten.", "reasons": "Het is nodig.", "professionalIds": []string{}, "actions": []live.M{}}
	chair.Post(under+"/decisions", decision).Want(http.StatusCreated)
	w.As(t, "case-director").Patch(joined.Place(), "*", live.M{"professionalIds": []string{}}).Want(http.StatusOK)
	chair.Get(f.Path).Want(http.StatusOK) // the glass is still broken
	chair.Post(under+"/decisions", decision).Want(http.StatusForbidden)
}

// TestNumbersAreNotCountedUp lets somebody break the glass of one dossier after the other.
func TestNumbersAreNotCountedUp(t *testing.T) {
	w := live.Start(t)
	director, nurse := w.As(t, "director"), w.As(t, "mental-health")
	for n := range 6 {
		number := director.Get(w.Opened(t, live.M{}).Path).Text("number")
		r := nurse.Post("/v1/emergency-accesses", live.M{"dossierNumber": number, "purpose": "Acuut gevaar."})
		r.Want(map[bool]int{true: http.StatusCreated, false: http.StatusConflict}[n < 5])
	}
	nurse.Post("/v1/emergency-accesses", live.M{"dossierNumber": "2026-999999", "purpose": "Acuut gevaar."}).Want(http.StatusConflict)
}

// TestTheSameRequestWaits asks for the same again and again.
func TestTheSameRequestWaits(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	police, director := w.As(t, "police"), w.As(t, "director")
	ask := live.M{"dossierId": c.ID, "category": "health", "purpose": "Nodig."}
	first := police.Post("/v1/access-requests", ask).Want(http.StatusCreated)
	police.Post("/v1/access-requests", ask).Want(http.StatusConflict)
	director.Post(first.Place()+"/answers", live.M{"outcome": "refused", "note": "Niet nodig."}, live.Match("*")).Want(http.StatusCreated)
	police.Post("/v1/access-requests", ask).Want(http.StatusCreated)
}

// TestAFarMeetingOpensForAWhile invites somebody to a meeting of the next century.
func TestAFarMeetingOpensForAWhile(t *testing.T) {
	w := live.Start(t)
	c := w.Opened(t, live.M{})
	c.Direct(t)
	meeting, item := c.Meeting(t) // in 2199
	w.As(t, "chair").Post(meeting.Place()+"/invitations",
		live.M{"professionalId": w.Person("police"), "agendaItemIds": []string{item.ID()}}).Want(http.StatusCreated)
	w.As(t, "police").Get(c.Path).Want(http.StatusOK)
	access := w.As(t, "director").Get(c.Path + "/access?limit=200").Want(http.StatusOK)
	require.NotContains(t, string(access.Raw), `"2199-`)
	require.Contains(t, string(access.Raw), `"meeting"`)
}

// TestAnEmergencyIsOnesOwn lets somebody stand in for a colleague who broke the glass.
func TestAnEmergencyIsOnesOwn(t *testing.T) {
	w := live.Start(t)
	director, colleague, substitute := w.As(t, "director"), w.As(t, "case-director"), w.As(t, "social")
	dossier := w.As(t, "police").Post("/v1/dossiers", live.M{
		"type": "person", "title": "Jan", "basis": "covenant", "purpose": "Rust in de straat."}).Want(http.StatusCreated)
	director.Post("/v1/professionals/"+w.Person("case-director")+"/substitutions", live.M{
		"substituteId": w.Person("social"), "from": time.Now().Add(-time.Minute), "until": time.Now().Add(time.Hour)}).Want(http.StatusCreated)
	colleague.Post("/v1/emergency-accesses", live.M{"dossierNumber": dossier.Text("number"), "purpose": "Acuut gevaar."}).Want(http.StatusCreated)
	colleague.Get(dossier.Place()).Want(http.StatusOK)
	substitute.Get(dossier.Place()).Want(http.StatusNotFound)
	access := director.Get(dossier.Place() + "/access?limit=200").Want(http.StatusOK)
	require.Contains(t, string(access.Raw), w.Person("case-director"))
	require.NotContains(t, string(access.Raw), w.Person("social"))
}
