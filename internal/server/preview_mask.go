package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// withheld stands in a preview in the place of what the director may not read himself.
const withheld = "[withheld]"

// withholding keeps the answer to a preview back until what the director may not read himself is out of
// it. The entity tag and the rest of the answer stay those of whom he previews.
func (s *server) withholding(op *operation, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := identity.From(c.Request().Context())
		if op.public || err != nil || who.Viewer == nil {
			return next(c)
		}
		answer, err := s.kept(c, next)
		if err != nil {
			return err
		}
		if answer.status == http.StatusOK {
			ctx := identity.With(c.Request().Context(), *who.Viewer)
			if err := s.Previews.withhold(ctx, op, answer); err != nil {
				return err
			}
		}
		return answer.send()
	}
}

// kept runs the handler and keeps its answer back.
func (s *server) kept(c echo.Context, next echo.HandlerFunc) (*held, error) {
	answer := hold(c.Response())
	defer answer.drop() // after a panic too
	return answer, next(c)
}

// withhold takes out of an answer what the caller in the context may not read. An answer that is no JSON
// is let through where it holds nothing of dossiers and people.
func (p *Previews) withhold(ctx context.Context, op *operation, answer *held) error {
	kind, _, _ := strings.Cut(answer.Header().Get("Content-Type"), ";")
	if kind != "application/json" {
		if strings.HasPrefix(op.route.Path, "/authorisation-matrix") {
			return nil
		}
		return problem.Errorf(problem.NotAcceptable, "A preview is given as application/json only.")
	}
	var body any
	decoder := json.NewDecoder(bytes.NewReader(answer.body.Bytes()))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return fmt.Errorf("answer to a preview: %w", err)
	}
	var schema *openapi3.SchemaRef
	if r := op.route.Operation.Responses.Status(answer.status); r != nil && r.Value.Content[kind] != nil {
		schema = r.Value.Content[kind].Schema
	}
	found := &contents{texts: previewTexts()}
	found.value(part{schema: schema, name: op.id}, body, func(any) {})
	hidden, err := found.hide(ctx, p)
	if err != nil || !hidden {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("answer to a preview: %w", err)
	}
	answer.body.Reset()
	answer.body.Write(append(text, '\n'))
	answer.Header().Del("Content-Length")
	return nil
}

// contents are the values of an answer that somebody may not read, each with the record that it is of.
type contents struct {
	texts map[string]string // previewTexts
	found []content
}

type content struct {
	of      string // what decides; see previewTexts
	id      uuid.UUID
	replace func()
}

// part is a place in an answer as the contract describes it.
type part struct {
	schema *openapi3.SchemaRef // nil where the contract says nothing
	name   string              // "Item.text"; the schema's name for an object
	id     uuid.UUID           // of the record that it is in
}

// value finds contents in a value; replace puts another in its place.
func (c *contents) value(p part, value any, replace func(any)) {
	of, listed := c.texts[p.name]
	switch v := value.(type) {
	case map[string]any:
		if listed && of != readable && !isText(p.schema) {
			c.found = append(c.found, content{of, p.id, func() { replace(nil) }})
			return
		}
		c.object(p, v)
	case []any:
		for i, one := range v {
			c.value(part{items(p.schema), p.name, p.id}, one, func(with any) { v[i] = with })
		}
	case json.Number, bool: // a score is as much content as a text
		if listed && of != readable {
			c.found = append(c.found, content{of, p.id, func() { replace(nil) }})
		}
	case string:
		if v == "" || of == readable || !listed && !isText(p.schema) {
			return
		}
		with := any(withheld)
		if !isText(p.schema) {
			with = nil // a date or a code is no place for a text
		}
		c.found = append(c.found, content{of, p.id, func() { replace(with) }})
	}
}

func (c *contents) object(p part, object map[string]any) {
	p.schema, p.name = named(p.schema, p.name)
	text, is := object["id"].(string)
	if !is { // a reading of a dossier as a whole has no id of its own
		text, is = object["dossierId"].(string)
	}
	if is {
		if id, err := uuid.Parse(text); err == nil {
			p.id = id
		}
	}
	for key, value := range object {
		if generalText(key) {
			continue
		}
		c.value(part{property(p.schema, key), p.name + "." + key, p.id}, value, func(with any) { object[key] = with })
	}
}

// generalText is what every schema may have and is no content of any.
func generalText(key string) bool {
	return key == "etag" || key == "next" || key == "allowedOperations"
}

// hide replaces what the caller may not read, and tells whether that was anything.
func (c *contents) hide(ctx context.Context, p *Previews) (hidden bool, err error) {
	asked := map[string]map[uuid.UUID]bool{}
	for _, one := range c.found {
		if asked[one.of] == nil {
			asked[one.of] = map[uuid.UUID]bool{}
		}
		asked[one.of][one.id] = true
	}
	may := map[string]map[uuid.UUID]bool{}
	for of, ids := range asked {
		if may[of], err = p.mayRead(ctx, of, ids); err != nil {
			return false, err
		}
	}
	for _, one := range c.found {
		if !may[one.of][one.id] {
			one.replace()
			hidden = true
		}
	}
	return hidden, nil
}

// named is a schema with the name under which the contract has it; an unnamed one keeps the name of its place.
func named(schema *openapi3.SchemaRef, place string) (*openapi3.SchemaRef, string) {
	if schema == nil {
		return nil, place
	}
	if schema.Ref != "" {
		return schema, path.Base(schema.Ref)
	}
	if schema.Value != nil && len(schema.Value.AllOf) == 1 && len(schema.Value.Properties) == 0 {
		return named(schema.Value.AllOf[0], place)
	}
	return schema, place
}

func property(schema *openapi3.SchemaRef, key string) *openapi3.SchemaRef {
	if schema == nil || schema.Value == nil {
		return nil
	}
	if own := schema.Value.Properties[key]; own != nil {
		return own
	}
	for _, parts := range []openapi3.SchemaRefs{schema.Value.AllOf, schema.Value.OneOf, schema.Value.AnyOf} {
		for _, one := range parts {
			if own := property(one, key); own != nil {
				return own
			}
		}
	}
	return nil
}

func items(schema *openapi3.SchemaRef) *openapi3.SchemaRef {
	if schema == nil || schema.Value == nil {
		return nil
	}
	return schema.Value.Items
}

// isText tells whether a value is written by people: no code, id, date or number. What the contract does
// not describe counts as text.
func isText(schema *openapi3.SchemaRef) bool {
	if schema == nil || schema.Value == nil {
		return true
	}
	s := schema.Value
	if s.Type == nil || !s.Type.Is(openapi3.TypeString) {
		return s.Type == nil
	}
	switch s.Format {
	case "uuid", "date", "date-time":
		return false
	}
	return len(s.Enum) == 0 && s.Pattern == ""
}
