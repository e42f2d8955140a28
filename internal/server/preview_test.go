package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// asPartner and asProfessional are the headers of a preview.
func asPartner(id string) string      { return "Preview-As-Partner: " + id }
func asProfessional(id string) string { return "Preview-As-Professional: " + id }

// directorHas is the default matrix with one level in every cell of the municipal director.
func directorHas(level authz.Level) []authz.Cell {
	cells := matrix.Default()
	for i := range cells {
		if cells[i].PartnerType == "municipal-director" {
			cells[i].Level = level
		}
	}
	return cells
}

// previewPaths is one of everything that a preview can show, by the operation that reads it.
func previewPaths(t *testing.T, w *live.World) map[string]string {
	t.Helper()
	ids := records(t, w)
	previewRecords(t, w, ids)
	paths := map[string]string{}
	for _, op := range w.Contract().Operations {
		if op.Method != http.MethodGet || op.Public() || slices.Contains([]string{"getMe", "listAlerts", "getAlertSummary", "getAlertPreferences", "getMyWork", "getLegalChecklist", "listDisclosures", "getDisclosure", "listPrivacyAudits", "getPrivacyAudit", "getAnnualReport", "listDataSubjectRequests", "getDataSubjectRequest", "getRetentionRules", "listRetentionRuns", "getRetentionRun", "listDestructionCertificates", "listLegalHolds", "getLegalHold", "getDataSubjectGathering", "listDataBreaches", "getProcessingRegister", "listImpactAssessments", "getImpactAssessment", "getDataBreach", "streamAlerts", "getDocumentContent", "getAssessmentDeltas", "getMultiProblemIndicator", "listCalendarFeeds", "getCalendarFeed", "listDuplicateCandidates", "listAccessLog", "listDossierAccessLog", "listAuditEntries", "listAuditCheckpoints", "getAuditCheckpoint", "exportAudit", "proveAuditEntry", "proveAuditConsistency"}, op.ID) {
			continue
		}
		paths[op.ID] = placeholder.ReplaceAllStringFunc(op.Path, func(p string) string {
			id := ids[strings.Trim(p, "{}")]
			assert.NotEmpty(t, id, "there is no %s for %s", p, op.ID)
			return id
		})
	}
	return paths
}

// previewRecords adds to the ids what stands in no dossier.
func previewRecords(t *testing.T, w *live.World, ids map[string]string) {
	t.Helper()
	made := func(path string, body live.M) string { return w.As(t, "director").Post(path, body).Want(created).ID() }
	maps.Copy(ids, map[string]string{"partnerId": w.Partner("housing"), "tableId": w.Table(), "version": "1"})
	ids["clientId"] = made("/v1/clients", live.M{
		"partnerId": w.Partner("housing"), "name": "Systeem", "categories": []string{"housing"}, "jwksUri": "https://keys.housing.example/jwks",
	})
	ids["privacyAssertionId"] = made("/v1/privacy-assertions", live.M{"name": "Geen gezondheid voor wonen", "reason": "Afgesproken.",
		"partnerIds": []string{w.Partner("housing")}, "categories": []string{"health"}, "acts": []string{"see-all"}})
	ids["deliveryId"] = undelivered(t, w)
	ids["webhookSubscriptionId"] = made("/v1/webhook-subscriptions", live.M{"clientId": ids["clientId"], "url": "https://in.housing.example/events"})
	ids["cooperationId"] = made(cooperationsAt, cooperating(nil))
	ids["priorityEntryId"] = made(priorityList, listed(underWgs(t, w).ID))
	ids["dataSubjectRequestId"] = made(rightsDesk, asked("access", ""))
	ids["privacyAssertionCheckId"] = made("/v1/privacy-assertion-checks", live.M{})
}

var reasons = regexp.MustCompile(`"reason":"[^"]*"`)

// samePreview holds a preview against the answer that the person gets himself.
func samePreview(t *testing.T, op string, own, seen *live.Reply) {
	t.Helper()
	if !assert.Equal(t, own.Status, seen.Status, "%s: %s and %s", op, own.Raw, seen.Raw) {
		return
	}
	assert.Equal(t, own.Tag(), seen.Tag(), "%s: another tag", op)
	assert.Equal(t, own.Header.Get("Link"), seen.Header.Get("Link"), "%s: another next page", op)
	want := withheldIn(withoutMoment(own))
	if strings.Contains(op, "Withholding") || strings.Contains(op, "Lifting") { // is for its supplier alone
		want = reasons.ReplaceAllString(want, `"reason":"[withheld]"`)
	}
	assert.Equal(t, want, withheldIn(withoutMoment(seen)), "%s: another body", op)
	assert.NotEmpty(t, seen.Header.Get("Preview-As"), "%s: no mark", op)
	assert.Empty(t, own.Header.Get("Preview-As"), "%s: a mark", op)
}

