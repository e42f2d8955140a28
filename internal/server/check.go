package server

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// How numbers are written: kin-openapi and Go also take 010, +5, 1e3 and NaN.
var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})$`)
	decimal     = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?$`)
)

// check holds the request against the contract and reports everything that is wrong at once:
// parameters by openapi3filter, the body by its schema, and what those let pass.
func (s *server) check(c echo.Context, op *operation) error {
	wrong := &findings{formats: s.formats}
	query := wrong.query(c.Request(), op)
	input := &openapi3filter.RequestValidationInput{
		Request:     c.Request(),
		PathParams:  wrong.path(c),
		QueryParams: query,
		Route:       op.route,
		Options: &openapi3filter.Options{
			MultiError:              true,
			SchemaValidationOptions: []openapi3.SchemaValidationOption{s.formats},
		},
	}
	for _, ref := range op.parameters {
		if wrong.has(ref.Value.In, ref.Value.Name) {
			continue
		}
		err := openapi3filter.ValidateParameter(c.Request().Context(), input, ref.Value)
		wrong.parameter(ref.Value, err)
	}
	if err := s.checkBody(c, op, wrong); err != nil {
		return err
	}
	if err := wrong.err(); err != nil {
		return err
	}
	if op.matched && c.Request().Header.Get("If-Match") == "" {
		return &problem.Error{Kind: problem.MatchRequired}
	}
	return nil
}

// path is the path parameters, as they were meant.
func (f *findings) path(c echo.Context) map[string]string {
	params := map[string]string{}
	for i, name := range c.ParamNames() {
		value := unescaped(c.Request(), c.ParamValues()[i])
		if !clean(value) {
			f.add("path", name, "text")
		}
		params[name] = value
	}
	return params
}

// query reads the query and finds what openapi3filter does not: keys that the operation does not
// have, a single value given twice, numbers in a form of their own, text that is none.
func (f *findings) query(r *http.Request, op *operation) url.Values {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		f.add("query", "", "syntax")
	}
	for _, name := range sortedKeys(values) {
		p, known := op.queries[name]
		if !known {
			f.add("query", printable(name), "unknown")
			continue
		}
		f.values(p, values[name])
	}
	return values
}

func (f *findings) values(p *openapi3.Parameter, values []string) {
	schema := p.Schema.Value
	if schema.Type.Is(openapi3.TypeArray) {
		schema = schema.Items.Value
	} else if len(values) > 1 {
		f.add("query", p.Name, "duplicate")
		return
	}
	for _, value := range values {
		switch {
		case !clean(value):
			f.add("query", p.Name, "text")
		case schema.Type.Is(openapi3.TypeInteger) && !wholeNumber.MatchString(value):
			f.add("query", p.Name, "integer")
		case schema.Type.Is(openapi3.TypeNumber) && !decimal.MatchString(value):
			f.add("query", p.Name, "number")
		case schema.Type.Is(openapi3.TypeBoolean) && value != "true" && value != "false":
			f.add("query", p.Name, "boolean")
		default:
			continue
		}
		return
	}
}

// parameter notes what openapi3filter says of one parameter.
func (f *findings) parameter(p *openapi3.Parameter, err error) {
	if err == nil {
		return
	}
	var request *openapi3filter.RequestError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		f.add(p.In, p.Name, "required")
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		f.add(p.In, p.Name, "empty")
	case errors.As(err, &request) && isSchemaError(request.Err):
		f.schema(p.In, p.Name, request.Err)
	default:
		f.add(p.In, p.Name, "format")
	}
}

func isSchemaError(err error) bool {
	var one *openapi3.SchemaError
	return errors.As(err, &one)
}

// clean tells whether a database can keep the text: UTF-8 without NUL.
func clean(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

var plainName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// printable is a name that the caller made up, left out when it does not look like a name.
func printable(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "…"
}

func sortedKeys(values url.Values) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
