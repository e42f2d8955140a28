package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestRulesAndStatesThatAreInTheWay tries what the caller may do and the state of things does not
// allow: 409 with what is in the way, and nothing written.
func TestRulesAndStatesThatAreInTheWay(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, fresh, wgs := w.Case(t), w.Opened(t, live.M{}), w.Opened(t, live.M{"basis": "wgs"})
	other := w.Opened(t, live.M{})
	other.Direct(t)
	director := w.As(t, "director")
	link := live.M{"otherDossierId": other.ID, "kind": "related"}
	director.Post(f.Path+"/links", link).Want(created)
	action := f.Action(t, "case-director", "police")
	w.As(t, "police").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "x"}, anyTag).Want(created)
	meeting, agenda := f.Meeting(t, "police")
	over, overItem := f.Meeting(t)
	w.As(t, "chair").Post(over.Place()+"/cancellations", live.M{"reason": "x"}, anyTag).Want(created)
	secret := f.Item(t, "mental-health", "health", live.M{"secrecy": live.M{}})
	release := w.As(t, "housing").Post(f.Item(t, "housing", "housing").Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "x"}).Want(created)
	withdrawals := "/v1/releases/" + release.ID() + "/withdrawals"
	w.As(t, "housing").Post(withdrawals, live.M{"reason": "x"}, anyTag).Want(created)
	deliberation := live.M{"socialPerspective": "x", "contributions": []live.M{}}
	person := func(id string) live.M {
		return live.M{"partnerId": w.Partner("police"), "role": "participant", "professionalIds": []string{id}}
	}
	agreed := func(due string) live.M {
		return live.M{"dossierId": f.ID, "partnerId": w.Partner("police"), "description": "x", "lifeDomain": "nuisance", "kind": "support", "track": "support",
			"dueDate": due}
	}
	before := w.Rows(t)
	for name, c := range map[string]struct {
		by, path string
		body     live.M
	}{
		"a partner that takes part already":        {"case-director", f.Path + "/participants", person(w.Person("police"))},
		"a professional of another partner":        {"social", fresh.Path + "/participants", person(w.Person("housing"))},
		"a third party under the Wgs":              {"social", wgs.Path + "/participants", live.M{"partnerId": w.Partner("housing"), "role": "participant", "professionalIds": []string{}}},
		"a link that is there":                     {"director", f.Path + "/links", link},
		"a case director without the role":         {"chair", f.Path + "/regie-changes", live.M{"caseDirectorId": w.Person("police"), "criteria": []string{}, "reason": "x"}},
		"phase 3 without a case director":          {"chair", fresh.Path + "/regie-changes", live.M{"phase": 3, "criteria": []string{"b"}, "reason": "x", "jumpReason": "x"}},
		"an action that is done":                   {"case-director", action.Place() + "/completions", live.M{"result": "achieved", "note": "x"}},
		"an action whose term is over":             {"case-director", "/v1/actions", agreed("2026-01-01")},
		"a release of what is under secrecy":       {"mental-health", secret.Place() + "/releases", live.M{"partnerIds": []string{}, "purpose": "x"}},
		"a release that was withdrawn":             {"housing", withdrawals, live.M{"reason": "x"}},
		"a dossier that is on the agenda":          {"chair", meeting.Place() + "/agenda-items", live.M{"dossierId": f.ID}},
		"somebody who is invited":                  {"chair", meeting.Place() + "/invitations", live.M{"professionalId": w.Person("police")}},
		"a meeting without a chair":                {"director", "/v1/meetings", live.M{"title": "x", "chairId": w.Person("police"), "startsAt": "2199-01-01T09:00:00Z", "endsAt": "2199-01-01T10:00:00Z"}},
		"one perspective without a reason":         {"chair", "/v1/agenda-items/" + agenda.ID() + "/deliberations", deliberation},
		"a decision in a cancelled meeting":        {"chair", "/v1/agenda-items/" + overItem.ID() + "/decisions", live.M{"text": "x", "reasons": "x", "professionalIds": []string{}, "actions": []live.M{}}},
		"a decision with an action that is over":   {"chair", "/v1/agenda-items/" + agenda.ID() + "/decisions", live.M{"text": "x", "reasons": "x", "professionalIds": []string{}, "actions": []live.M{without(agreed("2026-01-01"), "dossierId")}}},
		"an identity of somebody else":             {"director", "/v1/professionals", live.M{"partnerId": w.Partner("police"), "name": "x", "email": "x@police.example", "roles": []string{}, "identities": []live.M{{"issuer": w.URL, "subject": "chair"}}}},
		"a substitute of another partner":          {"director", "/v1/professionals/" + w.Person("police") + "/substitutions", live.M{"substituteId": w.Person("chair"), "from": "2198-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}},
		"a publication without a draft":            {"director", "/v1/authorisation-matrix/publications", live.M{"reason": "x"}},
		"a table that is led without the role":     {"director", "/v1/tables", live.M{"name": "x", "purpose": "x", "chairId": w.Person("police"), "memberPartnerIds": []string{}, "rhythm": "x", "level": "case"}},
		"an invitation to a meeting that is over":  {"chair", over.Place() + "/invitations", live.M{"professionalId": w.Person("police")}},
		"an agenda item of a meeting that is over": {"chair", over.Place() + "/agenda-items", live.M{"title": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.As(t, c.by).Post(c.path, c.body, anyTag, key())
			if r.Check(conflict) {
				assert.NotEmpty(t, r.Text("detail"))
				assert.Equal(t, "conflict", r.Kind())
			}
		})
	}
	assert.Equal(t, before, w.Rows(t), "a conflict wrote something")
}

func without(body live.M, name string) live.M {
	delete(body, name)
	return body
}

// TestWhoNeverOpensADossier are partner types that take part in none of their own accord, whatever
// the matrix gives them.
func TestWhoNeverOpensADossier(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", everything())
	director := w.As(t, "director")
	for _, kind := range []string{"residents", "riec", "incidental-third-party", "school"} {
		t.Run(kind, func(t *testing.T) {
			partner := director.Post("/v1/partners", live.M{"name": kind, "type": kind, "domain": "neighbourhood"}).Want(created).ID()
			director.Post("/v1/professionals", live.Cleared(live.M{"partnerId": partner, "name": kind, "email": "a@b.example", "roles": []string{"professional"},
				"identities": []live.M{{"issuer": w.URL, "subject": kind}}})).Want(created)
			token, err := w.Product.Issuer.IssuePerson(kind, "GM0861")
			assert.NoError(t, err)
			w.With(t, token).Post("/v1/dossiers", opening("Jan")).Check(map[bool]int{true: created, false: forbidden}[kind == "school"])
		})
	}
}

// TestFiguresAreCutToTheReader counts actions and times for who may see them only.
func TestFiguresAreCutToTheReader(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	late := f.Action(t, "case-director", "police")
	f.Action(t, "case-director", "housing")
	w.Exec(t, "update action set due_date = '2026-01-01' where id = $1", late.ID())
	quiet := w.As(t, "housing").Get(f.Path).Want(ok).Text("lastChangeAt")
	f.Item(t, "police", "police")
	f.Meeting(t, "police")
	for who, want := range map[string][]any{"police": {2.0, 1.0}, "housing": {1.0, 0.0}, "chair": {2.0, 1.0}} {
		t.Run(who, func(t *testing.T) {
			r := w.As(t, who).Get(f.Path).Want(ok)
			assert.Equal(t, want, []any{r.At("openActions"), r.At("overdueActions")})
			report := w.As(t, who).Get(f.Path + "/situation-report").Want(ok)
			assert.Equal(t, want, []any{report.At("openActions"), report.At("overdueActions")})
			overdue := w.As(t, who).Get("/v1/actions?overdue=true").Want(ok).IDs()
			assert.Len(t, overdue, int(want[1].(float64)))
			assert.Equal(t, who != "police", r.Text("lastChangeAt") == quiet, "the last change is that of what he may see")
			assert.Equal(t, who == "housing", r.At("nextMeetingAt") == nil, "the next meeting is one to which he is invited")
		})
	}
}
