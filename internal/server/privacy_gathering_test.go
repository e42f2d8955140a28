package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// known registers a person and makes him a subject of dossiers in a role.
func known(t *testing.T, w *live.World, given, family, role string, dossiers ...*live.Case) string {
	t.Helper()
	by := w.As(t, "case-director")
	born, phone := "1990-03-12", "06-12 34 56 78"
	if family == "Zandbergen" {
		born, phone = "1964-11-05", "040-2000000"
	}
	id := by.Post("/v1/persons", live.M{"givenNames": given, "familyName": family, "birthDate": born, "phone": phone, "email": strings.ToLower(given) + "@post.example"}).Want(created).ID()
	for _, f := range dossiers {
		by.Post(f.Path+"/subjects", live.M{"personId": id, "role": role}).Want(created)
	}
	return id
}

// personal is a dossier of type person that partners take part in.
func personal(t *testing.T, w *live.World, title string) *live.Case {
	t.Helper()
	f := w.Opened(t, live.M{"type": "person", "title": title})
	f.Direct(t)
	for _, short := range []string{"police", "mental-health", "housing"} {
		f.Join(t, "case-director", short)
	}
	return f
}

// gather is what is gathered for a request of access of a person.
func gather(t *testing.T, w *live.World, person string) (place string, reply *live.Reply) {
	t.Helper()
	officer := w.As(t, "privacy-officer")
	place = officer.Post(rightsDesk, asked("access", person)).Want(created).Place() + "/gathering"
	return place, officer.Get(place).Want(ok)
}

// texts are what records of a kind say, with what they are called.
func gatheredTexts(r *live.Reply, kind string) string {
	var all []string
	records, _ := r.At("records").([]any)
	for _, one := range records {
		if live.At(one, "kind") == kind {
			text, _ := json.Marshal([]any{live.At(one, "title"), live.At(one, "text"), live.At(one, "source")})
			all = append(all, string(text))
		}
	}
	return strings.Join(all, "\n")
}

func TestPrivacy_L19_what_is_gathered_is_about_the_person_and_nobody_else(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	own, family := personal(t, w, "Rinus Zandbergen en Yolanthe"), w.Case(t)
	rinus := known(t, w, "Rinus", "Zandbergen", "subject", own, family)
	twin := known(t, w, "Marinus", "Zandbergen", "member", w.Case(t))
	w.As(t, "case-director").Post("/v1/persons/"+rinus+"/merges", sameAs(twin), anyTag).Want(created)
	known(t, w, "Yolanthe", "Quispel", "parent", own, family)
	stranger := w.Case(t)
	known(t, w, "Wubbo", "Ockels", "subject", stranger)
	stranger.Item(t, "police", "police", live.M{"text": "MARK-STRANGER Wubbo."})

	own.Item(t, "police", "police", live.M{"text": "MARK-OWN op 05-11-1964 belden Yolanthe Quispel (12-03-1990, 0612345678, yolanthe@post.example, 999993653) en Y. Quispel riepen naar Rinus Zandbergen."})
	family.Item(t, "police", "police", live.M{"text": "MARK-NAMED Rinus sloeg Quispel."})
	family.Item(t, "police", "police", live.M{"text": "MARK-OTHER Yolanthe Quispel dronk."})
	family.Item(t, "police", "police", live.M{"text": "MARK-NOBODY er was lawaai."})
	own.Item(t, "mental-health", "health", live.M{"text": "MARK-SECRET behandeling.", "secrecy": live.M{}})
	before := own.Item(t, "police", "police", live.M{"text": "MARK-WITHDRAWN vergissing."})
	w.As(t, "police").Post(before.Place()+"/withdrawals", live.M{"reason": "Vergissing.", "breach": false}, anyTag).Want(created)

	w.As(t, "mental-health").Post(own.Path+"/assessments", live.M{"lifeDomain": "housing", "score": 2, "reading": "MARK-READING Yolanthe helpt.", "source": "Gesprek", "observedOn": "2026-01-15"}).Want(created)
	abroad := w.As(t, "other-director")
	far := abroad.Post("/v1/dossiers", live.M{"type": "person", "title": "MARK-ABROAD Rinus Zandbergen", "basis": "covenant", "purpose": "MARK-ABROAD hulp."}).Want(created)
	there := abroad.Post("/v1/persons", live.M{"givenNames": "Rinus", "familyName": "Zandbergen", "email": "MARK-ABROAD@post.example"}).Want(created).ID()
	abroad.Post(far.Place()+"/subjects", asSubject(there)).Want(created)

	place, r := gather(t, w, rinus)
	all := string(r.Raw)
	assert.Contains(t, gatheredTexts(r, "assessment"), "MARK-READING [ouder] helpt.")
	for _, kind := range []string{"role", "receiver"} {
		assert.NotEmpty(t, gatheredTexts(r, kind), kind)
	}
	assert.NotContains(t, all, there)
	for _, mark := range []string{"MARK-STRANGER", "MARK-ABROAD", "MARK-OTHER", "MARK-NOBODY", "MARK-SECRET", "MARK-WITHDRAWN", "Yolanthe", "Quispel", "12-03-1990, ", "0612345678", "yolanthe@", "999993653", "Ockels", stranger.ID, w.Person("police")} {
		assert.NotContains(t, all, mark)
	}
	items := gatheredTexts(r, "item")
	for _, mark := range []string{"MARK-OWN op 05-11-1964 belden [ouder] ([ouder], [ouder], [ouder], [BSN]) en [ouder] riepen naar Rinus Zandbergen.", "MARK-NAMED Rinus sloeg [ouder]."} {
		assert.Contains(t, items, mark)
	}
	assert.ElementsMatch(t, []string{"Rinus Zandbergen", "Marinus Zandbergen"}, r.Texts("registrations", "name"), "merged registrations come together")
	assert.Len(t, r.At("dossiers"), 3)
	assert.Contains(t, r.Texts("dossiers", "title"), "Rinus Zandbergen en [ouder]")
	held, _ := r.At("heldBack").([]any)
	counts := map[string]any{}
	for _, h := range held {
		if live.At(h, "kind") == "item" {
			counts[live.At(h, "reason").(string)] = live.At(h, "count")
		}
	}
	assert.Equal(t, map[string]any{"about-others": 2.0, "medical-secrecy": 1.0}, counts)
	officer := w.As(t, "privacy-officer")
	one := officer.Get(place + "?dossierId=" + own.ID).Want(ok)
	assert.Equal(t, []string{own.ID}, one.Texts("dossiers", "id"))
	refusedAt(t, officer.Get(place+"?dossierId="+stranger.ID), "/dossierId")
	paper := printed(t, officer, place)
	assert.Contains(t, paper, "MARK-OWN op 05-11-1964 belden [ouder]")
	assert.NotContains(t, paper, "Quispel")
	assert.NotContains(t, paper, "MARK-OTHER")
}

