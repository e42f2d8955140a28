package live

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
)

// Contract is the contract as answers are held against it: with closed objects, so that a field that
// it does not name is found too.
type Contract struct {
	Operations []Operation // by path and method
	spec       *openapi3.T
}

// Operation is one operation of the contract.
type Operation struct {
	ID     string
	Method string
	Path   string // "/v1/dossiers/{dossierId}"
	Spec   *openapi3.Operation
	route  *routers.Route
}

// Contract is the contract of the product.
func (w *World) Contract() *Contract { return w.contract }

func loadContract(tb testing.TB) *Contract {
	tb.Helper()
	openapi3filter.RegisterBodyDecoder(media.PDF, openapi3filter.FileBodyDecoder)
	spec, err := api.GetSpec()
	must(tb, err)
	for _, schema := range spec.Components.Schemas {
		if s := schema.Value; s.Type.Is(openapi3.TypeObject) && s.AdditionalProperties.Schema == nil && s.AdditionalProperties.Has == nil {
			s.AdditionalProperties.Has = new(bool)
		}
	}
	c := &Contract{spec: spec}
	for path, item := range spec.Paths.Map() {
		for method, o := range item.Operations() {
			c.Operations = append(c.Operations, Operation{
				ID: o.OperationID, Method: method, Path: "/v1" + path, Spec: o,
				route: &routers.Route{Spec: spec, Path: path, PathItem: item, Method: method, Operation: o},
			})
		}
	}
	slices.SortFunc(c.Operations, func(a, b Operation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return c
}

// Public tells whether it can be called without a token.
func (o Operation) Public() bool { return o.Spec.Security != nil && len(*o.Spec.Security) == 0 }

// Example is the example of the body; nil without one.
func (o Operation) Example() any {
	if o.Spec.RequestBody == nil {
		return nil
	}
	return o.Spec.RequestBody.Value.Content[o.media()].Example
}

// media is the media type of the body.
func (o Operation) media() string {
	if o.Spec != nil && o.Spec.RequestBody != nil {
		return slices.Min(slices.Collect(maps.Keys(o.Spec.RequestBody.Value.Content))) // JSON where it takes more
	}
	return "application/json"
}

// Matched tells whether it needs an If-Match.
func (o Operation) Matched() bool {
	return o.Spec.Parameters.GetByInAndName("header", "If-Match") != nil
}

// find is the operation behind a call; the zero operation when there is none. A path without
// parameters goes before one with.
func (c *Contract) find(method, path string) Operation {
	path, _, _ = strings.Cut(path, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var found Operation
	for _, o := range c.Operations {
		if o.Method == method && fits(o.Path, path) && (found.ID == "" || strings.Count(o.Path, "{") < strings.Count(found.Path, "{")) {
			found = o
		}
	}
	return found
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		if part != got[i] && (!strings.HasPrefix(part, "{") || strings.HasPrefix(got[i], "_")) { // "_batch" is never an id
			return false
		}
	}
	return true
}

var moment = regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]*[^Z"]"`)

// hold holds an answer against the contract and the rules for all answers.
func (c *Contract) hold(op Operation, request *http.Request, r *Reply) {
	r.tb.Helper()
	if r.Status >= http.StatusInternalServerError {
		r.tb.Errorf("%s is a %d: %s", r.call, r.Status, r.Raw)
	}
	if r.Header.Get("API-Version") == "" && !strings.HasPrefix(request.URL.Path, "/docs") {
		r.tb.Errorf("%s answers %d without API-Version", r.call, r.Status)
	}
	// These have errors of their own: RFC 6749, AuthZEN.
	oauth := strings.HasPrefix(request.URL.Path, "/oauth2/") || strings.HasPrefix(request.URL.Path, "/access/")
	if r.Status >= http.StatusBadRequest && r.Header.Get("Content-Type") != "application/problem+json" && request.Method != http.MethodHead && !oauth {
		r.tb.Errorf("%s answers %d as %q, want a problem", r.call, r.Status, r.Header.Get("Content-Type"))
	}
	if at := moment.Find(r.Raw); at != nil && !strings.Contains(request.URL.Path, "openapi") {
		r.tb.Errorf("%s answers with a time that is not UTC: %s", r.call, at)
	}
	if op.ID == "" {
		return
	}
	err := openapi3filter.ValidateResponse(r.tb.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: op.route, QueryParams: url.Values{}},
		Status:                 r.Status, Header: r.Header, Body: io.NopCloser(strings.NewReader(string(r.Raw))),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, SchemaValidationOptions: formats()},
	})
	if err != nil {
		r.tb.Errorf("%s answers %d against the contract: %v", r.call, r.Status, err)
	}
}

const uuidForm = `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`

func formats() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"uuid":      openapi3.NewRegexpFormatValidator(uuidForm),
		"date":      openapi3.NewRegexpFormatValidator(`^\d{4}-\d\d-\d\d$`),
		"date-time": openapi3.NewRegexpFormatValidator(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`),
	})}
}
