package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// today is the date in the municipality of the demonstration.
func today() string {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // the time zones are part of the program
	}
	return time.Now().In(zone).Format(time.DateOnly)
}

func TestPrivacy_L19_a_request_has_its_term_and_is_told_without_content(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer := w.Case(t), w.As(t, "privacy-officer")
	ids := about(t, w, f.Path)
	for received, due := range map[string]string{"2026-01-31": "2026-02-28", "2024-01-31": "2024-02-29", "2025-12-15": "2026-01-15"} {
		body := asked("access", "")
		body["receivedOn"] = received
		made := officer.Post(rightsDesk, body).Want(created)
		assert.Equal(t, []any{due, true, "received", nil}, []any{made.At("dueOn"), made.At("overdue"), made.At("status"), made.At("personId")})
		officer.Post(made.Place()+"/extensions", live.M{"reason": "Veel."}, anyTag).Check(conflict)
	}
	body := asked("access", "")
	body["receivedOn"] = "2199-01-31"
	refusedAt(t, officer.Post(rightsDesk, body), "/receivedOn")
	refusedAt(t, officer.Post(rightsDesk, asked("access", f.ID)), "/personId")

	made := officer.Post(rightsDesk, asked("access", ids["personId"])).Want(created)
	assert.Equal(t, []string{f.ID}, made.Texts("dossiers", "id"))
	longer := officer.Post(made.Place()+"/extensions", live.M{"reason": "Zeven leveranciers."}, live.Match(made.Tag())).Want(created)
	received, err := time.Parse(time.DateOnly, today())
	require.NoError(t, err)
	assert.Greater(t, longer.Text("dueOn"), received.AddDate(0, 2, 20).Format(time.DateOnly))
	assert.NotContains(t, longer.Allowed(), "extendDataSubjectRequest")
	officer.Post(made.Place()+"/extensions", live.M{"reason": "Nog eens."}, anyTag).Check(conflict)
	require.Eventually(t, func() bool {
		return len(w.As(t, "case-director").Get("/v1/alerts?kind=data-subject-request-received").Want(ok).IDs()) == 1
	}, 20*time.Second, 50*time.Millisecond, "who directs the dossier is told")
	for _, who := range []string{"case-director", "auditor", "police", "police-system"} {
		w.As(t, who).Get(made.Place()).Check(forbidden)
	}
	officer.Get(f.Path).Check(notFound)
}

func TestPrivacy_L19_a_refusal_has_a_ground_and_suppliers_are_heard(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	made := officer.Post(rightsDesk, asked("erasure", "")).Want(created)
	decisions, consultations := made.Place()+"/decisions", made.Place()+"/consultations"
	decide := func(more live.M) *live.Reply {
		body := live.M{"outcome": "refused", "reasons": "Nog nodig."}
		for name, value := range more {
			body[name] = value
		}
		return officer.Post(decisions, body, anyTag)
	}
	for _, outcome := range []string{"refused", "partly"} {
		none := decide(live.M{"outcome": outcome})
		assert.Equal(t, invalid, none.Status)
		refusedAt(t, none, "/ground")
		assert.Contains(t, string(none.Raw), "UAVG 41")
	}
	refusedAt(t, decide(live.M{"ground": "avg-15-4"}), "/ground")
	refusedAt(t, decide(live.M{"outcome": "granted", "ground": "avg-17-3"}), "/ground")
	refusedAt(t, decide(live.M{"ground": "uavg-41-d"}), "/exceptionUntil")
	refusedAt(t, decide(live.M{"ground": "uavg-41-d", "exceptionUntil": "2020-01-31"}), "/exceptionUntil")

	police := w.Partner("police")
	refusedAt(t, officer.Post(consultations, live.M{"partnerId": police}, anyTag), "/answerBy")
	refusedAt(t, officer.Post(consultations, live.M{"partnerId": police, "answer": "agree"}, anyTag), "/partnerId")
	refusedAt(t, officer.Post(consultations, live.M{"partnerId": made.ID(), "answerBy": "2199-01-31"}, anyTag), "/partnerId")
	heard := officer.Post(consultations, live.M{"partnerId": police, "answerBy": "2199-01-31"}, live.Match(made.Tag())).Want(created)
	assert.Equal(t, []any{"in-consultation", nil}, []any{heard.At("status"), heard.At("consultations.0.answer")})
	decide(live.M{"ground": "avg-17-3"}).Check(conflict)
	refusedAt(t, officer.Post(consultations, live.M{"partnerId": police, "answer": "object"}, anyTag), "/reason")
	officer.Post(consultations, live.M{"partnerId": police, "answer": "object", "reason": "Onderzoek."}, anyTag).Want(created)
	officer.Post(consultations, live.M{"partnerId": police, "answer": "agree"}, anyTag).Check(conflict)

	decided := decide(live.M{"ground": "uavg-41-d", "exceptionUntil": "2199-01-31"}).Want(created)
	assert.Equal(t, []any{"decided", "refused", "uavg-41-d", "2199-01-31", "awb-6-7", w.Person("privacy-officer")}, []any{
		decided.At("status"), decided.At("outcome"), decided.At("ground"), decided.At("exceptionUntil"), decided.At("objectionClause"), decided.At("decidedById")})
	assert.Equal(t, []string{"getDataSubjectRequest"}, decided.Allowed())
	decide(live.M{"ground": "avg-17-3"}).Check(conflict)
}

