package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// errNoPage is the 404 of a path that the contract does not have; it says nothing of resources.
var errNoPage = &problem.Error{Kind: problem.NotFound}

// operation is what the server must know of one operation, worked out once.
type operation struct {
	id         string
	route      *routers.Route
	parameters openapi3.Parameters
	queries    map[string]*openapi3.Parameter
	body       *openapi3.RequestBody
	bodyLimit  int64
	produces   []string // media types of the answer, JSON first
	public     bool
	free       bool // open to who does not meet the requirements for dossiers
	stream     bool
	file       bool // its body or its answer is a file
	keyed      bool // keeps its Idempotency-Key
	matched    bool // needs an If-Match
	patches    bool
	preview    string // the code of why it cannot be previewed; empty when it can
}

// operations indexes the contract by method and Echo's own path, by which a request is looked up.
func operations(spec *openapi3.T) map[string]*operation {
	all := map[string]*operation{}
	echoPath := strings.NewReplacer("{", ":", "}", "")
	for path, item := range spec.Paths.Map() {
		for method, o := range item.Operations() {
			all[method+" "+base+echoPath.Replace(path)] = newOperation(spec, path, method, o)
		}
	}
	return all
}

func newOperation(spec *openapi3.T, path, method string, o *openapi3.Operation) *operation {
	item := spec.Paths.Value(path)
	op := &operation{
		id:         o.OperationID,
		route:      &routers.Route{Spec: spec, Path: path, PathItem: item, Method: method, Operation: o},
		parameters: joined(item.Parameters, o.Parameters),
		queries:    map[string]*openapi3.Parameter{},
		bodyLimit:  bodyLimit,
		public:     isPublic(spec, o),
		free:       withoutDossiers(o),
		patches:    method == http.MethodPatch,
	}
	if strings.HasSuffix(path, "/_batch") {
		op.bodyLimit = batchLimit
	}
	if o.RequestBody != nil {
		op.body = o.RequestBody.Value
	}
	if op.body != nil && op.body.Content[aFile] != nil {
		op.file, op.bodyLimit = true, fileLimit
	}
	for _, ref := range op.parameters {
		op.note(ref.Value)
	}
	located := false
	for status, response := range o.Responses.Map() {
		if strings.HasPrefix(status, "2") {
			op.produce(response.Value.Content)
			located = located || response.Value.Headers["Location"] != nil
		}
	}
	op.preview = unpreviewable(op)
	slices.Sort(op.produces)
	op.produces = slices.Compact(op.produces)
	// What has no Location cannot be given again; such an operation is idempotent by itself.
	op.keyed = op.keyed && located
	return op
}

// joined is the parameters of the operation, and those of its path that it does not override.
func joined(path, own openapi3.Parameters) openapi3.Parameters {
	all := append(openapi3.Parameters{}, own...)
	for _, ref := range path {
		if own.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			all = append(all, ref)
		}
	}
	return all
}

func isPublic(spec *openapi3.T, o *openapi3.Operation) bool {
	if o.Security != nil {
		return len(*o.Security) == 0
	}
	return len(spec.Security) == 0
}

func (op *operation) note(p *openapi3.Parameter) {
	switch {
	case p.In == openapi3.ParameterInQuery:
		op.queries[p.Name] = p
	case strings.EqualFold(p.Name, "Idempotency-Key"):
		op.keyed = true
	case strings.EqualFold(p.Name, "If-Match"):
		op.matched = p.Required || p.Extensions["x-precondition"] == "required"
	}
}

func (op *operation) produce(content openapi3.Content) {
	for media := range content {
		op.produces = append(op.produces, media)
		op.stream = op.stream || media == "text/event-stream"
		op.file = op.file || media == aFile
	}
}

// operationOf is the operation that Echo found for the request, nil when it is none; HEAD is the GET.
func (s *server) operationOf(c echo.Context) *operation {
	method := c.Request().Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return s.operations[method+" "+c.Path()]
}

// fixed is the Allow of a path of the contract with a fixed last segment ("/items/_batch") that Echo took for an id because
// the method is not one of that path's; empty otherwise.
func (s *server) fixed(c echo.Context) string {
	names, values := c.ParamNames(), c.ParamValues()
	last := len(names) - 1
	if last < 0 || !strings.HasPrefix(values[last], "_") || !strings.HasSuffix(c.Path(), "/:"+names[last]) {
		return ""
	}
	path := strings.TrimSuffix(c.Path(), ":"+names[last]) + values[last]
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if s.operations[method+" "+path] != nil {
			allowed = append(allowed, method)
		}
	}
	if allowed == nil {
		return ""
	}
	return strings.Join(append([]string{http.MethodOptions}, allowed...), ", ")
}

// wholePath tells whether each path parameter is one non-empty segment: Echo lets the last one of a
// path be empty ("/dossiers/") or swallow the rest of it ("/dossiers/x/").
func wholePath(c echo.Context) bool {
	for i, value := range c.ParamValues() {
		if i >= len(c.ParamNames()) {
			break
		}
		value = unescaped(c.Request(), value)
		if value == "" || strings.Contains(value, "/") {
			return false
		}
	}
	return true
}

// unescaped is a path parameter as it was meant: Echo routes by the raw path where there is one.
func unescaped(r *http.Request, value string) string {
	if r.URL.RawPath == "" {
		return value
	}
	plain, err := url.PathUnescape(value)
	if err != nil {
		return value
	}
	return plain
}
