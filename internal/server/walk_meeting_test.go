package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// meetingEnds are how the meeting of the walk is finalised, after its agenda changed and another was cancelled.
func (w *walk) meetingEnds(led statuses) []step {
	meeting, item := "/v1/meetings/{meetingId}", "/v1/meetings/{meetingId}/agenda-items/{agendaItemId}"
	chair := w.As(w.T, "chair")
	kept := map[string]string{}
	aside := func(name, id string) { kept[name], w.ids[name] = w.ids[name], id }
	back := func(name string) { w.ids[name] = kept[name] }
	steps := []step{
		{op: "updateAgendaItem", by: "chair", want: ok, match: item, not: led},
		{op: "removeAgendaItem", by: "chair", want: 204, match: item, not: led, first: func() {
			aside("agendaItemId", chair.Post(w.fill(meeting)+"/agenda-items", live.M{"title": "Rondvraag"}).Want(created).ID())
		}},
		{op: "recordAttendance", by: "chair", want: created, keep: "attendanceId", not: led, first: func() { back("agendaItemId") }, body: func() live.M {
			return live.M{"professionalId": w.Person("police")}
		}},
	}
	steps = append(steps, inside("police", "listAttendances", "getAttendance")...)
	steps = append(steps,
		step{op: "removeAttendance", by: "chair", want: 204, match: meeting + "/attendances/{attendanceId}", not: led},
		step{op: "cancelMeeting", by: "chair", want: created, keep: "meetingCancellationId", match: meeting, not: led, first: func() {
			other := chair.Post("/v1/meetings", live.M{"title": "Ander overleg", "chairId": w.Person("chair"), "startsAt": "2199-12-03T09:00:00Z",
				"endsAt": "2199-12-03T10:00:00Z"}).Want(created)
			chair.Post(other.Place()+"/invitations", live.M{"professionalId": w.Person("police")}).Want(created)
			aside("meetingId", other.ID())
		}},
	)
	steps = append(steps, inside("police", "listMeetingCancellations", "getMeetingCancellation")...)
	steps = append(steps, step{op: "finaliseMeeting", by: "chair", want: created, keep: "meetingFinalisationId", match: meeting, not: led, first: func() {
		back("meetingId")
		inStatus(w.T, w.World, w.fill(meeting), "held")
	}})
	steps = append(steps, inside("police", "listMeetingFinalisations", "getMeetingFinalisation", "getMinutes")...)
	return append(steps, step{op: "supersedeDecision", by: "chair", want: created, match: "/v1/agenda-items/{agendaItemId}/decisions/{decisionId}", not: led,
		body: func() live.M { return live.M{"professionalIds": []string{w.Person("police")}} }})
}

// inStatus takes a planned meeting to another status, as its chair.
func inStatus(t *testing.T, w *live.World, meeting, status string) {
	t.Helper()
	chair := w.As(t, "chair")
	switch status {
	case "held":
		chair.Patch(meeting, "*", live.M{"status": "held"}).Want(ok)
	case "finalised":
		chair.Patch(meeting, "*", live.M{"status": "held"}).Want(ok)
		chair.Post(meeting+"/finalisations", live.M{"absenceReason": "Verhinderd."}, anyTag).Want(created)
	case "cancelled":
		chair.Post(meeting+"/cancellations", live.M{"reason": "Vol."}, anyTag).Want(created)
	}
}

