package server_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// shown is what the checklist counts of something.
func shown(by *live.Client, evidence string) (count float64) {
	duties, _ := by.Get(checklistAt).Want(ok).At("duties").([]any)
	for _, duty := range duties {
		all, _ := live.At(duty, "evidence").([]any)
		for _, one := range all {
			if live.At(one, "evidence") == evidence {
				count, _ = live.At(one, "count").(float64)
			}
		}
	}
	return count
}

func TestChecklist_1_19_per_article_with_its_evidence(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	all := officer.Get(checklistAt).Want(ok)
	t.Run("every requirement of the law has its articles, and what serves it exists", func(t *testing.T) {
		assert.Len(t, all.At("duties"), 33)
		known := map[string]bool{}
		for _, op := range w.Contract().Operations {
			known[op.ID] = true
		}
		counted := map[string]bool{}
		for _, duty := range all.At("duties").([]any) {
			assert.NotEmpty(t, live.At(duty, "articles"))
			assert.NotEmpty(t, live.At(duty, "text"))
			for _, id := range live.At(duty, "operations").([]any) {
				assert.True(t, known[id.(string)], "%s of %s is no operation", id, live.At(duty, "duty"))
			}
			for _, one := range live.At(duty, "evidence").([]any) {
				counted[live.At(one, "evidence").(string)] = true
				assert.NotEmpty(t, live.At(one, "text"))
			}
		}
		for _, code := range officer.Get("/v1/code-lists/legal-evidence").Want(ok).Texts("codes", "code") {
			assert.True(t, counted[code], "%s is evidence of nothing", code)
		}
	})
	t.Run("the evidence is counted in the records", func(t *testing.T) {
		assert.Zero(t, all.At("shortfalls"), "%s", all.Raw)
		f := underWgs(t, w)
		assert.Equal(t, 1.0, shown(officer, "wgs-dossiers"))
		assert.Equal(t, 1.0, shown(officer, "wgs-without-active-cooperation"))
		made := officer.Post(cooperationsAt, cooperating(nil)).Want(created)
		officer.Post(made.Place()+"/activations", live.M{"reason": "Getekend."}, live.Match(made.Tag())).Want(created)
		assert.Zero(t, shown(officer, "wgs-without-active-cooperation"))
		change(t, w.As(t, "director"), "/v1/professionals/"+w.Person("police"), live.M{"screeningUntil": "2020-01-31", "trainedOn": nil})
		assert.Equal(t, []float64{1, 1}, []float64{shown(officer, "professionals-without-screening"), shown(officer, "professionals-without-training")})
		w.As(t, "chair").Post(f.Path+"/triages", triage(), anyTag).Want(created)
		assert.Equal(t, 1.0, shown(officer, "triages"))
		request := asked("access", "")
		request["receivedOn"] = "2026-01-31"
		officer.Post(rightsDesk, request).Want(created)
		assert.Equal(t, 1.0, shown(officer, "data-subject-requests-overdue"))
		assert.Equal(t, 3.0, officer.Get(checklistAt).At("shortfalls"))
		w.Exec(t, `insert into access_line select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'at', a.at - interval '1 day'))).* from access_line a
			where municipality_id = 'GM0861' limit 1`)
		assert.Equal(t, 1.0, shown(officer, "access-lines-of-yesterday"))
		assert.Zero(t, shown(w.As(t, "other-director"), "wgs-dossiers"), "each municipality its own")
	})
	t.Run("in the language of the reader, numbers only", func(t *testing.T) {
		english := officer.Get(checklistAt, "Accept-Language: en").Want(ok)
		assert.Contains(t, string(english.Raw), "A third party does not come into a dossier under the Wgs")
		assert.False(t, strings.Contains(string(english.Raw), "Bram Kuipers"))
		for _, who := range []string{"police", "chair", "police-system"} {
			w.As(t, who).Get(checklistAt).Check(forbidden)
		}
	})
}
