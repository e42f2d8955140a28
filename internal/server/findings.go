package server

import (
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// maxFindings bounds how many errors one answer lists.
const maxFindings = 100

// findings collects everything that is wrong with the input, told as one problem.
type findings struct {
	formats openapi3.SchemaValidationOption
	fields  []problem.Field
	seen    map[string]bool
}

// add notes one finding; bounds are limits from the contract, never what was sent.
func (f *findings) add(in, name, code string, bounds ...any) {
	key := in + " " + name + " " + code
	if f.seen[key] || len(f.fields) >= maxFindings {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[key] = true
	f.fields = append(f.fields, problem.Field{In: in, Name: name, Code: code}.Detailf(findingText(code), bounds...))
}

func (f *findings) has(in, name string) bool {
	for _, field := range f.fields {
		if field.In == in && field.Name == name {
			return true
		}
	}
	return false
}

func (f *findings) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Fields: f.fields}
}

// schema notes what kin-openapi found: each error at its own place, the alternatives of a choice as
// one. A parameter keeps its name; in a body the place is a JSON pointer.
func (f *findings) schema(in, name string, err error) {
	switch e := err.(type) { // not errors.As: it would open the alternatives of a choice
	case nil:
	case openapi3.MultiError:
		for _, one := range e {
			f.schema(in, name, one)
		}
	case *openapi3.SchemaError:
		place := name
		if in == "body" {
			place = pointer(e.JSONPointer())
		}
		f.schemaError(in, place, e)
	default:
		f.add(in, name, "format")
	}
}

func (f *findings) schemaError(in, place string, e *openapi3.SchemaError) {
	s := e.Schema
	switch e.SchemaField {
	case "properties":
		f.unknownKeys(in, place, e)
	case "allOf":
		var parts openapi3.MultiError
		if errors.As(e.Origin, &parts) {
			f.schema(in, place, parts)
		}
	case "type":
		f.add(in, place, "type", strings.Join(s.Type.Slice(), ", "))
	case "enum":
		f.add(in, place, "enum", listed(s.Enum))
	case "minLength":
		f.add(in, place, "too-short", s.MinLength)
	case "maxLength":
		f.add(in, place, "too-long", *s.MaxLength)
	case "minItems":
		f.add(in, place, "too-few", s.MinItems)
	case "maxItems":
		f.add(in, place, "too-many", *s.MaxItems)
	case "minimum":
		f.add(in, place, "too-low", *s.Min)
	case "maximum":
		f.add(in, place, "too-high", *s.Max)
	case "format":
		f.add(in, place, formatCode(s.Format))
	case "pattern":
		f.add(in, place, "pattern", s.Pattern)
	case "required", "nullable", "uniqueItems", "readOnly", "minProperties":
		f.add(in, place, strings.ToLower(e.SchemaField))
	default: // oneOf, anyOf, not, discriminator, multipleOf …
		f.add(in, place, "choice")
	}
}

// unknownKeys names each key of an object that its schema does not have.
func (f *findings) unknownKeys(in, place string, e *openapi3.SchemaError) {
	object, _ := e.Value.(map[string]any)
	for _, key := range sortedNames(object) {
		if e.Schema.Properties[key] == nil {
			f.add(in, place+pointer([]string{key}), "unknown")
		}
	}
}

func formatCode(format string) string {
	switch format {
	case "uuid", "date", "date-time", "email", "uri":
		return format
	}
	return "format"
}

func listed(values []any) string {
	var texts []string
	for _, v := range values {
		if v != nil {
			texts = append(texts, fmt.Sprint(v))
		}
	}
	return strings.Join(texts, ", ")
}