// concluded is how a meeting ended that is finalised, and the cancellation of another.
func concluded(t *testing.T, w *live.World, meeting *live.Reply) map[string]string {
	t.Helper()
	chair := w.As(t, "chair")
	elsewhere := w.Opened(t, live.M{"title": "Nog een gezin"})
	elsewhere.Direct(t)
	elsewhere.Join(t, "case-director", "police")
	there := chair.Post(meeting.Place()+"/attendances", live.M{"professionalId": w.Person("police")}).Want(created)
	other := chair.Post("/v1/meetings", live.M{"title": "Overleg", "chairId": w.Person("chair"), "startsAt": "2199-01-10T09:00:00+01:00",
		"endsAt": "2199-01-10T10:30:00+01:00"}).Want(created)
	proposal := w.As(t, "police").Post(meeting.Place()+"/agenda-proposals", live.M{"dossierId": elsewhere.ID, "reason": "Nodig."}).Want(created)
	inStatus(t, w, meeting.Place(), "finalised")
	return map[string]string{
		"agendaProposalId": proposal.ID(), "calendarFeedId": chair.Post("/v1/calendar-feeds", live.M{}).Want(created).ID(),
		"attendanceId": there.ID(), "meetingFinalisationId": chair.Get(meeting.Place() + "/finalisations").IDs()[0],
		"meetingCancellationId": chair.Post(other.Place()+"/cancellations", live.M{"reason": "Vol."}, anyTag).Want(created).ID(),
	}
}

