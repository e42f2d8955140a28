package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// attempt is one operation on a resource, otherwise valid; what ends the resource stands last.
type attempt struct {
	op   string
	call func(*live.Client) *live.Reply
}

// holds compares what a resource says to allow with what really is allowed: every operation of the
// contract on it is tried. It tells which were.
func holds(t *testing.T, w *live.World, who, template, path string, attempts []attempt) {
	t.Helper()
	caller := w.As(t, who)
	said := caller.Get(path).Want(ok).Allowed()
	for _, op := range operationsOn(w, template) {
		require.Contains(t, names(attempts), op, "the test tries every operation of the contract on %s", template)
	}
	for _, a := range attempts {
		r := a.call(caller)
		if done := r.Status < 300; done != slices.Contains(said, a.op) {
			t.Errorf("%s of %s is %d and allowedOperations says %v: %s", a.op, who, r.Status, said, r.Raw)
		}
	}
	for _, op := range said {
		assert.Contains(t, names(attempts), op, "allowedOperations names what cannot be called on %s", template)
	}
}

func names(attempts []attempt) (all []string) {
	for _, a := range attempts {
		all = append(all, a.op)
	}
	return all
}

// operationsOn are those on a resource itself and on what is directly in it.
func operationsOn(w *live.World, template string) (all []string) {
	for _, op := range w.Contract().Operations {
		rest, under := strings.CutPrefix(op.Path, template)
		if under && (rest == "" || rest[0] == '/' && !strings.Contains(rest, "{")) {
			all = append(all, op.ID)
		}
	}
	return all
}

// reading, posting and patching attempt an operation under a path, with the tag that the caller sees.
func reading(op, path string) attempt {
	return attempt{op, func(c *live.Client) *live.Reply { return c.Get(path) }}
}

func posting(op, path, of string, body live.M) attempt {
	return attempt{op, func(c *live.Client) *live.Reply { return c.Post(path, body, live.Match(c.Get(of).Tag())) }}
}

func patching(op, path string, body live.M) attempt {
	return attempt{op, func(c *live.Client) *live.Reply { return c.Patch(path, c.Get(path).Tag(), body) }}
}

func TestAllowedOperationsOfADossier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	adds := map[string]string{"social": "housing", "police": "police", "housing": "housing", "case-director": "life-domain", "chair": "enforcement", "director": "plan"}
	for who, category := range adds {
		for _, directed := range []bool{true, false} {
			f, other := w.Opened(t, live.M{}), w.Opened(t, live.M{})
			by := "social"
			if directed {
				f.Direct(t)
				other.Direct(t)
				by = "case-director"
			}
			for _, short := range []string{"police", "housing"} {
				f.Join(t, by, short)
			}
			if !directed && who == "case-director" {
				continue // takes no part yet
			}
			t.Run(map[bool]string{true: "directed, ", false: "just opened, "}[directed]+who, func(t *testing.T) {
				holds(t, w, who, "/v1/dossiers/{dossierId}", f.Path, onDossier(t, w, f, other, who, category))
			})
		}
	}
}

