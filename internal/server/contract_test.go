package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/wijkregie/wijkregie/api"
)

func realContract(t *testing.T) *openapi3.T {
	t.Helper()
	spec, err := api.GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestEveryOperationOfTheContractIsServed(t *testing.T) {
	spec := realContract(t)
	served := map[string]bool{}
	for _, route := range New(Config{Spec: spec}).Routes() {
		served[route.Method+" "+route.Path] = true
	}
	for route := range operations(spec) {
		if !served[route] {
			t.Errorf("%s is not served", route)
		}
		if get, ok := strings.CutPrefix(route, http.MethodGet+" "); ok && !served[http.MethodHead+" "+get] {
			t.Errorf("%s is served without HEAD", route)
		}
	}
}

func TestTheContractSaysWhatTheServerNeeds(t *testing.T) {
	for route, op := range operations(realContract(t)) {
		method, path, _ := strings.Cut(route, " ")
		declared := op.route.Operation.Parameters.GetByInAndName("header", keyHeader) != nil
		switch {
		case (method == http.MethodPatch || method == http.MethodDelete) && !op.matched && !strings.Contains(path, "/invitations/"):
			t.Errorf("%s changes something without If-Match", route)
		case method != http.MethodPost && declared:
			t.Errorf("%s takes an Idempotency-Key and is no POST", route)
		case op.keyed && method == http.MethodPost && len(op.produces) == 0:
			t.Errorf("%s has a Location and nothing to show", route)
		case op.public && method != http.MethodGet:
			t.Errorf("%s may be called without a token", route)
		}
		for name, p := range op.queries {
			if p.Schema == nil || p.Schema.Value.Type == nil {
				t.Errorf("%s: query key %s has no type", route, name)
			}
		}
	}
}

func TestTheExamplesOfTheContractPass(t *testing.T) {
	for route, op := range operations(realContract(t)) {
		if op.body == nil {
			continue
		}
		for media, content := range op.body.Content {
			if content.Example == nil || !isJSON(media) {
				continue
			}
			data, err := json.Marshal(content.Example)
			if err != nil {
				t.Fatal(err)
			}
			value, fault := decodeJSON(data)
			if fault != nil {
				t.Errorf("%s: the example is no JSON that we take: %+v", route, fault)
				continue
			}
			wrong := &findings{formats: formats()}
			wrong.body(content.Schema, value, op.patches)
			for _, f := range wrong.fields {
				t.Errorf("%s: the example has %s %s", route, f.Name, f.Code)
			}
		}
	}
}