// tableMeeting is a meeting of a table with dossiers on its agenda.
func tableMeeting(t *testing.T, w *live.World, startsAt, endsAt string, dossiers ...*live.Case) (meeting *live.Reply, items []string) {
	t.Helper()
	chair := w.As(t, "chair")
	meeting = chair.Post("/v1/meetings", live.M{"title": "Casusoverleg", "chairId": w.Person("chair"), "tableId": w.Table(), "startsAt": startsAt, "endsAt": endsAt}).Want(created)
	for _, f := range dossiers {
		items = append(items, chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": f.ID}).Want(created).ID())
	}
	return meeting, items
}

var nothingAgreed = live.M{"text": "Op huisbezoek.", "reasons": "Praten gaat voor.", "professionalIds": []string{}, "actions": []live.M{}}

var bothHeard = live.M{"socialPerspective": "Het gezin wil hulp.", "safetyPerspective": "De overlast neemt af.", "contributions": []live.M{}}

func TestMeeting_4_04_a_finalised_decision_is_only_superseded(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	chair := w.As(t, "chair")
	meeting, item := f.Meeting(t, "police")
	under := "/v1/agenda-items/" + item.ID()
	chair.Post(under+"/deliberations", bothHeard).Want(created)
	decision := chair.Post(under+"/decisions", nothingAgreed).Want(created)
	inStatus(t, w, meeting.Place(), "finalised")
	t.Run("nothing is added to finalised minutes", func(t *testing.T) {
		chair.Post(under+"/decisions", nothingAgreed).Check(conflict)
		chair.Post(under+"/deliberations", bothHeard).Check(conflict)
		chair.Post(meeting.Place()+"/attendances", live.M{"professionalId": w.Person("police")}).Check(conflict)
		chair.Patch(meeting.Place(), "*", live.M{"title": "Anders"}).Check(conflict)
		chair.Patch(decision.Place(), "*", live.M{"text": "Anders"}).Check(405)
	})
	t.Run("the new one names the old one, which stays, once", func(t *testing.T) {
		superseding := "/v1/decisions/" + decision.ID() + "/supersessions"
		dissent := []live.M{{"partnerId": w.Partner("police"), "text": "Liever handhaven."}}
		body := live.M{"text": "Het wijkteam gaat.", "reasons": "Bekend gezicht.", "professionalIds": []string{w.Person("police")}, "actions": []live.M{}, "dissents": dissent}
		w.As(t, "police").Post(superseding, body, anyTag).Check(forbidden)
		chair.Post(superseding, body).Check(428)
		later := chair.Post(superseding, body, live.Match(decision.Tag())).Want(created)
		assert.Equal(t, decision.ID(), later.Text("supersedesId"))
		assert.Equal(t, "Liever handhaven.", later.Text("dissents.0.text"))
		old := w.As(t, "police").Get(decision.Place()).Want(ok)
		assert.Equal(t, []string{"Op huisbezoek.", later.ID()}, []string{old.Text("text"), old.Text("successorId")})
		chair.Post(superseding, body, anyTag).Check(conflict)
		report := chair.Get(f.Path + "/situation-report").Want(ok)
		assert.Equal(t, []string{"Het wijkteam gaat."}, report.Texts("latestDecisions", "text"))
	})
	t.Run("dissent is of a partner that takes part", func(t *testing.T) {
		body := live.M{"text": "x", "reasons": "x", "professionalIds": []string{}, "actions": []live.M{}, "dissents": []live.M{{"partnerId": w.Partner("police"), "text": "Nee."}}}
		other := w.Opened(t, live.M{})
		other.Direct(t)
		_, fresh := other.Meeting(t)
		refused(t, chair.Post("/v1/agenda-items/"+fresh.ID()+"/decisions", body), "reference")
	})
}

func TestMeeting_4_07_a_meeting_has_a_chair(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	body := live.M{"title": "Overleg", "startsAt": "2199-01-10T09:00:00Z", "endsAt": "2199-01-10T10:00:00Z"}
	refused(t, w.As(t, "chair").Post("/v1/meetings", body), "required")
	body["chairId"] = w.Person("police")
	w.As(t, "director").Post("/v1/meetings", body).Check(conflict)
	body["chairId"] = w.Person("chair")
	meeting := w.As(t, "chair").Post("/v1/meetings", body).Want(created)
	minutes := w.As(t, "chair").Get(meeting.Place() + "/minutes").Want(ok)
	assert.Equal(t, w.Person("chair"), minutes.Text("meeting.chairId"))
}

func TestMeeting_2_12_both_perspectives_or_why_one_is_absent(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	chair := w.As(t, "chair")
	meeting, item := f.Meeting(t, "police", "social")
	under, ending := "/v1/agenda-items/"+item.ID(), meeting.Place()+"/finalisations"
	attend := func(short string) *live.Reply {
		return chair.Post(meeting.Place()+"/attendances", live.M{"professionalId": w.Person(short)})
	}
	chair.Post(under+"/deliberations", live.M{"safetyPerspective": "Rust.", "contributions": []live.M{}}).Check(conflict)
	chair.Post(ending, live.M{}, anyTag).Check(conflict) // is yet to be held
	chair.Post(under+"/decisions", nothingAgreed).Want(created)
	police := attend("police").Want(created)
	attend("police").Check(conflict)
	refused(t, attend("housing"), "reference")
	inStatus(t, w, meeting.Place(), "held")
	chair.Post(ending, live.M{"absenceReason": "Ziek."}, anyTag).Check(conflict) // decided, and nothing said
	said := chair.Post(under+"/deliberations", live.M{"safetyPerspective": "Rust.", "absenceReason": "Het wijkteam was ziek.", "contributions": []live.M{}}).Want(created)
	assert.Equal(t, "safety", police.Text("domain"))
	minutes := chair.Get(meeting.Place() + "/minutes").Want(ok)
	assert.Equal(t, []any{false, true}, []any{minutes.At("presence.social"), minutes.At("presence.safety")})
	chair.Post(ending, live.M{}, anyTag).Check(conflict) // nobody of the social domain, and no reason
	social := attend("social").Want(created)
	chair.Post(ending, live.M{}, live.Match(chair.Get(meeting.Place()).Tag())).Want(created)
	minutes = chair.Get(meeting.Place() + "/minutes").Want(ok)
	assert.Equal(t, []any{true, true}, []any{minutes.At("presence.social"), minutes.At("presence.safety")})
	assert.Equal(t, []string{"Rust.", "Het wijkteam was ziek."}, []string{said.Text("safetyPerspective"), minutes.Text("items.0.deliberations.0.absenceReason")})
	chair.Do("DELETE", social.Place(), nil, anyTag).Check(conflict)
}

func TestMeeting_4_03_each_partner_reads_its_part_of_the_minutes(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	mine, other := w.Case(t), w.Opened(t, live.M{})
	other.Direct(t)
	chair := w.As(t, "chair")
	meeting, items := tableMeeting(t, w, "2199-01-10T09:00:00Z", "2199-01-10T10:00:00Z", other, mine)
	invite := func(body live.M) string { return chair.Post(meeting.Place()+"/invitations", body).Want(created).ID() }
	invite(live.M{"professionalId": w.Person("police")})
	invite(live.M{"professionalId": w.Person("social"), "agendaItemIds": []string{items[0]}})
	guest := invite(live.M{"guest": live.M{"name": "R. Jansen", "organisation": "Winkeliers"}, "agendaItemIds": []string{items[0]}})
	for n, text := range []string{"Over het andere gezin.", "Over dit gezin."} {
		said := live.M{"socialPerspective": text, "safetyPerspective": "Rust.", "contributions": []live.M{{"partnerId": w.Partner("social"), "text": text}}}
		chair.Post("/v1/agenda-items/"+items[n]+"/deliberations", said).Want(created)
		chair.Post("/v1/agenda-items/"+items[n]+"/decisions", live.M{"text": text, "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created)
	}
	for _, body := range []live.M{{"professionalId": w.Person("chair")}, {"professionalId": w.Person("police")}, {"professionalId": w.Person("social")}, {"invitationId": guest}} {
		chair.Post(meeting.Place()+"/attendances", body).Want(created)
	}
	before := w.As(t, "police").Get(meeting.Place() + "/minutes").Want(ok)
	chair.Post("/v1/agenda-items/"+items[0]+"/deliberations", bothHeard).Want(created)
	whole, part := chair.Get(meeting.Place()+"/minutes").Want(ok), w.As(t, "police").Get(meeting.Place()+"/minutes").Want(ok)
	assert.Len(t, whole.At("items"), 2)
	assert.Len(t, whole.At("attendances"), 4)
	assert.Contains(t, string(whole.Raw), "R. Jansen")
	assert.Equal(t, before.Tag(), part.Tag(), "what is said about another dossier moves nothing")
	assert.Len(t, part.At("items"), 1)
	assert.Equal(t, []string{"Over dit gezin.", w.Partner("social")},
		[]string{part.Text("items.0.deliberations.0.socialPerspective"), part.Text("items.0.deliberations.0.contributions.0.partnerId")})
	assert.Equal(t, float64(1), part.At("items.0.agendaItem.position"))
	assert.Len(t, part.At("attendances"), 2, "not who came for the other dossier")
	for _, hidden := range []string{other.ID, items[0], "andere gezin", "R. Jansen"} {
		assert.NotContains(t, string(part.Raw), hidden)
	}
	w.As(t, "housing").Get(meeting.Place() + "/minutes").Check(notFound)
}

func TestMeeting_4_19_an_action_is_agreed_with_partner_and_term(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	_, item := f.Meeting(t)
	take := func(change live.M) *live.Reply {
		action := live.M{"partnerId": w.Partner("police"), "professionalId": w.Person("police"), "description": "Op huisbezoek gaan.", "lifeDomain": "nuisance",
			"kind": "preventive", "track": "support", "dueDate": "2199-02-01"}
		for name, value := range change {
			action[name] = value
			if value == nil {
				delete(action, name)
			}
		}
		body := live.M{"text": "Op huisbezoek.", "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{action}}
		return w.As(t, "chair").Post("/v1/agenda-items/"+item.ID()+"/decisions", body)
	}
	refused(t, take(live.M{"partnerId": nil}), "required")
	refused(t, take(live.M{"dueDate": nil}), "required", "term")
	take(live.M{"dueDate": "2199-01-09"}).Check(conflict)
	taken := take(nil).Want(created)
	require.Equal(t, []string{"nuisance"}, taken.Texts("actions", "lifeDomain"))
}

func TestWhatAMeetingLeftReturnsAtTheNext(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	decided, left, over := w.Case(t), w.Case(t), w.Case(t)
	chair := w.As(t, "chair")
	first, items := tableMeeting(t, w, "2199-01-10T09:00:00Z", "2199-01-10T10:00:00Z", decided, left, over)
	chair.Post("/v1/agenda-items/"+items[0]+"/deliberations", bothHeard).Want(created)
	chair.Post("/v1/agenda-items/"+items[0]+"/decisions", nothingAgreed).Want(created)
	inStatus(t, w, first.Place(), "finalised")
	over.Close(t)
	second, _ := tableMeeting(t, w, "2199-01-17T09:00:00Z", "2199-01-17T10:00:00Z")
	assert.Equal(t, []string{left.ID}, second.Texts("agendaItems", "dossierId"))
	assert.Equal(t, []string{items[1]}, second.Texts("agendaItems", "carriedFromId"))
	third, _ := tableMeeting(t, w, "2199-01-24T09:00:00Z", "2199-01-24T10:00:00Z")
	assert.Empty(t, third.Texts("agendaItems", "dossierId"), "it returns once")
	chair.Post(second.Place()+"/invitations", live.M{"professionalId": w.Person("police")}).Want(created)
	seen := w.As(t, "police").Get(second.Place()).Want(ok)
	assert.Nil(t, seen.At("agendaItems.0.carriedFromId"), "who was not at the earlier meeting learns nothing of it")
	inStatus(t, w, second.Place(), "finalised")
	assert.Equal(t, []string{left.ID}, chair.Get(third.Place()).Want(ok).Texts("agendaItems", "dossierId"))
	general := chair.Post("/v1/meetings", live.M{"title": "Los overleg", "chairId": w.Person("chair"), "startsAt": "2199-02-01T09:00:00Z", "endsAt": "2199-02-01T10:00:00Z"}).Want(created)
	assert.Empty(t, general.Texts("agendaItems", "dossierId"))
}

func TestTheAgendaIsPutInOrder(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	one, two, three := w.Case(t), w.Case(t), w.Case(t)
	chair := w.As(t, "chair")
	meeting, items := tableMeeting(t, w, "2199-01-10T09:00:00Z", "2199-01-10T10:00:00Z", one, two, three)
	at := func(n int) string { return meeting.Place() + "/agenda-items/" + items[n] }
	order := func() []string { return chair.Get(meeting.Place() + "/agenda-items").Want(ok).IDs() }
	moved := chair.Patch(at(2), chair.Get(at(2)).Tag(), live.M{"position": 1, "minutes": 45}).Want(ok)
	assert.Equal(t, []string{items[2], items[0], items[1]}, order())
	assert.Equal(t, []any{float64(1), float64(45)}, []any{moved.At("position"), moved.At("minutes")})
	chair.Patch(at(2), "*", live.M{"position": 3}).Want(ok)
	assert.Equal(t, []string{items[0], items[1], items[2]}, order())
	chair.Patch(at(0), moved.Tag(), live.M{"minutes": 5}).Check(stale)
	chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": w.Person("auditor"), "agendaItemIds": []string{items[0], items[1]}}).Want(created)
	auditor := w.As(t, "auditor")
	auditor.Get(one.Path).Check(ok)
	chair.Do("DELETE", at(0), nil, anyTag).Check(204)
	assert.Equal(t, []string{items[1], items[2]}, order())
	auditor.Get(one.Path).Check(notFound)
	auditor.Get(two.Path).Check(ok)
	chair.Post("/v1/agenda-items/"+items[1]+"/deliberations", bothHeard).Want(created)
	chair.Do("DELETE", at(1), nil, anyTag).Check(conflict)
	inStatus(t, w, meeting.Place(), "held")
	chair.Do("DELETE", at(2), nil, anyTag).Check(conflict)
	chair.Patch(at(2), "*", live.M{"minutes": 5}).Check(conflict)
}