func onDossier(t *testing.T, w *live.World, f, other *live.Case, who, category string) []attempt {
	t.Helper()
	_, agenda := f.Meeting(t)
	decision := decisionUnder(t, w, "/v1/agenda-items/"+agenda.ID())
	carrier := map[string]string{"director": "police"}[who]
	if carrier == "" {
		carrier = who
	}
	return []attempt{
		reading("getDossier", f.Path), reading("listParticipants", f.Path+"/participants"), reading("listLinks", f.Path+"/links"),
		reading("listAssessments", f.Path+"/assessments"), reading("getAssessmentDeltas", f.Path+"/assessment-deltas"),
		reading("getMultiProblemIndicator", f.Path+"/multi-problem-indicator"),
		posting("addAssessment", f.Path+"/assessments", f.Path, scored("finances", 3)),
		reading("listRegieChanges", f.Path+"/regie-changes"), reading("listClosures", f.Path+"/closures"), reading("listItems", f.Path+"/items"),
		reading("listPlans", f.Path+"/plans"), posting("draftPlan", f.Path+"/plans", f.Path, live.M{"integralGoal": "Samen.", "overrideReason": "Spoed."}),
		reading("getSituationReport", f.Path+"/situation-report"), reading("listTimeline", f.Path+"/timeline"), reading("listEmergencyAccesses", f.Path+"/emergency-accesses"),
		reading("getRegieHolders", f.Path+"/regie-holders"), reading("listInvolved", f.Path+"/involved"), reading("getStagnation", f.Path+"/stagnation"), reading("getDossierRetention", f.Path+"/retention"), {"extendDossierRetention", func(c *live.Client) *live.Reply {
			return c.Post(f.Path+"/retention-extensions", extending(everyPartner(t, w)...))
		}},
		posting("requestAccess", "/v1/access-requests", f.Path, live.M{"dossierId": f.ID, "category": "health", "purpose": "Weten wat er speelt."}),
		posting("explainAccess", "/v1/access-explanations", f.Path, live.M{
			"dossierId": f.ID, "professionalId": w.Person(who), "category": "health", "act": "read",
		}),
		patching("updateDossier", f.Path, live.M{"purpose": "Een nieuw doel."}),
		posting("addParticipant", f.Path+"/participants", f.Path, live.M{
			"partnerId": w.Partner("mental-health"), "role": "participant", "professionalIds": []string{w.Person("mental-health")}}),
		posting("addLink", f.Path+"/links", f.Path, live.M{"otherDossierId": other.ID, "kind": "related"}),
		posting("addItem", f.Path+"/items", f.Path, live.M{"category": category, "text": "Iets.", "observedOn": "2026-01-15"}),
		posting("addItems", f.Path+"/items/_batch", f.Path, live.M{"items": []live.M{{"category": category, "text": "Iets.", "observedOn": "2026-01-15"}}}),
		posting("addDocument", "/v1/documents", f.Path, live.M{
			"dossierId": f.ID, "category": category, "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}),
		posting("addQuickNote", f.Path+"/quick-notes", f.Path, live.M{"text": "Buurvrouw gesproken."}),
		reading("listInformationRequests", f.Path+"/information-requests"),
		posting("askForInformation", f.Path+"/information-requests", f.Path, live.M{
			"partnerId": w.Partner("housing"), "category": "housing", "question": "Is er achterstand?", "dueDate": "2199-12-01"}),
		posting("createAction", "/v1/actions", f.Path, live.M{
			"dossierId": f.ID, "partnerId": w.Partner(carrier), "description": "Bellen.", "lifeDomain": "nuisance", "kind": "support", "track": "support",
			"dueDate": "2199-12-01"}),
		posting("changeRegie", f.Path+"/regie-changes", f.Path, live.M{
			"holders": []live.M{{"responsibility": "operational", "kind": "nobody"}}, "criteria": []string{}, "reason": "Ingetrokken."}),
		reading("listSubjects", f.Path+"/subjects"), reading("listOverlapNotices", f.Path+"/overlap-notices"),
		posting("addSubject", f.Path+"/subjects", f.Path, asSubject(w.As(t, who).Post("/v1/persons", somebody()).ID())),
		reading("listFrames", f.Path+"/frames"), reading("listPreconditions", f.Path+"/preconditions"), reading("listApproaches", f.Path+"/approaches"),
		reading("listPreconditionOverrides", f.Path+"/precondition-overrides"), posting("addFrame", f.Path+"/frames", f.Path, frame()),
		posting("recordPrecondition", f.Path+"/preconditions", f.Path, metNow("informed")),
		posting("overridePreconditions", f.Path+"/precondition-overrides", f.Path, notYet()),
		posting("chooseApproach", f.Path+"/approaches", f.Path, approach(decision)),
		reading("listMatrixExceptions", f.Path+"/matrix-exceptions"), reading("listGrants", f.Path+"/grants"),
		reading("listDossierAccess", f.Path+"/access"), reading("listDossierAccessLog", f.Path+logOf),
		posting("makeMatrixException", f.Path+"/matrix-exceptions", f.Path, live.M{
			"partnerId": w.Partner("police"), "category": "bsn", "level": "none", "reason": "Niet nodig."}),
		posting("grantAccess", f.Path+"/grants", f.Path, live.M{"professionalId": w.Person("mental-health"), "categories": []string{}, "level": "read",
			"reason": "Waarneming.", "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}),
		reading("listTriages", f.Path+"/triages"), reading("listStatusChanges", f.Path+"/status-changes"),
		reading("listBasisChanges", f.Path+"/basis-changes"), reading("listReopenings", f.Path+"/reopenings"),
		posting("recordTriage", f.Path+"/triages", f.Path, triage()), posting("changeStatus", f.Path+"/status-changes", f.Path, toTriage()),
		posting("changeBasis", f.Path+"/basis-changes", f.Path, onConsent()),
		posting("reopenDossier", f.Path+"/reopenings", f.Path, relapsed()),
		posting("closeDossier", f.Path+"/closures", f.Path, live.M{
			"result": "partly", "outcomes": []live.M{{"description": "Rust.", "result": "partly"}}, "reason": "Klaar."}),
	}
}

func TestAllowedOperationsOfAnItem(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	secret, lifted := live.M{"secrecy": live.M{}}, live.M{"secrecy": live.M{"ground": "explicit-consent"}}
	for name, c := range map[string]struct {
		category, supplier string
		more               live.M
		readers            []string
	}{
		"open to others":    {"housing", "housing", nil, []string{"housing", "police", "director", "case-director"}},
		"under secrecy":     {"health", "mental-health", secret, []string{"mental-health"}},
		"secrecy is lifted": {"health", "mental-health", lifted, []string{"mental-health"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, who := range c.readers {
				item := f.Item(t, c.supplier, c.category, c.more).Place()
				holds(t, w, who, "/v1/dossiers/{dossierId}/items/{itemId}", item, []attempt{
					reading("getItem", item), reading("listReleases", item+"/releases"),
					reading("listWithholdings", item+"/withholdings"),
					posting("withholdItem", item+"/withholdings", item, live.M{"partnerId": w.Partner("chair"), "reason": "Doorverteld."}),
					posting("releaseItem", item+"/releases", item, live.M{"partnerIds": []string{}, "purpose": "Samen besluiten."}),
					reading("listItemWithdrawals", item+"/withdrawals"),
					posting("correctItem", item+"/corrections", item, live.M{"text": "Het is anders.", "reason": "Vergissing."}),
					posting("withdrawItem", item+"/withdrawals", item, live.M{"reason": "Vergissing.", "breach": false}),
				})
			}
		})
	}
}

func TestAllowedOperationsOfAnAction(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for _, who := range []string{"chair", "case-director", "police", "mental-health", "social", "director"} {
		t.Run(who, func(t *testing.T) {
			fresh := func() string { return f.Action(t, "case-director", "police").Place() }
			action, dropped, again := fresh(), fresh(), fresh() // alike: what ends one leaves the others
			on := []attempt{
				reading("getAction", action), reading("listCompletions", action+"/completions"),
				patching("updateAction", action, live.M{"description": "Opnieuw op huisbezoek."}),
				reading("listDeferrals", action+"/deferrals"), reading("listAssignments", action+"/assignments"),
				reading("listActionReopenings", action+"/reopenings"), reading("listActionCancellations", action+"/cancellations"),
				posting("deferAction", action+"/deferrals", action, live.M{"dueDate": "2199-12-20", "reason": "Vakantie."}),
				posting("assignAction", action+"/assignments", action, live.M{"partnerId": w.Partner("police"), "reason": "Wie vrij is."}),
				posting("completeAction", action+"/completions", action, live.M{"result": "achieved", "note": "Gedaan."}),
				posting("cancelAction", dropped+"/cancellations", dropped, live.M{"reason": "Niet nodig."}),
				posting("reopenAction", again+"/reopenings", again, live.M{"reason": "Toch nodig."}),
			}
			holds(t, w, who, "/v1/actions/{actionId}", action, on)
			for _, one := range []string{action, dropped, again} {
				w.As(t, "police").Post(one+"/completions", live.M{"result": "achieved", "note": "Gedaan."}, anyTag)
			}
			holds(t, w, who, "/v1/actions/{actionId}", action, on)
		})
	}
}

func TestAllowedOperationsOfAMeeting(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for _, status := range []string{"planned", "held", "finalised", "cancelled"} {
		for _, who := range []string{"chair", "police", "director"} {
			t.Run(status+", "+who, func(t *testing.T) {
				meeting, _ := w.Case(t).Meeting(t, "police")
				path := meeting.Place()
				inStatus(t, w, path, status)
				holds(t, w, who, "/v1/meetings/{meetingId}", path, []attempt{
					reading("getMeeting", path), reading("listAgendaItems", path+"/agenda-items"), reading("listInvitations", path+"/invitations"),
					patching("updateMeeting", path, live.M{"place": "Elders"}),
					posting("invite", path+"/invitations", path, live.M{"professionalId": w.Person("housing")}),
					posting("addAgendaItem", path+"/agenda-items", path, live.M{"title": "Rondvraag"}),
					reading("listMeetingCancellations", path+"/cancellations"), reading("listMeetingFinalisations", path+"/finalisations"),
					reading("listAttendances", path+"/attendances"), reading("getMinutes", path+"/minutes"), reading("listAgendaProposals", path+"/agenda-proposals"),
					reading("listAgendaSuggestions", path+"/agenda-suggestions"),
					posting("proposeAgendaItem", path+"/agenda-proposals", path, live.M{"dossierId": w.Case(t).ID, "reason": "Nodig."}),
					posting("recordAttendance", path+"/attendances", path, live.M{"professionalId": w.Person("chair")}),
					posting("finaliseMeeting", path+"/finalisations", path, live.M{"absenceReason": "Verhinderd."}),
					posting("cancelMeeting", path+"/cancellations", path, live.M{"reason": "Vol."}),
				})
			})
		}
	}
}

func TestAllowedOperationsOfADraft(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	cells := live.M{"cells": live.Cells(matrix.Default())}
	draft := "/v1/authorisation-matrix/draft"
	put := func(c *live.Client) *live.Reply { return c.Do("PUT", draft, cells, live.Match(c.Get(draft).Tag())) }
	begin := func(c *live.Client) { c.Do("PUT", draft, cells).Want(created) }
	begin(w.As(t, "director"))
	on := []attempt{
		reading("getMatrixDraft", draft), reading("getMatrixDraftFindings", draft+"/findings"), {"putMatrixDraft", put},
		{"simulateMatrix", func(c *live.Client) *live.Reply { return c.Post("/v1/authorisation-matrix/simulations", nil) }},
		patching("patchMatrixDraft", draft, live.M{"set": []live.M{{"partnerType": "police", "dossierType": "group", "category": "health", "level": "none"}}}),
		{"deleteMatrixDraft", func(c *live.Client) *live.Reply {
			defer begin(c)
			return c.Do("DELETE", draft, nil, live.Match(c.Get(draft).Tag()))
		}},
	}
	holds(t, w, "director", draft, draft, append(on, attempt{"publishMatrix", func(c *live.Client) *live.Reply {
		return c.Post("/v1/authorisation-matrix/publications", c.Publication(), live.Match(c.Get(draft).Tag()))
	}}))
}