func TestPrivacy_L20_what_is_restricted_nobody_reads_from_the_next_request_on(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer, director := w.Case(t), w.As(t, "privacy-officer"), w.As(t, "director")
	ids := about(t, w, f.Path)
	text := "Zeewierkwestie"
	item := f.Item(t, "police", "police", live.M{"text": text})
	elsewhere := w.Case(t).Item(t, "police", "police")
	police := w.As(t, "police")
	reads := func() bool {
		there := police.Get(item.Place()).Status == ok
		assert.Equal(t, there, strings.Contains(string(police.Get(f.Path+"/items").Want(ok).Raw), text), "in the list")
		assert.NotContains(t, string(officer.Get("/v1/data-subject-requests").Want(ok).Raw), text, "its handler reads no content")
		found, _ := police.Post("/v1/_search", live.M{"text": text}).Want(ok).At("items").([]any)
		assert.Equal(t, there, len(found) == 1, "found by its words")
		return there
	}
	assert.True(t, reads())
	made := officer.Post(rightsDesk, asked("restriction", ids["personId"])).Want(created)
	grant := func(items ...string) *live.Reply {
		return officer.Post(made.Place()+"/decisions", live.M{"outcome": "granted", "reasons": "Juistheid betwist.", "restrictedItemIds": items}, anyTag)
	}
	refusedAt(t, grant(item.ID(), elsewhere.ID()), "/restrictedItemIds")
	assert.True(t, reads(), "what is refused changes nothing")
	grant(item.ID()).Want(created)
	assert.False(t, reads(), "its supplier neither")
	director.Get(item.Place()).Check(notFound)
	police.Get(elsewhere.Place()).Check(ok)

	lifted := made.Place() + "/restriction-liftings"
	refusedAt(t, officer.Post(lifted, live.M{"noticeOn": "2199-01-31", "reason": "Klopt."}, anyTag), "/noticeOn")
	refusedAt(t, officer.Post(lifted, live.M{"noticeOn": "2020-01-31", "reason": "Klopt."}, anyTag), "/noticeOn")
	assert.False(t, reads())
	officer.Post(lifted, lifting(), anyTag).Want(created)
	assert.True(t, reads())
	officer.Post(lifted, lifting(), anyTag).Check(conflict)
}

func TestPrivacy_L18_what_is_known_of_a_person_can_be_cleared(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	by := w.As(t, "case-director")
	made := by.Post("/v1/persons", live.M{
		"givenNames": "Ilona", "familyName": "Verhaag", "gender": "female", "phone": "0400000000", "email": "i@verhaag.example", "bsn": "999970008", "bsnGround": "public-task",
		"address": live.M{"street": "Bakkersweide", "houseNumber": "1", "postcode": "5501 AA", "town": "Veldhoven"},
	}).Want(created)
	f := w.Case(t)
	by.Post(f.Path+"/subjects", asSubject(made.ID())).Want(created)
	by.Patch(made.Place(), "*", live.M{"bsn": nil, "bsnGround": "wgs"}).Check(invalid)
	cleared := by.Patch(made.Place(), "*", live.M{"gender": nil, "phone": nil, "email": nil, "bsn": nil, "address": nil}).Want(ok)
	for _, field := range []string{"gender", "phone", "email", "bsn", "bsnGround", "address"} {
		assert.Nil(t, cleared.At(field), field)
	}
	assert.Equal(t, 0, w.Count(t, `select count(*) from person where id = '`+made.ID()+`' and (bsn_sealed is not null or bsn_index is not null)`))
	assert.Equal(t, 1, w.Count(t, `select count(*) from audit_entry where subject_id = '`+made.ID()+`' and event = 'person.changed'
		and fields @> '["bsn", "bsnGround", "gender", "phone", "email", "address"]' and jsonb_array_length(fields) = 6`))
}
