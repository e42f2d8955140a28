package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// The house rules of the contract that the linter does not know.

type operation struct {
	path, method string
	*openapi3.Operation
	parameters openapi3.Parameters
}

func operations(t *testing.T) (all []operation, document *openapi3.T) {
	t.Helper()
	text, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err = openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths.Map() {
		for method, o := range item.Operations() {
			all = append(all, operation{path, method, o, append(slices.Clone(item.Parameters), o.Parameters...)})
		}
	}
	return all, document
}

func (o operation) takes(header string) bool {
	return o.parameters.GetByInAndName("header", header) != nil
}

// asks tells whether it is a query by POST: it changes nothing, so that there is no key and no tag.
func (o operation) asks() bool {
	return slices.Contains([]string{"simulateMatrix", "explainAccess", "checkSharing", "searchDossiers", "searchPersons", "search", "discloseBsn", "findProcessing"}, o.OperationID)
}

func (o operation) public() bool { return o.Security != nil && len(*o.Security) == 0 }

// answer is the successful response with content, its status and the schema of its body.
func (o operation) answer() (status string, r *openapi3.Response, body *openapi3.SchemaRef) {
	for _, status := range []string{"201", "200", "204"} {
		if ref := o.Responses.Value(status); ref != nil {
			if media := ref.Value.Content.Get("application/json"); media != nil {
				return status, ref.Value, media.Schema
			}
			return status, ref.Value, nil
		}
	}
	return "", nil, nil
}

func TestOperations(t *testing.T) {
	all, document := operations(t)
	for _, o := range all {
		t.Run(o.OperationID, func(t *testing.T) {
			if len(o.Tags) != 1 || document.Tags.Get(o.Tags[0]) == nil || o.Summary == "" || !strings.Contains(o.Description, "(") && !o.public() {
				t.Error("needs one declared tag, a summary, and a description with the Dutch term")
			}
			for _, p := range o.parameters {
				if p.Value.Description == "" {
					t.Errorf("parameter %s needs a description", p.Value.Name)
				}
			}
			checkFailures(t, o)
			checkAnswer(t, o)
		})
	}
}

func checkFailures(t *testing.T, o operation) {
	want := []string{"400", "404", "406", "429", "500", "503"}
	if !o.public() {
		want = append(want, "401", "403")
	}
	if o.RequestBody != nil {
		want = append(want, "409", "413", "415")
	}
	if o.takes("Idempotency-Key") != (o.method == "POST" && !o.asks()) || o.takes("If-Match") && o.method == "GET" {
		t.Error("a POST takes an Idempotency-Key, a GET no If-Match")
	}
	if o.method == "POST" && !o.asks() {
		want = append(want, "422")
	}
	if o.method == "PATCH" || o.method == "DELETE" || o.method == "PUT" || o.takes("If-Match") {
		want = append(want, "409", "412", "428")
	}
	for status := range o.Responses.Map() {
		if status >= "400" && !slices.Contains(want, status) {
			t.Errorf("says %s, which it cannot answer", status)
		}
	}
	for _, status := range want {
		if o.Responses.Value(status) == nil {
			t.Errorf("does not say %s", status)
		}
	}
}

// makesMany tells of a POST that makes more than one record: it answers a list, and what it made has tags of its own.
func (o operation) makesMany() bool {
	return o.OperationID == "addItems" || o.OperationID == "scheduleSeries"
}

func checkAnswer(t *testing.T, o operation) {
	status, response, body := o.answer()
	if response == nil {
		t.Fatal("has no successful answer")
	}
	want := []string{"API-Version"}
	page := body != nil && body.Value.Properties["items"] != nil && body.Value.Properties["next"] != nil
	switch {
	case o.makesMany():
		want = append(want, "Content-Language", "Location")
	case status == "201":
		want = append(want, "Content-Language", "ETag", "Location")
	case page:
		want = append(want, "Content-Language", "Link")
	case strings.HasPrefix(o.OperationID, "getOpenapi"): // in English only
		want = append(want, "ETag")
	case status == "200" && o.OperationID != "streamAlerts" && o.OperationID != "acknowledgeAlerts" && !o.asks():
		want = append(want, "Content-Language", "ETag")
	}
	for _, name := range want {
		if header := response.Headers[name]; header == nil || header.Value.Required == (name == "Link") {
			t.Errorf("answer %s: header %s", status, name)
		}
	}
	if o.makesMany() {
		return
	}
	if page != (o.parameters.GetByInAndName("query", "cursor") != nil) || page != (o.parameters.GetByInAndName("query", "limit") != nil) {
		t.Error("a list, and only a list, takes limit and cursor")
	}
	if body == nil || o.Tags[0] == "meta" || o.OperationID == "acknowledgeAlerts" || o.asks() {
		return
	}
	if page {
		body = body.Value.Properties["items"].Value.Items
	}
	if !slices.Contains(body.Value.Required, "etag") {
		t.Error("a row of a list, and a single resource, has an etag")
	}
}

func TestRequestBodies(t *testing.T) {
	all, _ := operations(t)
	for _, o := range all {
		if o.RequestBody == nil {
			continue
		}
		t.Run(o.OperationID, func(t *testing.T) {
			if !o.RequestBody.Value.Required {
				t.Error("the body is required")
			}
			for name, media := range o.RequestBody.Value.Content {
				if (name == "application/merge-patch+json") != (o.method == "PATCH" && o.OperationID != "patchMatrixDraft") {
					t.Errorf("an edit is a merge patch, not %s", name)
				}
				if media.Example == nil {
					t.Error("needs an example")
				}
				bounded(t, "", media.Schema)
			}
		})
	}
}

// bounded fails on what a request could make large: open objects, strings, arrays and numbers without an end.
func bounded(t *testing.T, at string, ref *openapi3.SchemaRef) {
	s := ref.Value
	switch {
	case s.Type.Is("object"):
		closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
		if !closed && s.MaxProps == nil {
			t.Errorf("%s: an object in a request is closed", at)
		}
		for name, property := range s.Properties {
			bounded(t, at+"/"+name, property)
		}
	case s.Type.Is("array"):
		if s.MaxItems == nil {
			t.Errorf("%s: needs maxItems", at)
		}
		bounded(t, at+"/0", s.Items)
	case s.Type.Is("string"):
		if s.MaxLength == nil && len(s.Enum) == 0 && !slices.Contains([]string{"uuid", "date", "date-time"}, s.Format) {
			t.Errorf("%s: needs maxLength", at)
		}
	case s.Type.Is("integer"), s.Type.Is("number"):
		if s.Min == nil || s.Max == nil && s.Format != "int64" {
			t.Errorf("%s: needs minimum and maximum", at)
		}
	}
}
