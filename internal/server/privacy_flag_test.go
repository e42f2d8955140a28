package server_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// flagged is a case, with a plan, on which every flag of the product about persons is up, and where they are read.
func flagged(t *testing.T, w *live.World) (f *live.Case, flags map[string]string) {
	t.Helper()
	f = w.Case(t)
	by := w.As(t, "case-director")
	for domain, score := range map[string]int{"finances": 2, "housing": 1} {
		by.Post(f.Path+"/assessments", scored(domain, score)).Want(created)
	}
	son := w.Opened(t, live.M{"type": "person", "title": "De zoon"})
	son.Direct(t)
	son.Join(t, "case-director", "housing")
	by.Post(f.Path+"/links", laid(son, "family-member")).Want(created)
	agreed(t, w, f, "social", "support", "finances", "2199-12-01")
	agreed(t, w, son, "housing", "enforcement", "housing", "2199-11-01")
	plan := drafted(t, w, f)
	drafted(t, w, son)
	w.Exec(t, "update dossier set opened_at = now() - interval '90 days' where id = $1", f.ID)
	for _, born := range []any{"1988-03-14", nil} {
		body := live.M{"givenNames": "Ilona", "familyName": "Verhaag", "birthDate": born}
		if born == nil {
			delete(body, "birthDate")
		}
		flags = map[string]string{"candidates": by.Post("/v1/persons", body).Want(created).Place() + "/duplicate-candidates"}
	}
	flags["stagnation"], flags["indicator"], flags["clashes"] = f.Path+"/stagnation", f.Path+"/multi-problem-indicator", plan.Place()+"/conflicts"
	return f, flags
}

func TestPrivacy_L17_every_flag_returns_its_rule_and_its_input(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, flags := flagged(t, w)
	by := w.As(t, "case-director")
	for flag, places := range map[string][]string{
		"stagnation": {"flags.0.rule", "flags.0.text", "flags.0.figures.0.name", "flags.0.figures.0.value"},
		"indicator":  {"rule.lifeDomains", "rule.scoreAtMost", "input.0.assessmentId", "input.1.assessmentId"},
		"clashes":    {"conflicts.0.rule", "conflicts.0.enforcement.id", "conflicts.0.support.id"},
		"candidates": {"items.0.grounds.0", "items.0.name"},
	} {
		r := by.Get(flags[flag]).Want(ok)
		for _, place := range places {
			assert.NotEmpty(t, r.At(place), "%s of %s: %s", place, flag, r.Raw)
		}
		assert.Equal(t, r.At(strings.Split(places[0], ".")[0]), by.Get(flags[flag]).Want(ok).At(strings.Split(places[0], ".")[0]), "the same input, the same flag: %s", flag)
	}
}

func TestPrivacy_L32_no_flag_changes_status_phase_or_rights(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, flags := flagged(t, w)
	by, police := w.As(t, "case-director"), w.As(t, "police")
	require.Equal(t, true, by.Get(flags["indicator"]).Want(ok).At("present"))
	dossier, access := by.Get(f.Path).Want(ok).Body, police.Get(f.Path).Want(ok).Allowed()
	rows := w.Rows(t)
	for flag, place := range flags {
		by.Get(place).Want(ok)
		after := w.Rows(t)
		for _, table := range []string{"dossier", "status_change", "regie_change", "basis_change", "admission", "participant", "person", "person_merge", "action", "goal"} {
			require.Contains(t, rows, table)
			assert.Equal(t, rows[table], after[table], "%s wrote %s", flag, table)
		}
	}
	assert.Equal(t, dossier, by.Get(f.Path).Want(ok).Body)
	assert.Equal(t, access, police.Get(f.Path).Want(ok).Allowed())
}