// withoutMoment is a body without what is another at each answer.
func withoutMoment(r *live.Reply) any {
	body, is := r.Body.(live.M)
	if !is {
		return string(r.Raw)
	}
	body = maps.Clone(body)
	delete(body, "asOf")
	delete(body, "instance")
	return body
}

// TestAPreviewIsWhatTheyGet asks every operation that reads as the people themselves, and as the director
// who previews them and may read everything himself.
func TestAPreviewIsWhatTheyGet(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", directorHas(authz.Edit))
	paths := previewPaths(t, w)
	director := w.As(t, "director")
	people := map[string]string{}
	for _, who := range []string{"police", "housing", "mental-health", "case-director", "chair", "social", "auditor", "director"} {
		people[who] = asProfessional(w.Person(who))
	}
	for _, who := range []string{"housing", "mental-health"} { // named in the dossier, and invited to nothing
		people[who+", by his partner"] = asPartner(w.Partner(who))
	}
	for name, header := range people {
		t.Run(name, func(t *testing.T) {
			who, _, nobody := strings.Cut(name, ",")
			found := 0
			for op, path := range paths {
				if nobody && op == "listProfessionals" {
					continue // he reads more of himself, and is nobody in particular
				}
				own, seen := w.As(t, who).Get(path), director.Get(path, header)
				samePreview(t, op, own, seen)
				if own.Status == ok {
					found++
				}
			}
			assert.Greater(t, found, 10, "%s reads hardly anything", who)
		})
	}
	t.Run("a filter, an error of the input, a head and what is known already are theirs too", func(t *testing.T) {
		for _, path := range []string{"/v1/dossiers?status=active&limit=1", "/v1/dossiers?limit=0", "/v1/dossiers?colour=red", "/v1/actions?overdue=true", "/v1/nothing"} {
			own, seen := w.As(t, "housing").Get(path), director.Get(path, people["housing"])
			assert.Equal(t, []any{own.Status, withoutMoment(own)}, []any{seen.Status, withoutMoment(seen)}, path)
		}
		own, seen := w.As(t, "housing").Do(http.MethodHead, paths["getDossier"], nil), director.Do(http.MethodHead, paths["getDossier"], nil, people["housing"])
		samePreview(t, "HEAD", own, seen)
		director.Get(paths["getDossier"], people["housing"], "If-None-Match: "+own.Tag()).Check(http.StatusNotModified)
	})
	t.Run("the partner has no role of its people", func(t *testing.T) {
		of := w.Partner("case-director")
		seen := director.Get(paths["getDossier"], asPartner(of)).Want(ok)
		assert.Equal(t, "partner "+of, seen.Header.Get("Preview-As"))
		assert.Contains(t, w.As(t, "case-director").Get(paths["getDossier"]).Allowed(), "updateDossier")
		assert.NotContains(t, seen.Allowed(), "updateDossier")
	})
}

const plantedWord = "Zeewier"