func TestPrivacy_L19_gathering_is_for_a_request_of_access_and_leaves_its_lines(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := personal(t, w, "Rinus Zandbergen")
	rinus := known(t, w, "Rinus", "Zandbergen", "subject", f)
	f.Item(t, "police", "police", live.M{"text": "Melding."})
	w.As(t, "police").Get(f.Path).Want(ok)
	officer := w.As(t, "privacy-officer")
	place, r := gather(t, w, rinus)
	views, _ := r.At("views").([]any)
	var seen bool
	for _, v := range views {
		seen = seen || live.At(v, "operation") == "getDossier" && live.At(v, "partnerId") == w.Partner("police") && live.At(v, "function") != nil && assert.Contains(t, live.At(v, "categories"), "police")
	}
	assert.True(t, seen, "who looked, by partner and function")
	assert.NotContains(t, string(r.Raw), w.Person("police"))

	line := live.At(officer.Get("/v1/access-log?purpose=internal-control&operation=getDataSubjectGathering&dossierId="+f.ID).Want(ok).Body, "items.0")
	require.NotNil(t, line)
	assert.Equal(t, []any{[]any{"data-subject-request"}, w.Person("privacy-officer")}, []any{live.At(line, "grounds"), live.At(line, "professionalId")})
	assert.Contains(t, live.At(line, "categories"), "police")
	assert.Contains(t, w.As(t, "auditor").Get("/v1/access-log?purpose=court&personId="+rinus).Want(ok).Texts("items", "operation"), "getDataSubjectGathering")

	for _, who := range []string{"case-director", "auditor", "police", "chair", "police-system"} {
		w.As(t, who).Get(place).Check(forbidden)
	}
	w.As(t, "director").Get(place).Check(ok)
	for _, body := range []live.M{asked("restriction", rinus), asked("access", "")} {
		officer.Get(officer.Post(rightsDesk, body).Want(created).Place() + "/gathering").Check(notFound)
	}
	request := strings.TrimSuffix(place, "/gathering")
	officer.Post(request+"/decisions", live.M{"outcome": "refused", "reasons": "Buitensporig.", "ground": "avg-12-5"}, anyTag).Want(created)
	officer.Get(place).Check(notFound)
	officer.Get(rightsDesk + "/" + rinus + "/gathering").Check(notFound)
}
