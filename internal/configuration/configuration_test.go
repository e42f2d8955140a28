package configuration_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestCategories(t *testing.T) {
	t.Run("the bits of the matrix are the order of the list", func(t *testing.T) {
		list, err := configuration.New().List("information-categories")
		require.NoError(t, err)
		assert.Equal(t, authz.CategorySlugs(), codes(list))
	})
}

func TestPartnerTypes(t *testing.T) {
	s := configuration.New()
	list, err := s.List("partner-types")
	require.NoError(t, err)
	require.Len(t, list.Codes, len(s.PartnerTypes()))
	for i, p := range s.PartnerTypes() {
		assert.Equal(t, i, p.Ordinal)
		assert.LessOrEqual(t, p.Ordinal, 62, "an ordinal is a bit in a mask")
		assert.Equal(t, list.Codes[i].Code, p.Slug)
		assert.Contains(t, []string{"social", "safety", "both", "neighbourhood"}, p.Domain, p.Slug)
	}
	for slug, third := range map[string]bool{
		"police": false, "mental-health-care": false, "housing-association": true, "riec": true, "residents": true, "incidental-third-party": true,
	} {
		p, known := s.PartnerType(slug)
		assert.True(t, known, slug)
		assert.Equal(t, third, p.Third, "%s is a third party under Wgs 2.27", slug)
	}
	_, known := s.PartnerType("florist")
	assert.False(t, known)
}

func TestLifeDomains(t *testing.T) {
	s := configuration.New()
	for _, d := range s.LifeDomains() {
		assert.Contains(t, []string{"social", "safety"}, d.Orientation, d.Slug)
	}
	assert.True(t, s.HasLifeDomain("nuisance"))
	assert.False(t, s.HasLifeDomain("weather"))
}

func TestAreas(t *testing.T) {
	districts, neighbourhoods := configuration.New().Areas("GM0861")
	assert.Len(t, districts, 3)
	assert.Len(t, neighbourhoods, 17)
	none, _ := configuration.New().Areas("GM9999")
	assert.Empty(t, none)
}

func TestLists(t *testing.T) {
	s := configuration.New()
	seen := map[string]bool{}
	for _, list := range s.Lists() {
		assert.False(t, seen[list.Name], "%s stands twice", list.Name)
		seen[list.Name] = true
		assert.NotEmpty(t, list.Title.NL, list.Name)
		assert.NotEmpty(t, list.Title.EN, list.Name)
		assert.NotEmpty(t, list.Codes, list.Name)
		of := map[string]bool{}
		for _, c := range list.Codes {
			assert.False(t, of[c.Code], "%s/%s stands twice", list.Name, c.Code)
			of[c.Code] = true
			assert.NotEmpty(t, c.Label.NL, "%s/%s", list.Name, c.Code)
			assert.NotEmpty(t, c.Label.EN, "%s/%s", list.Name, c.Code)
		}
	}
	_, err := s.List("no-such-list")
	assert.True(t, problem.Is(err, problem.NotFound))
}

func TestTerms(t *testing.T) {
	seen := map[string]bool{}
	for _, term := range configuration.New().Terms() {
		assert.False(t, seen[term.Identifier], "%s stands twice", term.Identifier)
		seen[term.Identifier] = true
		assert.NotEmpty(t, term.Name.NL, term.Identifier)
		assert.NotEmpty(t, term.Name.EN, term.Identifier)
	}
	assert.LessOrEqual(t, len(seen), 2000, "the contract's bound")
	for schema := range schemas(t) {
		known := slices.ContainsFunc(names(schema), func(name string) bool { return seen[name] })
		assert.True(t, known, "the glossary has no term for schema %s", schema)
	}
}

func TestContract(t *testing.T) {
	s := configuration.New()
	t.Run("every enumeration is a code list", func(t *testing.T) {
		enumerations := enumerationsOf(t)
		require.NotEmpty(t, enumerations)
		for name, values := range enumerations {
			list, err := s.List(name)
			if assert.NoError(t, err, name) {
				assert.Subset(t, codes(list), values, name)
			}
		}
	})
}

func codes(l configuration.List) []string {
	var all []string
	for _, c := range l.Codes {
		all = append(all, c.Code)
	}
	return all
}

// document is the contract as a tree.
func document(t *testing.T) (tree map[string]any) {
	text, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &tree))
	return tree
}

func schemas(t *testing.T) map[string]any {
	components, ok := document(t)["components"].(map[string]any)
	require.True(t, ok)
	found, ok := components["schemas"].(map[string]any)
	require.True(t, ok)
	return found
}

// names are the terms under which a schema may stand in the glossary: itself, or without what the
// contract puts around the name of a thing.
func names(schema string) []string {
	bare := regexp.MustCompile(`^(New|Optional)`).ReplaceAllString(schema, "")
	suffix := regexp.MustCompile(`(Change|List|Ref)$`)
	return []string{schema, bare, suffix.ReplaceAllString(schema, ""), suffix.ReplaceAllString(bare, "")}
}

// enumerationsOf finds the enumerations of the contract by the name of their code list.
func enumerationsOf(t *testing.T) map[string][]string {
	found := map[string][]string{}
	var walk func(any)
	walk = func(node any) {
		switch n := node.(type) {
		case map[string]any:
			if name, ok := n["x-code-list"].(string); ok {
				values, _ := n["enum"].([]any)
				for _, v := range values {
					if text, isText := v.(string); isText {
						found[name] = append(found[name], text)
					}
				}
				if found[name] == nil {
					found[name] = []string{}
				}
			}
			for _, child := range n {
				walk(child)
			}
		case []any:
			for _, child := range n {
				walk(child)
			}
		}
	}
	walk(document(t))
	return found
}