// plantWord writes one word in every text of everything that is in a dossier, with a location to it.
func plantWord(t *testing.T, w *live.World) {
	t.Helper()
	for table, columns := range map[string][]string{
		"dossier": {"title", "purpose", "external_reference"}, "regie_change": {"reason", "jump_reason"}, "link": {"note", "ground", "end_reason"}, "assessment": {"member", "reading", "own_strength", "source"},
		"item": {"text", "source", "external_reference", "correction_reason"}, "item_withdrawal": {"reason"}, "document": {"title", "source", "media_type", "sha256"}, "document_withdrawal": {"reason"}, "information_request": {"question"}, "information_answer": {"reason"}, "release": {"purpose", "conditions", "withdrawal_reason"},
		"matrix_exception": {"reason", "revocation_reason"}, "access_grant": {"reason", "revocation_reason"}, "access_request": {"purpose"},
		"closure": {"reason"}, "triage": {"reason"}, "status_change": {"reason", "perspective_goal"}, "basis_change": {"reason", "purpose"}, "reopening": {"reason"},
		"emergency_access": {"purpose"}, "withholding": {"reason", "lifting_reason"}, "action": {"description", "mediator"}, "action_step": {"reason"}, "completion": {"note"}, "person": {"family_name", "phone", "email"}, "person_merge": {"reason"}, "consent": {"purpose"}, "frame": {"condition", "consequence"}, "precondition_answer": {"note"}, "precondition_override": {"reason"}, "approach": {"description"}, "decision": {"text", "reasons", "dissent"},
		"deliberation": {"social_perspective", "safety_perspective", "absence_reason", "advice"}, "agenda_proposal": {"reason", "note"},
		"plan": {"integral_goal", "resident_interest", "perspective", "care_goal", "safety_goal"}, "goal": {"text"}, "goal_result": {"note"},
	} {
		for _, column := range columns {
			w.Exec(t, "update "+table+" set "+column+" = '"+plantedWord+"'")
		}
	}
	w.Exec(t, `update person set given_names = '', prefix = ''`) // a name is one word then
	w.Exec(t, `update dossier set location = '{"kind": "dwelling", "street": "Zeewier", "point": {"latitude": 51.50417, "longitude": 5.4}}'`)
	w.Exec(t, `update decision set dissents = jsonb_build_array(jsonb_build_object('partnerId', $1::text, 'text', 'Zeewier'))`, w.Partner("police"))
	w.Exec(t, `update closure set outcomes = '[{"description": "Zeewier", "result": "partly"}]'`)
	w.Exec(t, `update triage set criteria = '[{"criterion": "a", "answer": "met", "substantiation": "Zeewier"}, {"criterion": "b", "answer": "met", "substantiation": "Zeewier"},
		{"criterion": "c", "answer": "met", "substantiation": "Zeewier"}, {"criterion": "d", "answer": "met", "substantiation": "Zeewier"}]'`)
	w.Exec(t, `update approach set alternatives = '[{"description": "Zeewier", "reasonAgainst": "Zeewier"}]'`)
	w.Exec(t, `update document set conditions = '[{"withholdFrom": "school", "text": "Zeewier"}]'`)
	w.Exec(t, `update item set conditions = '[{"withholdFrom": "school", "text": "Zeewier"}]'`)
}

// TestAPreviewWithholdsWhatTheDirectorMayNotRead cuts the director's own cells: the preview still shows
// every record as whom he previews has it, with nothing written by people that he could not read himself.
func TestAPreviewWithholdsWhatTheDirectorMayNotRead(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", directorHas(authz.Edit))
	paths := previewPaths(t, w)
	plantWord(t, w)
	director := w.As(t, "director")
	readers := []string{"police", "housing", "mental-health", "case-director", "chair"}
	hidden := map[string]bool{}
	t.Run("who may read nothing reads nothing", func(t *testing.T) {
		w.Publish(t, "director", directorHas(authz.None))
		director.Get(paths["getDossier"]).Check(notFound)
		for _, who := range readers {
			for op, path := range paths {
				own, seen := w.As(t, who).Get(path), director.Get(path, asProfessional(w.Person(who)))
				assert.NotContains(t, string(seen.Raw), plantedWord, "%s as %s", op, who)
				assert.NotContains(t, string(seen.Raw), "51.50417", "%s as %s", op, who)
				assert.Equal(t, own.Tag(), seen.Tag(), "%s as %s: the tag is theirs", op, who)
				assert.Equal(t, withheldIn(withoutMoment(own), plantedWord), withheldIn(withoutMoment(seen)), "%s as %s", op, who)
				hidden[op] = hidden[op] || strings.Contains(string(seen.Raw), "[withheld]")
			}
		}
		for _, op := range []string{"getDossier", "listDossiers", "getItem", "listItems", "getAction", "listActions", "getCompletion", "getDecision", "getDeliberation",
			"getLink", "getRegieChange", "getRelease", "getReleaseWithdrawal", "getSituationReport", "getMeeting", "listParticipants"} {
			assert.True(t, hidden[op], "%s withholds nothing: the test does not reach it", op)
		}
	})
	t.Run("who may read some reads that", func(t *testing.T) {
		w.Publish(t, "director", levels(directorHas(authz.None), map[string]authz.Level{"municipal-director action": authz.Read, "municipal-director identity": authz.Read}))
		who := asProfessional(w.Person("housing"))
		assert.Equal(t, plantedWord, director.Get(paths["getDossier"], who).Want(ok).Text("title"))
		assert.Equal(t, plantedWord, director.Get(paths["getAction"], asProfessional(w.Person("police"))).Want(ok).Text("description"))
		item := director.Get(paths["getItem"], who).Want(ok)
		assert.Equal(t, []string{"[withheld]", plantedWord, "housing"}, []string{item.Text("text"), item.Text("dossier.title"), item.Text("category")})
	})
}

