package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/api"
)

// TestEveryTextOfTheContractIsKnownToPreviews goes through all that a preview can show: of each text that
// people write, previewTexts says what decides whether the director may read it.
func TestEveryTextOfTheContractIsKnownToPreviews(t *testing.T) {
	t.Parallel()
	spec, err := api.GetSpec()
	require.NoError(t, err)
	found := map[string]bool{}
	for _, op := range operations(spec) {
		if op.public || op.preview != "" {
			continue
		}
		for media, content := range op.route.Operation.Responses.Status(http.StatusOK).Value.Content {
			if media == "application/json" {
				texts(content.Schema, op.id, found, map[string]bool{})
			}
		}
	}
	known := previewTexts()
	for name := range found {
		if known[name] == "" {
			t.Errorf("say in previewTexts what decides whether the director may read %s; until then it is withheld", name)
		}
	}
	notTexts := []string{"Assessment.score", "Assessment.problemLevel", "ScoreBrief.score", "ScoreBrief.problemLevel", "DossierLink.impactScore", "DossierLink.strength", "DossierLocation.point", "Particulars.since", "Person.birthDate", "Person.bsnKnown", "Professional.screeningUntil", "Professional.secrecyAcceptedOn"}
	for name := range known {
		if !found[name] && !slices.Contains(notTexts, name) {
			t.Errorf("the contract does not have %s any more; remove it from previewTexts", name)
		}
	}
}

// texts notes the name of every text under a schema.
func texts(schema *openapi3.SchemaRef, place string, found, passed map[string]bool) {
	schema, place = named(schema, place)
	if schema == nil || passed[place] {
		return
	}
	for _, key := range sortedNames(toAny(schema.Value.Properties)) {
		passed[place] = strings.HasPrefix(schema.Ref, "#")
		if !generalText(key) {
			texts(schema.Value.Properties[key], place+"."+key, found, passed)
		}
	}
	for _, parts := range []openapi3.SchemaRefs{schema.Value.AllOf, schema.Value.OneOf, schema.Value.AnyOf} {
		for _, one := range parts {
			texts(one, place, found, passed)
		}
	}
	if schema.Value.Items != nil {
		texts(schema.Value.Items, place, found, passed)
	}
	if isText(schema) && schema.Value.Properties == nil {
		found[place] = true
	}
}

func toAny(properties openapi3.Schemas) map[string]any {
	all := map[string]any{}
	for name, p := range properties {
		all[name] = p
	}
	return all
}

// TestWhatTheContractDoesNotDescribeIsWithheld gives values for which previewTexts has no line.
func TestWhatTheContractDoesNotDescribeIsWithheld(t *testing.T) {
	t.Parallel()
	body := map[string]any{
		"id": "019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11", "etag": `"tag"`, "note": "Verhoeven", "deep": map[string]any{"list": []any{"Verhoeven", ""}}, "count": 3,
	}
	found := &contents{texts: previewTexts()}
	found.value(part{name: "Unheard"}, body, func(any) {})
	hidden, err := found.hide(t.Context(), &Previews{})
	require.NoError(t, err)
	require.True(t, hidden)
	require.Equal(t, map[string]any{
		"id": withheld, "etag": `"tag"`, "note": withheld, "deep": map[string]any{"list": []any{withheld, ""}}, "count": 3,
	}, body)
}

// TestWhatCanBePreviewed holds the rule against operations that the contract has or may come to have.
func TestWhatCanBePreviewed(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]string{
		"GET /dossiers": "", "GET /dossiers/{dossierId}/items": "", "GET /meetings": "", "POST /persons/_search": "guessing",
		"POST /_search": guessing, "GET /dossiers/{dossierId}/assessment-deltas": computed, "GET /access-log": computed, "GET /dossiers/{dossierId}/access-log": computed, "GET /dossiers/{dossierId}/multi-problem-indicator": computed, "POST /dossiers/_search": guessing,
		"POST /dossiers": readsOnly, "PATCH /dossiers/{dossierId}": readsOnly, "POST /access-explanations": readsOnly, "DELETE /authorisation-matrix/draft": readsOnly,
		"GET /me": personal, "GET /alerts": personal, "GET /alerts/summary": personal, "GET /alert-preferences": personal, "GET /my-work": personal, "GET /calendar": personal,
	} {
		method, path, _ := strings.Cut(call, " ")
		op := &operation{route: &routers.Route{Method: method, Path: path}}
		if got := unpreviewable(op); got != want {
			t.Errorf("%s is %q, want %q", call, got, want)
		}
	}
}
