package server_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// records makes one of everything that stands under something else, and tells the ids by the names
// of path parameters.
func records(t *testing.T, w *live.World) map[string]string {
	t.Helper()
	f, other := w.Case(t), w.Opened(t, live.M{"title": "Een ander gezin"})
	director, chair := w.As(t, "director"), w.As(t, "chair")
	closure := f.Close(t)
	reopening := chair.Post(f.Path+"/reopenings", relapsed()).Want(created)
	item := f.Item(t, "housing", "housing")
	housing := w.As(t, "housing")
	release := housing.Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Samen."}).Want(created)
	withdrawal := housing.Post("/v1/releases/"+release.ID()+"/withdrawals", live.M{"reason": "Nee."}, anyTag).Want(created)
	action := f.Action(t, "case-director", "police")
	steps := walked(t, w, action.Place())
	completion := w.As(t, "police").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Ja."}, anyTag).Want(created)
	meeting, agenda := f.Meeting(t, "police")
	under := "/v1/agenda-items/" + agenda.ID()
	colleague := director.Post("/v1/professionals", live.M{"partnerId": w.Partner("police"), "name": "Twee", "email": "t@police.example", "roles": []string{}}).Want(created)
	taken := w.As(t, "privacy-officer").Post(glass, inNeed(director.Get(f.Path).Text("number"))).Want(created)
	kept, excepted, granted := ended(housing, item.Place()+"/withholdings", live.M{"partnerId": w.Partner("police"), "reason": "Nee."}),
		ended(director, f.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("police"), "category": "bsn", "level": "none", "reason": "Nee."}),
		ended(director, f.Path+"/grants", live.M{"professionalId": w.Person("social"), "categories": []string{}, "level": "read", "reason": "Nee.",
			"until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	back := housing.Post(f.Item(t, "housing", "housing").Place()+"/withdrawals", live.M{"reason": "Nee.", "breach": false}, anyTag).Want(created)
	asked := f.Ask(t, "housing")
	ids := map[string]string{
		"itemWithdrawalId": back.ID(), // of another item: this one is still there
		"accessId":         taken.ID(), "accessRequestId": w.As(t, "police").Post(requests, asking(w, f, "")).Want(created).ID(),
		"dossierId": f.ID, "itemId": item.ID(), "releaseId": release.ID(), "withdrawalId": withdrawal.ID(), "withholdingId": kept, "liftingId": kept,
		"exceptionId": excepted, "revocationId": excepted, "grantId": granted, "grantRevocationId": granted, "actionId": action.ID(),
		"participantId": director.Get(f.Path + "/participants").IDs()[0], "regieChangeId": director.Get(f.Path + "/regie-changes").IDs()[0],
		"informationRequestId": asked.ID(), "informationAnswerId": housing.Post(asked.Place()+"/answers", live.M{"reason": "Gewichtig."}, anyTag).Want(created).ID(),
		"linkId":       director.Post(f.Path+"/links", live.M{"otherDossierId": other.ID, "kind": "related"}).Want(created).ID(),
		"assessmentId": w.As(t, "police").Post(f.Path+"/assessments", scored("finances", 3)).Want(created).ID(),
		"completionId": completion.ID(), "meetingId": meeting.ID(), "agendaItemId": agenda.ID(),
		"invitationId": chair.Get(meeting.Place() + "/invitations").IDs()[0],
		"deliberationId": chair.Post(under+"/deliberations", live.M{"socialPerspective": "Ja.", "safetyPerspective": "Ja.", "contributions": []live.M{}}).
			Want(created).ID(),
		"decisionId":     chair.Post(under+"/decisions", live.M{"text": "Ja.", "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created).ID(),
		"professionalId": colleague.ID(), "closureId": closure.ID(), "reopeningId": reopening.ID(),
		"triageId":       chair.Post(f.Path+"/triages", triage(), anyTag).Want(created).ID(),
		"statusChangeId": chair.Post(f.Path+"/status-changes", toTriage(), anyTag).Want(created).ID(),
		"basisChangeId":  chair.Post(f.Path+"/basis-changes", onConsent(), anyTag).Want(created).ID(),
		"substitutionId": director.Post("/v1/professionals/"+colleague.ID()+"/substitutions", live.M{
			"substituteId": w.Person("police"), "from": "2198-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}).Want(created).ID(),
	}
	maps.Copy(ids, steps)
	maps.Copy(ids, documented(t, w, f))
	maps.Copy(ids, concluded(t, w, meeting))
	maps.Copy(ids, plannedIDs(t, w, f))
	maps.Copy(ids, about(t, w, f.Path))
	maps.Copy(ids, around(t, w, f.Path, ids["decisionId"]))
	ids["eventId"] = happened(t, w, f.ID)
	return ids
}

// ended makes something that is revoked or lifted at once; how it ended has its id.
func ended(who *live.Client, collection string, body live.M) string {
	made := who.Post(collection, body).Want(created)
	end := made.Place() + "/revocations"
	if strings.HasSuffix(collection, "/withholdings") {
		end = "/v1/withholdings/" + made.ID() + "/liftings"
	}
	who.Post(end, live.M{"reason": "Toch niet."}, anyTag).Want(created)
	return made.ID()
}

// TestNothingIsFoundUnderAnotherParent reads and changes what stands under one record by way of
// another of the same kind, which may be read as well.
func TestNothingIsFoundUnderAnotherParent(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	mine, theirs := records(t, w), records(t, w)
	readers := map[string]string{"itemId": "housing", "releaseId": "housing", "substitutionId": "director", "participantId": "director",
		"exceptionId": "director", "grantId": "director", "withholdingId": "housing", "liftingId": "housing", "itemWithdrawalId": "housing", "subjectId": "case-director", "informationDutyId": "case-director", "consentId": "case-director", "mergeId": "case-director"}
	for _, op := range w.Contract().Operations {
		parameters := placeholder.FindAllString(op.Path, -1)
		if len(parameters) < 2 {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			by := "chair"
			if reader := readers[strings.Trim(parameters[len(parameters)-1], "{}")]; reader != "" {
				by = reader
			}
			who := w.As(t, by)
			fill := func(of func(i int) map[string]string) string {
				i := -1
				return placeholder.ReplaceAllStringFunc(op.Path, func(p string) string { i++; return of(i)[strings.Trim(p, "{}")] })
			}
			own := fill(func(int) map[string]string { return mine })
			if op.Method == "GET" && op.ID != "getItemWithdrawal" && op.ID != "getDocumentWithdrawal" && op.ID != "getMeetingCancellation" {
				who.Get(own).Check(ok)
			}
			for at := range len(parameters) - 1 {
				path := fill(func(i int) map[string]string { return map[bool]map[string]string{true: theirs, false: mine}[i == at] })
				who.Do(op.Method, path, op.Example(), anyTag).Check(notFound)
			}
		})
	}
}

// TestAReferenceTellsNothing names in a body what is hidden and what is not there: the answers are
// the same.
func TestAReferenceTellsNothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	hidden := w.Opened(t, live.M{"basis": "wgs"}) // police, housing and case director take no part
	meeting, _ := f.Meeting(t, "police")
	elsewhere, item := hidden.Meeting(t)
	waitForAlert(t, w.As(t, "chair"))
	foreign := w.As(t, "other-police").Post("/v1/dossiers", opening("Jan")).Want(created).ID()
	colleague := func(id string) live.M { return live.M{"professionalId": id} }
	for name, c := range map[string]struct {
		by, path string
		ids      []string
		body     func(id string) live.M
	}{
		"a link to a dossier": {"case-director", f.Path + "/links", []string{hidden.ID, foreign}, func(id string) live.M {
			return live.M{"otherDossierId": id, "kind": "related"}
		}},
		"an action in a dossier": {"case-director", "/v1/actions", []string{hidden.ID, foreign}, func(id string) live.M {
			return live.M{"dossierId": id, "partnerId": w.Partner("police"), "description": "x", "lifeDomain": "nuisance", "kind": "support", "track": "support",
				"dueDate": "2199-12-01"}
		}},
		"an action of a meeting": {"case-director", "/v1/actions", []string{elsewhere.ID()}, func(id string) live.M {
			return live.M{"dossierId": f.ID, "meetingId": id, "partnerId": w.Partner("police"), "description": "x", "lifeDomain": "nuisance", "kind": "support",
				"track": "support", "dueDate": "2199-12-01"}
		}},
		"an action of a partner": {"case-director", "/v1/actions", []string{w.Partner("other-police"), w.Partner("director")}, func(id string) live.M {
			return live.M{"dossierId": f.ID, "partnerId": id, "description": "x", "lifeDomain": "nuisance", "kind": "support", "track": "support",
				"dueDate": "2199-12-01"}
		}},
		"an invitation":  {"chair", meeting.Place() + "/invitations", []string{w.Person("other-police")}, colleague},
		"an agenda item": {"chair", meeting.Place() + "/agenda-items", []string{foreign}, func(id string) live.M { return live.M{"dossierId": id} }},
		"a part of agenda": {"chair", meeting.Place() + "/invitations", []string{item.ID()}, func(id string) live.M {
			return live.M{"professionalId": w.Person("housing"), "agendaItemIds": []string{id}}
		}},
		"a partner that joins": {"case-director", f.Path + "/participants", []string{w.Partner("other-police")}, func(id string) live.M {
			return live.M{"partnerId": id, "role": "participant", "professionalIds": []string{}}
		}},
		"a professional who joins": {"case-director", f.Path + "/participants", []string{w.Person("other-police")}, func(id string) live.M {
			return live.M{"partnerId": w.Partner("director"), "role": "participant", "professionalIds": []string{id}}
		}},
		"a case director": {"chair", f.Path + "/regie-changes", []string{w.Person("other-director")}, func(id string) live.M {
			return live.M{"caseDirectorId": id, "criteria": []string{}, "reason": "x"}
		}},
		"a release": {"housing", f.Item(t, "housing", "housing").Place() + "/releases", []string{w.Partner("other-police"), w.Partner("director")}, func(id string) live.M {
			return live.M{"partnerIds": []string{id}, "purpose": "x"}
		}},
		"an alert of others": {"police", "/v1/alert-acknowledgements", []string{w.As(t, "chair").Get("/v1/alerts").IDs()[0]}, func(id string) live.M {
			return live.M{"ids": []string{id}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			who := w.As(t, c.by)
			absent := who.Post(c.path, c.body(uuid.Must(uuid.NewV7()).String()), anyTag)
			absent.Check(invalid)
			for _, id := range c.ids {
				there := who.Post(c.path, c.body(id), anyTag)
				assert.Equal(t, bare(absent), bare(there), "what is hidden answers otherwise than what is not there")
			}
		})
	}
	t.Run("a filter", func(t *testing.T) {
		for _, list := range []string{"/v1/actions?dossierId=", "/v1/meetings?dossierId=", "/v1/alerts?dossierId="} {
			assert.Empty(t, w.As(t, "police").Get(list+hidden.ID).Want(ok).IDs())
		}
	})
}