var scores = regexp.MustCompile(`"(score|impactScore|problemLevel|strength|bsnKnown)":("[a-z]+"|\d|true|false)`)

// withheldIn is a value as JSON in which texts, and the planted location, are taken out as a preview does.
func withheldIn(value any, texts ...string) string {
	encoded, _ := json.Marshal(value)
	encoded = scores.ReplaceAll(encoded, []byte(`"$1":null`))
	body := strings.ReplaceAll(string(encoded), `"point":{"latitude":51.50417,"longitude":5.4}`, `"point":null`)
	for _, text := range texts {
		body = strings.ReplaceAll(body, `"`+text+`"`, `"[withheld]"`)
	}
	return body
}

// TestWhoMayPreviewWhat refuses everything but a director who reads.
func TestWhoMayPreviewWhat(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director, police := w.As(t, "director"), asPartner(w.Partner("police"))
	for _, who := range []string{"chair", "police", "police-system", "auditor", "privacy-officer"} {
		for _, header := range []string{police, asProfessional(w.Person("housing")), asPartner("nonsense")} {
			r := w.As(t, who).Get("/v1/dossiers", header)
			r.Check(forbidden)
			assert.Empty(t, r.Header.Get("Preview-As"))
		}
	}
	w.Nobody(t).Get("/v1/dossiers", police).Check(401)
	for name, c := range map[string]struct {
		method, path string
		header       []string
		code         string
	}{
		"a stream":                          {"GET", "/v1/alert-stream", []string{police}, "personal"},
		"a file":                            {"GET", "/v1/documents/019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11/content", []string{police}, "file"},
		"who I am":                          {"GET", "/v1/me", []string{police}, "personal"},
		"an inbox":                          {"GET", "/v1/alerts", []string{police}, "personal"},
		"somebody's work":                   {"GET", "/v1/my-work", []string{police}, "personal"},
		"a summary of it":                   {"GET", "/v1/alerts/summary", []string{police}, "personal"},
		"opening a dossier":                 {"POST", "/v1/dossiers", []string{police}, "reads-only"},
		"a change":                          {"PATCH", f.Path, []string{police, anyTag}, "reads-only"},
		"what is deleted":                   {"DELETE", "/v1/authorisation-matrix/draft", []string{police, anyTag}, "reads-only"},
		"both":                              {"GET", "/v1/dossiers", []string{police, asProfessional(w.Person("police"))}, "duplicate"},
		"no id":                             {"GET", "/v1/dossiers", []string{asPartner("politie")}, "uuid"},
		"an empty id":                       {"GET", "/v1/dossiers", []string{"Preview-As-Partner: "}, "uuid"},
		"an id in braces":                   {"GET", "/v1/dossiers", []string{asPartner("{" + w.Partner("police") + "}")}, "uuid"},
		"nobody":                            {"GET", "/v1/dossiers", []string{asPartner(uuid.NewString())}, "reference"},
		"a professional as partner":         {"GET", "/v1/dossiers", []string{asPartner(w.Person("police"))}, "reference"},
		"a partner as professional":         {"GET", "/v1/dossiers", []string{asProfessional(w.Partner("police"))}, "reference"},
		"a partner of another municipality": {"GET", "/v1/dossiers", []string{asPartner(w.Partner("other-police"))}, "reference"},
		"somebody of another municipality":  {"GET", "/v1/dossiers", []string{asProfessional(w.Person("other-police"))}, "reference"},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.Rows(t)
			r := director.Do(c.method, c.path, nil, c.header...).Want(invalid)
			assert.Equal(t, c.code, r.Text("errors.0.code"), "%s", r.Raw)
			assert.Equal(t, "header", r.Text("errors.0.in"))
			assert.Contains(t, r.Text("errors.0.parameter"), "Preview-As-")
			assert.NotContains(t, string(r.Raw), "politie", "it says what was sent")
			assert.Empty(t, r.Header.Get("Preview-As"))
			assert.Equal(t, before, w.Rows(t))
		})
	}
	t.Run("who may not come in sees nothing", func(t *testing.T) {
		change(t, director, "/v1/partners/"+w.Partner("housing"), live.M{"status": "suspended"})
		change(t, director, "/v1/professionals/"+w.Person("social"), live.M{"validUntil": "2026-01-01"})
		for _, header := range []string{asPartner(w.Partner("housing")), asProfessional(w.Person("housing")), asProfessional(w.Person("social"))} {
			assert.Equal(t, "no-access", director.Get("/v1/dossiers", header).Want(invalid).Text("errors.0.code"))
		}
	})
	t.Run("what needs no token is not previewed", func(t *testing.T) {
		assert.Empty(t, director.Get("/v1/glossary", police).Want(ok).Header.Get("Preview-As"))
	})
	t.Run("nor what stands outside the contract", func(t *testing.T) {
		director.Do("POST", "/oauth2/token", nil, police, "Content-Type: application/x-www-form-urlencoded").Check(invalid)
	})
}

