package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestSchemas(t *testing.T) {
	_, document := operations(t)
	for name, ref := range document.Components.Schemas {
		t.Run(name, func(t *testing.T) {
			s := ref.Value
			if s.Description == "" {
				t.Error("needs a description")
			}
			if len(s.Enum) > 0 && s.Extensions["x-code-list"] == nil {
				t.Error("an enumeration names its code list")
			}
			for name, property := range s.Properties {
				if property.Ref == "" && property.Value.Description == "" && name != "items" {
					t.Errorf("%s needs a description", name)
				}
			}
			request := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
			if request || len(s.Properties) == 0 {
				return
			}
			checkResponse(t, s)
		})
	}
}

// checkResponse holds a schema of answers to what a screen needs: each masked value is there as
// null, and each id of a partner, professional or dossier has its name beside it.
func checkResponse(t *testing.T, s *openapi3.Schema) {
	readable := []string{"partner", "professional", "chair", "dossier", "Partner", "By", "Director", "substitute", "supplier", "author", "actor", "Dossier"}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name].Value
		if property.Nullable && !slices.Contains(s.Required, name) {
			t.Errorf("%s can be null and is always there", name)
		}
		stem, single := strings.CutSuffix(name, "Id")
		stems, many := strings.CutSuffix(name, "Ids")
		if !single && !many || !slices.ContainsFunc(readable, func(end string) bool { return strings.HasSuffix(stem, end) || strings.HasSuffix(stems, end) }) {
			continue
		}
		sibling := s.Properties[stem]
		if many {
			sibling = s.Properties[stems+"s"]
		}
		if sibling == nil || sibling.Value.Nullable != property.Nullable {
			t.Errorf("%s needs a readable sibling, null when it is null", name)
		}
	}
}

// The example of a schema is made of those of its properties; it fits the schema.
func TestExamples(t *testing.T) {
	_, document := operations(t)
	for name, ref := range document.Components.Schemas {
		t.Run(name, func(t *testing.T) {
			example := exampleOf(t, name, ref)
			if err := ref.Value.VisitJSON(example, openapi3.MultiErrors()); err != nil {
				t.Error(err)
			}
		})
	}
}

func exampleOf(t *testing.T, at string, ref *openapi3.SchemaRef) any {
	s := ref.Value
	switch {
	case s.Example != nil:
		return s.Example
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type.Is("array"):
		return []any{exampleOf(t, at+"/0", s.Items)}
	case s.Type.Is("object"):
		object := map[string]any{}
		for name, property := range s.Properties {
			object[name] = exampleOf(t, at+"/"+name, property)
		}
		return object
	case s.Nullable:
		return nil
	}
	t.Errorf("%s needs an example", at)
	return nil
}
