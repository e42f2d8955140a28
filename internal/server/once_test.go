package server_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func key() string { return "Idempotency-Key: " + uuid.NewString() }

func opening(title string) live.M {
	return live.M{"type": "person", "title": title, "basis": "covenant", "purpose": "Hulp."}
}

// TestEveryKeyedPostHappensOnce repeats every POST that keeps its key: the same record, rendered
// again, and nothing more in the database.
func TestEveryKeyedPostHappensOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	other := w.Opened(t, live.M{})
	other.Direct(t)
	item := f.Item(t, "housing", "housing")
	release := w.As(t, "housing").Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Samen."}).Want(created)
	action := f.Action(t, "case-director", "police")
	carried, dropped := f.Action(t, "case-director", "police"), f.Action(t, "case-director", "police")
	w.As(t, "chair").Post(dropped.Place()+"/cancellations", live.M{"reason": "Niet nodig."}, anyTag).Want(created)
	meeting, agenda := f.Meeting(t)
	under := "/v1/agenda-items/" + agenda.ID()
	dropping, _ := f.Meeting(t)
	convened, _ := f.Meeting(t, "police")
	proposed, feed := w.Case(t), w.As(t, "police").Post("/v1/calendar-feeds", live.M{}).Want(created)
	asking := w.As(t, "police").Post(convened.Place()+"/agenda-proposals", live.M{"dossierId": w.Case(t).ID, "reason": "Nodig."}).Want(created)
	ending, _ := f.Meeting(t)
	inStatus(t, w, ending.Place(), "held")
	decided := w.As(t, "chair").Post(under+"/decisions", live.M{"text": "Ja.", "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created)
	w.As(t, "director").Do("PUT", "/v1/authorisation-matrix/draft", live.M{"cells": live.Cells(matrix.Default())}).Want(created)
	quiet, until := w.Opened(t, live.M{}), time.Now().Add(time.Hour).UTC()
	emergency := live.M{"dossierNumber": w.As(t, "director").Get(quiet.Path).Text("number"), "purpose": "Acuut gevaar."}
	entered := w.As(t, "mental-health").Post("/v1/emergency-accesses", emergency).Want(created)
	exception := w.As(t, "director").Post(f.Path+"/matrix-exceptions", live.M{
		"partnerId": w.Partner("police"), "category": "finance", "level": "read", "reason": "Nodig."}).Want(created)
	grant := live.M{"professionalId": w.Person("auditor"), "categories": []string{}, "level": "read", "reason": "Nodig.", "until": until}
	granted := w.As(t, "director").Post(f.Path+"/grants", grant).Want(created)
	withheld := w.As(t, "housing").Post(item.Place()+"/withholdings", live.M{"partnerId": w.Partner("police"), "reason": "Terug."}).Want(created)
	ask := live.M{"dossierId": f.ID, "category": "health", "purpose": "Nodig."}
	asked := w.As(t, "police").Post("/v1/access-requests", ask).Want(created)
	stands := around(t, w, f.Path, decisionUnder(t, w, under))
	draft, written := drafted(t, w, w.Case(t)), drafted(t, w, w.Case(t))
	_, goal := finalised(t, w, w.Case(t))
	tied := w.As(t, "case-director").Post(f.Path+"/links", laid(other, "cause-effect")).Want(created)
	subject := about(t, w, f.Path)
	hooked := subscribedTo(t, w, "https://ontvangst.example/in")
	covered := map[string]bool{}
	for _, c := range []struct {
		op, by, path string
		body         live.M
	}{
		{"openDossier", "police", "/v1/dossiers", opening("Jan")},
		{"addParticipant", "social", w.Opened(t, live.M{}).Path + "/participants", live.M{"partnerId": w.Partner("police"), "role": "participant", "professionalIds": []string{}}},
		{"addLink", "case-director", f.Path + "/links", live.M{"otherDossierId": other.ID, "kind": "related"}},
		{"endLink", "case-director", tied.Place() + "/endings", live.M{"reason": "Verhuisd."}},
		{"addAssessment", "police", f.Path + "/assessments", scored("finances", 3)},
		{"changeRegie", "chair", f.Path + "/regie-changes", live.M{"phase": 2, "criteria": []string{"agreements-kept"}, "reason": "Afgeschaald."}},
		{"addItem", "police", f.Path + "/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}},
		{"addItems", "police", f.Path + "/items/_batch", live.M{"items": []live.M{
			{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}, {"category": "incident", "text": "Ruit.", "observedOn": "2026-01-15"}}}},
		{"correctItem", "housing", f.Item(t, "housing", "housing").Place() + "/corrections", live.M{"text": "Het is anders.", "reason": "Vergissing."}},
		{"withdrawItem", "housing", f.Item(t, "housing", "housing").Place() + "/withdrawals", live.M{"reason": "Vergissing.", "breach": true}},
		{"askForInformation", "case-director", f.Path + "/information-requests", live.M{
			"partnerId": w.Partner("housing"), "category": "housing", "question": "Is er achterstand?", "dueDate": "2199-12-01"}},
		{"answerInformationRequest", "housing", f.Ask(t, "housing").Place() + "/answers", live.M{"reason": "Gewichtig."}},
		{"addQuickNote", "police", f.Path + "/quick-notes", live.M{"text": "Buurvrouw gesproken."}},
		{"addDocument", "police", "/v1/documents", live.M{
			"dossierId": f.ID, "category": "police", "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}},
		{"withdrawDocument", "housing", supplied(t, f, w, "housing").Place() + "/withdrawals", live.M{"reason": "Vergissing.", "breach": true}},
		{"releaseItem", "housing", item.Place() + "/releases", live.M{"partnerIds": []string{}, "purpose": "Samen."}},
		{"withdrawRelease", "housing", "/v1/releases/" + release.ID() + "/withdrawals", live.M{"reason": "Ingetrokken."}},
		{"createAction", "case-director", "/v1/actions", live.M{"dossierId": f.ID, "partnerId": w.Partner("police"), "description": "Bellen.",
			"lifeDomain": "nuisance", "kind": "support", "track": "support", "dueDate": "2199-12-01"}},
		{"completeAction", "police", action.Place() + "/completions", live.M{"result": "achieved", "note": "Gedaan."}},
		{"deferAction", "police", carried.Place() + "/deferrals", live.M{"dueDate": "2199-12-20", "reason": "Vakantie."}},
		{"assignAction", "case-director", carried.Place() + "/assignments", live.M{"partnerId": w.Partner("housing"), "reason": "Verhuisd."}},
		{"cancelAction", "chair", carried.Place() + "/cancellations", live.M{"reason": "Niet nodig."}},
		{"reopenAction", "chair", dropped.Place() + "/reopenings", live.M{"reason": "Toch nodig."}},
		{"registerPerson", "case-director", "/v1/persons", somebody()},
		{"addSubject", "case-director", f.Path + "/subjects", asSubject(w.As(t, "case-director").Post("/v1/persons", somebody()).Want(created).ID())},
		{"mergePersons", "case-director", "/v1/persons/" + subject["personId"] + "/merges", sameAs(w.As(t, "case-director").Post("/v1/persons", somebody()).Want(created).ID())},
		{"reversePersonMerge", "case-director", "/v1/persons/" + subject["personId"] + "/merges/" + subject["mergeId"] + "/reversals", live.M{"reason": "Toch niet."}},
		{"recordConsent", "case-director", "/v1/persons/" + subject["personId"] + "/consents", consent(f.ID)},
		{"withdrawConsent", "case-director", "/v1/persons/" + subject["personId"] + "/consents/" + subject["consentId"] + "/withdrawals", live.M{"withdrawnBy": "parent"}},
		{"addFrame", "case-director", f.Path + "/frames", frame()},
		{"endFrame", "case-director", f.Path + "/frames/" + stands["frameId"] + "/endings", live.M{"reason": "Klaar."}},
		{"recordPrecondition", "case-director", f.Path + "/preconditions", metNow("informed")},
		{"overridePreconditions", "chair", f.Path + "/precondition-overrides", notYet()},
		{"chooseApproach", "chair", f.Path + "/approaches", approach(decisionUnder(t, w, under))},
		{"draftPlan", "case-director", f.Path + "/plans", live.M{"integralGoal": "Samen.", "overrideReason": "Spoed."}},
		{"addGoal", "case-director", draft.Place() + "/goals", live.M{"lifeDomain": "finances", "text": "Schulden geregeld."}},
		{"commitToPlan", "police", draft.Place() + "/commitments", live.M{"partnerId": w.Partner("police"), "outcome": "committed"}},
		{"finalisePlan", "chair", written.Place() + "/finalisations", live.M{"reason": "Nog geen doelen."}},
		{"recordGoalResult", "case-director", goal.Place() + "/results", live.M{"result": "achieved", "note": "Geregeld."}},
		{"scheduleMeeting", "chair", "/v1/meetings", live.M{"title": "Overleg", "chairId": w.Person("chair"), "startsAt": "2199-02-10T09:00:00Z",
			"endsAt": "2199-02-10T10:00:00Z"}},
		{"scheduleSeries", "chair", rhythmic(t, w) + "/meetings", nextThree()},
		{"invite", "chair", meeting.Place() + "/invitations", live.M{"professionalId": w.Person("police")}},
		{"addAgendaItem", "chair", meeting.Place() + "/agenda-items", live.M{"title": "Rondvraag"}},
		{"proposeAgendaItem", "police", convened.Place() + "/agenda-proposals", live.M{"dossierId": proposed.ID, "reason": "Nodig."}},
		{"answerAgendaProposal", "chair", asking.Place() + "/answers", live.M{"outcome": "declined", "note": "Later."}},
		{"createCalendarFeed", "police", "/v1/calendar-feeds", live.M{}},
		{"revokeCalendarFeed", "police", feed.Place() + "/revocations", live.M{}},
		{"cancelMeeting", "chair", dropping.Place() + "/cancellations", live.M{"reason": "Vol."}},
		{"recordAttendance", "chair", meeting.Place() + "/attendances", live.M{"professionalId": w.Person("chair")}},
		{"finaliseMeeting", "chair", ending.Place() + "/finalisations", live.M{"absenceReason": "Verhinderd."}},
		{"supersedeDecision", "chair", "/v1/decisions/" + decided.ID() + "/supersessions", live.M{"text": "Anders.", "reasons": "Beter.", "professionalIds": []string{}, "actions": []live.M{}}},
		{"recordDeliberation", "chair", under + "/deliberations", live.M{"socialPerspective": "Steun.", "safetyPerspective": "Rust.", "contributions": []live.M{}}},
		{"takeDecision", "chair", under + "/decisions", live.M{"text": "Langsgaan.", "reasons": "Praten.", "professionalIds": []string{}, "actions": []live.M{}}},
		{"createPartner", "director", "/v1/partners", live.M{"name": "GGD", "type": "public-health", "domain": "social"}},
		{"createProfessional", "director", "/v1/professionals", live.M{"partnerId": w.Partner("police"), "name": "Twee", "email": "t@police.example", "roles": []string{}}},
		{"createSubstitution", "social", "/v1/professionals/" + w.Person("social") + "/substitutions", live.M{
			"substituteId": w.Person("case-director"), "from": "2198-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}},
		{"createClient", "director", "/v1/clients", live.M{"partnerId": w.Partner("police"), "name": "BVH", "jwksUri": "https://politie.example/jwks.json",
			"categories": []string{"police"}}},
		{"createTable", "director", "/v1/tables", live.M{"name": "Tafel", "purpose": "Samen.", "chairId": w.Person("chair"), "memberPartnerIds": []string{},
			"rhythm": "wekelijks", "level": "case"}},
		{"makeMatrixException", "director", f.Path + "/matrix-exceptions", live.M{
			"partnerId": w.Partner("police"), "category": "housing", "level": "none", "reason": "Nodig."}},
		{"revokeMatrixException", "director", exception.Place() + "/revocations", live.M{"reason": "Klaar."}},
		{"grantAccess", "director", f.Path + "/grants", grant},
		{"revokeGrant", "director", granted.Place() + "/revocations", live.M{"reason": "Klaar."}},
		{"withholdItem", "housing", item.Place() + "/withholdings", live.M{"partnerId": w.Partner("mental-health"), "reason": "Terug."}},
		{"liftWithholding", "housing", "/v1/withholdings/" + withheld.ID() + "/liftings", live.M{"reason": "Klaar."}},
		{"openEmergencyAccess", "housing", "/v1/emergency-accesses", emergency},
		{"endEmergencyAccess", "mental-health", entered.Place() + "/endings", live.M{}},
		{"reviewEmergencyAccess", "director", entered.Place() + "/reviews", live.M{"outcome": "justified", "findings": "Terecht."}},
		{"requestAccess", "police", "/v1/access-requests", live.M{"dossierId": f.ID, "category": "finance", "purpose": "Nodig."}},
		{"answerAccessRequest", "director", asked.Place() + "/answers", live.M{"outcome": "refused", "note": "Niet nodig."}},
		{"closeDossier", "chair", other.Path + "/closures", live.M{"result": "partly", "reason": "Klaar.", "outcomes": []live.M{{"description": "Rust.", "result": "partly"}}}},
		{"reopenDossier", "chair", other.Path + "/reopenings", relapsed()},
		{"recordTriage", "chair", other.Path + "/triages", triage()},
		{"changeStatus", "chair", other.Path + "/status-changes", toTriage()},
		{"changeBasis", "chair", other.Path + "/basis-changes", onConsent()},
		{"createWebhookSubscription", "director", "/v1/webhook-subscriptions", live.M{"clientId": w.Person("police-system"), "url": "https://ontvangst.example/in"}},
		{"sendWebhookTestEvent", "director", hooked + "/test-events", live.M{}},
		{"replayWebhookEvents", "director", hooked + "/replays", live.M{"fromSequence": 1}},
		{"rotateWebhookSecret", "director", hooked + "/secrets", live.M{}},
		{"retryDelivery", "director", "/v1/deliveries/" + undelivered(t, w) + "/retries", live.M{}},
		{"createPrivacyAssertion", "director", "/v1/privacy-assertions", neverHealth()},
		{"checkPrivacyAssertions", "director", "/v1/privacy-assertion-checks", live.M{}},
		{"registerCooperation", "privacy-officer", cooperationsAt, cooperating(nil)},
		{"activateCooperation", "privacy-officer", cooperation(t, w) + "/activations", live.M{"reason": "Getekend."}},
		{"endCooperation", "privacy-officer", cooperation(t, w) + "/endings", live.M{"reason": "Klaar."}},
		{"addPriorityEntry", "chair", priorityList, listed(underWgs(t, w).ID)},
		{"recordInforming", "case-director", informDesk + "/" + subject["subjectId"] + "/records", informing(nil)},
		{"draftDisclosure", "case-director", disclosuresAt, disclosing(f, letRead(t, w, f.Path))},
		{"answerDisclosure", "police", undisclosed(t, w, f) + "/consents", live.M{"consents": true}},
		{"recordDisclosureFeedback", "case-director", disclosed(t, w, f) + "/feedback", live.M{"receivedOn": todayIs(t), "use": "Gesprek.", "effect": "Rust."}},
		{"recordPrivacyAudit", "privacy-officer", privacyAuditsAt, audited()},
		{"createAuditCheckpoint", "auditor", checkpoints, live.M{}},
		{"recordImpactAssessment", "privacy-officer", impactDesk, assessed(nil)},
		{"recordDataBreach", "privacy-officer", breachDesk, leaked(0)},
		{"recordDataSubjectRequest", "privacy-officer", rightsDesk, rightsOf("access")},
		{"extendDataSubjectRequest", "privacy-officer", requested(t, w) + "/extensions", live.M{"reason": "Veel."}},
		{"consultOnDataSubjectRequest", "privacy-officer", requested(t, w) + "/consultations", live.M{"partnerId": w.Partner("police"), "answerBy": "2199-01-31"}},
		{"decideRetentionRule", "privacy-officer", retentionRules, live.M{"kind": "dossier-consent", "months": 48, "reason": "Korter."}},
		{"placeLegalHold", "privacy-officer", holdDesk, holding(w.Case(t))},
		{"endLegalHold", "privacy-officer", held(t, w, w.Case(t)) + "/endings", live.M{"reason": "Voorbij."}},
		{"extendDossierRetention", "director", w.Opened(t, live.M{}).Path + "/retention-extensions", extending()},
		{"startRetentionRun", "privacy-officer", retentionDesk, nil},
		{"decideRetentionRun", "privacy-officer", dryRun(t, w) + "/decisions", deciding()},
		{"decideDataSubjectRequest", "privacy-officer", requested(t, w) + "/decisions", live.M{"outcome": "granted", "reasons": "Ja."}},
		{"liftDataSubjectRestriction", "privacy-officer", restricted(t, w, subject["personId"], f.Item(t, "police", "police").ID()) + "/restriction-liftings", lifting()},
		{"publishMatrix", "director", "/v1/authorisation-matrix/publications", w.As(t, "director").Publication()},
	} {
		covered[c.op] = true
		t.Run(c.op, func(t *testing.T) { happensOnce(t, w, w.As(t, c.by), c.path, c.body) })
	}
	for _, op := range w.Contract().Operations {
		if op.Spec.Parameters.GetByInAndName("header", "Idempotency-Key") != nil && op.Spec.Responses.Value("201") != nil {
			assert.True(t, covered[op.ID], "%s takes a key and is not repeated here", op.ID)
		}
	}
}

func happensOnce(t *testing.T, w *live.World, who *live.Client, path string, fields live.M) {
	t.Helper()
	key := key()
	var body any // none, where there are no fields
	if fields != nil {
		body = fields
	}
	first := who.Post(path, body, anyTag, key).Want(created)
	rows := w.Rows(t)
	again := who.Post(path, body, anyTag, key)
	assert.Equal(t, rows, w.Rows(t), "a repetition wrote something")
	if again.Check(created) {
		assert.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
		assert.Equal(t, first.Place(), again.Place())
		assert.Equal(t, first.ID(), again.ID())
	}
	changed := live.M{}
	for name, value := range fields {
		changed[name] = value
		if text, is := value.(string); is && (name == "title" || name == "text" || name == "reason" || name == "name" || name == "note") {
			changed[name] = text + " En meer."
		}
	}
	if fmt.Sprint(changed) != fmt.Sprint(fields) {
		who.Post(path, changed, anyTag, key).Check(http.StatusUnprocessableEntity)
	}
}

// TestTwinsAtOnce sends the same POST eight times at the same moment.
func TestTwinsAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who, key := w.As(t, "police"), key()
	before := w.Rows(t)
	replies := make([]*live.Reply, 8)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = who.Post("/v1/dossiers", opening("Jan"), key) })
	}
	all.Wait()
	for _, r := range replies {
		if r.Check(created) {
			assert.Equal(t, replies[0].ID(), r.ID())
		}
	}
	assert.Equal(t, before["dossier"]+1, w.Rows(t)["dossier"])
}

// TestARepetitionShowsTodaysRights repeats a POST after its caller lost what he had.
func TestARepetitionShowsTodaysRights(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, key := w.As(t, "police"), key()
	body := live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}
	police.Post(f.Path+"/items", body, key).Want(created)
	f.Close(t)
	again := police.Post(f.Path+"/items", body, key)
	again.Check(forbidden)
	assert.Equal(t, "dossier-shielded", again.Kind())
	assert.NotContains(t, string(again.Raw), "Melding")
}

// TestAFailureKeepsNoKey uses a key again after the first attempt was refused.
func TestAFailureKeepsNoKey(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	police, key := w.As(t, "police"), key()
	bad := opening("Jan")
	bad["neighbourhoodCode"] = "BU19480001"
	police.Post("/v1/dossiers", bad, key).Check(invalid)
	police.Post("/v1/dossiers", opening("Jan"), key).Check(created)
}