// TestAPreviewIsTheDirectors keeps in the audit trail and in the log that the director looked, and leaves
// nothing else behind.
func TestAPreviewIsTheDirectors(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director := w.As(t, "director")
	before := w.Rows(t)
	director.Get(f.Path, asPartner(w.Partner("police"))).Want(ok)
	hidden := director.Get("/v1/dossiers/"+uuid.NewString(), asProfessional(w.Person("police"))).Want(notFound)
	assert.Equal(t, "professional "+w.Person("police"), hidden.Header.Get("Preview-As"))
	before["audit_entry"] += 2
	assert.Equal(t, before, w.Rows(t))
	w.Exec(t, `do $$ begin if (select count(*) from audit_entry where event = 'preview.used' and professional_id = '`+w.Person("director")+`'
		and subject_id in ('`+w.Partner("police")+`', '`+w.Person("police")+`')) <> 2 then raise exception 'not kept'; end if; end $$`)
	lines := strings.Split(strings.TrimSpace(w.Log.Text()), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return !strings.Contains(line, `"partner":`) }) // what works behind logs too
	last := lines[len(lines)-1]
	assert.Contains(t, last, `"partner":"`+w.Partner("director")+`"`)
	assert.NotContains(t, last, w.Partner("police"))
}

// TestAPreviewFollowsTheRecords changes what somebody may, and what the director is, between two previews.
func TestAPreviewFollowsTheRecords(t *testing.T) {
	t.Parallel()
	c := openCourt(t)
	file, regisseur := c.file, c.With(t, c.hired["regisseur"])
	item := file.Item(t, "mental-health", "health").Place()
	as := asPartner(c.Partner("police"))
	regisseur.Get(item, as).Check(notFound)
	c.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"police health": authz.Read}))
	regisseur.Get(item, as).Check(ok)
	regisseur.Get(item).Check(notFound)
	assert.Equal(t, "[withheld]", regisseur.Get(item, as).Text("text"), "he may not read health himself")

	t.Run("what only administrators read is withheld from a director who is none", func(t *testing.T) {
		made := c.As(t, "director").Post("/v1/clients", live.M{"name": "Systeem", "categories": []string{"police"}, "partnerId": c.Partner("police"), "jwksUri": "https://keys.police.example/jwks"}).Want(created)
		admin := asProfessional(calledSo(t, c, "Collega clerk"))
		assert.Equal(t, "[withheld]", regisseur.Get(made.Place(), admin).Want(ok).Text("jwksUri"))
		seen := regisseur.Get("/v1/professionals/"+c.Person("police"), admin).Want(ok)
		assert.Equal(t, "[withheld]", seen.Text("identities.0.subject"))
		assert.NotContains(t, string(regisseur.Get("/v1/professionals?limit=200", admin).Want(ok).Raw), `"subject":"police"`)
	})
	change(t, c.As(t, "director"), "/v1/professionals/"+calledSo(t, c, "Collega regisseur"), live.M{"roles": []string{"professional"}})
	regisseur.Get(item, as).Check(forbidden)
}

// calledSo is the professional with a name.
func calledSo(t *testing.T, c *court, name string) string {
	t.Helper()
	all := c.As(t, "director").Get("/v1/professionals?limit=200").Want(ok)
	at := slices.Index(all.Texts("items", "name"), name)
	require.GreaterOrEqual(t, at, 0)
	return all.IDs()[at]
}
