package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestWhatStandsInAClosedDossier is asked for and written to by its own address, by who could.
func TestWhatStandsInAClosedDossier(t *testing.T) {
	w := live.Bare(t)
	w.Impose(t, "GM0861", everything())
	c, lead, chair, police := w.Case(t), w.As(t, "case-director"), w.As(t, "chair"), w.As(t, "police")
	made := func(r *live.Reply) string { return r.Want(http.StatusCreated).Place() }

	plan := made(lead.Post(c.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}))
	goal := made(lead.Post(plan+"/goals", live.M{"lifeDomain": "nuisance", "text": "Rust."}))
	frame := made(lead.Post(c.Path+"/frames", live.M{"condition": "Als.", "consequence": "Dan.", "until": "2199-06-30"}))
	person := made(lead.Post("/v1/persons", live.M{"givenNames": "Ilona", "familyName": "Verhaag"}))
	subject := made(lead.Post(c.Path+"/subjects", live.M{"personId": person[len("/v1/persons/"):], "role": "member"}))
	agreed := made(lead.Post(person+"/consents", live.M{"dossierId": c.ID, "purpose": "Hulp.", "givenBy": "person"}))
	document := w.As(t, "police").Post("/v1/documents", live.M{"dossierId": c.ID, "category": "police", "title": "Brief", "kind": "report", "observedOn": "2026-01-15"}).Want(http.StatusCreated)
	police.Do(http.MethodPut, document.Place()+"/content", "Inhoud.", live.Match(document.Tag())).Want(http.StatusOK)
	empty := made(police.Post("/v1/documents", live.M{"dossierId": c.ID, "category": "police", "title": "Leeg", "kind": "report", "observedOn": "2026-01-15"}))
	assessment := made(police.Post(c.Path+"/assessments", live.M{"lifeDomain": "finances", "reading": "Slecht.", "source": "Bezoek.", "observedOn": "2026-01-15", "score": 1, "member": "Moeder"}))
	asked := c.Ask(t, "police").Place()
	meeting, item := c.Meeting(t, "police")
	decision := made(chair.Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{"text": "Ja.", "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}))
	action := c.Action(t, "case-director", "police").Place()
	lead.Post(plan+"/goals/"+goal[len(plan+"/goals/"):]+"/results", live.M{"result": "achieved", "note": "Ja."}).Check(http.StatusConflict)
	c.Close(t)

	type M = live.M
	for _, short := range []string{"director", "chair", "case-director", "police", "social", "auditor", "police-system", "other-director"} {
		who := w.As(t, short)
		for _, path := range []string{plan, plan + "/goals", goal, plan + "/conflicts", plan + "/commitments", frame, person, subject, agreed, person + "/consents", document.Place(),
			document.Place() + "/content", document.Place() + "/withdrawals", assessment, asked, asked + "/answers", item.Place(), decision, action,
			c.Path + "/timeline", c.Path + "/situation-report", c.Path + "/situation-report?at=" + "2026-11-01T00:00:00Z", c.Path + "/involved", c.Path + "/stagnation",
			c.Path + "/subjects", c.Path + "/assessments", c.Path + "/multi-problem-indicator", c.Path + "/assessment-deltas", c.Path + "/regie", c.Path + "/links",
			c.Path + "/overlap-notices", c.Path + "/information-requests", c.Path + "/frames", c.Path + "/approaches", c.Path + "/preconditions", c.Path + "/plans"} {
			r := who.Get(path)
			assert.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, r.Status, "%s reads %s: %s", short, path, r.Raw)
			if r.Status == http.StatusForbidden {
				assert.Equal(t, "dossier-shielded", r.Kind(), "%s reads %s", short, path)
			}
		}
		for _, path := range []string{"/v1/documents", "/v1/actions", "/v1/meetings?dossierId=" + c.ID} {
			assert.Empty(t, who.Get(path).Want(http.StatusOK).IDs(), "%s lists %s", short, path)
		}
		for _, body := range []M{{"text": "rust"}, {"text": "Verhoeven"}} {
			for _, path := range []string{"/v1/_search", "/v1/dossiers/_search"} {
				assert.Empty(t, who.Post(path, body).Want(http.StatusOK).IDs(), "%s searches", short)
			}
		}
		assert.Empty(t, who.Post("/v1/persons/_search", M{"name": "Verhaag"}).Want(http.StatusOK).IDs(), "%s searches", short)
	}
	rows := w.Rows(t)
	for _, short := range []string{"director", "chair", "case-director", "police"} {
		who := w.As(t, short)
		for _, write := range []struct {
			method, path string
			body         any
		}{
			{http.MethodPatch, plan, M{"careGoal": "x"}}, {http.MethodPost, plan + "/goals", M{"lifeDomain": "nuisance", "text": "x"}}, {http.MethodPatch, goal, M{"text": "x"}},
			{http.MethodPost, plan + "/finalisations", M{}}, {http.MethodPost, plan + "/commitments", M{"partnerId": w.Partner("police"), "outcome": "committed"}},
			{http.MethodPost, frame + "/endings", M{"reason": "x"}}, {http.MethodPatch, person, M{"phone": "0400000000"}}, {http.MethodPatch, subject, M{"until": "2199-01-01"}},
			{http.MethodPost, person + "/consents", M{"dossierId": c.ID, "purpose": "x", "givenBy": "person"}}, {http.MethodPost, agreed + "/withdrawals", M{"withdrawnBy": "person"}},
			{http.MethodPut, empty + "/content", "Inhoud."}, {http.MethodPost, document.Place() + "/withdrawals", M{"reason": "x", "breach": false}},
			{http.MethodPost, "/v1/documents", M{"dossierId": c.ID, "category": "police", "title": "x", "kind": "report", "observedOn": "2026-01-15"}},
			{http.MethodPost, c.Path + "/assessments", M{"lifeDomain": "finances", "reading": "x", "source": "x", "observedOn": "2026-01-15", "score": 1, "member": "Moeder"}},
			{http.MethodPost, asked + "/answers", M{"reason": "x"}}, {http.MethodPost, c.Path + "/quick-notes", M{"text": "x"}}, {http.MethodPost, c.Path + "/subjects", M{"personId": c.ID, "role": "member"}},
			{http.MethodPost, "/v1/agenda-items/" + item.ID() + "/deliberations", M{"socialPerspective": "a", "safetyPerspective": "b", "contributions": []M{}}},
			{http.MethodPost, "/v1/decisions/" + decision[len(decision)-36:] + "/supersessions", M{"text": "x", "reasons": "x", "professionalIds": []string{}, "actions": []M{}}},
			{http.MethodPost, meeting.Place() + "/agenda-proposals", M{"dossierId": c.ID, "reason": "x"}}, {http.MethodPost, meeting.Place() + "/agenda-items", M{"dossierId": c.ID}},
			{http.MethodPost, action + "/completions", M{"result": "achieved", "note": "x"}}, {http.MethodPost, c.Path + "/regie-changes", M{"phase": 1, "criteria": []string{}, "reason": "x"}},
			{http.MethodPost, c.Path + "/plans", M{"overrideReason": "x"}}, {http.MethodPost, c.Path + "/frames", M{"condition": "x", "consequence": "x", "until": "2199-06-30"}},
		} {
			r := who.Do(write.method, write.path, write.body, live.Match("*"))
			assert.Contains(t, []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict}, r.Status, "%s %s %s: %s", short, write.method, write.path, r.Raw)
		}
	}
	assert.Equal(t, rows, w.Rows(t))
}
