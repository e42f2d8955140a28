package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const shared = `
x-common:
  at: &at {type: string, format: date-time}
  base: &base {'400': invalid, '500': internal}
openapi: 3.0.3
tags: [{name: plan}]
paths:
  /actions:
    get: {summary: List actions}
components:
  schemas:
    Action: {type: object}
`

func TestOpenapiYAML(t *testing.T) {
	t.Run("is what the fragments make", func(t *testing.T) {
		made, err := merge("..")
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile("../../openapi.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, committed) {
			t.Error("openapi.yaml is behind its fragments; run go generate ./api")
		}
	})
}

func TestMerge(t *testing.T) {
	cases := []struct{ name, fragment, want string }{
		{"another method on a path is joined", "paths: {/actions: {post: {summary: Create}}}", "summary: Create"},
		{"an anchor of the shared fragment is known", "components: {schemas: {Due: *at}}", "Due:\n      type: string\n      format: date-time"},
		{"a merge key is written out", "paths: {/x: {get: {<<: *base, '200': ok}}}", "'400': invalid\n      '500': internal\n      '200': ok"},
		{"an own key wins from a merged one", "paths: {/x: {get: {<<: *base, '400': mine}}}", "'500': internal\n      '400': mine"},
		{"another tag is added", "tags: [{name: alert}]", "- name: plan\n  - name: alert"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			document, err := mergeTexts(t, c.fragment)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(document, c.want) {
				t.Errorf("want %q in\n%s", c.want, document)
			}
			if strings.Contains(document, "x-common") {
				t.Error("what begins with x- does not belong in the document")
			}
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	cases := []struct{ name, fragment, want string }{
		{"a method that is there already", "paths: {/actions: {get: {summary: Again}}}", "paths /actions get is there already"},
		{"a component that is there already", "components: {schemas: {Action: {type: string}}}", "components schemas Action is there already"},
		{"a tag that is there already", "tags: [{name: plan}]", `tag "plan" is there already`},
		{"a section given once only", "openapi: 3.0.3", "openapi is there already"},
		{"a section that the contract does not have", "path: {}", `"path" is not a section`},
		{"a key given twice, by its own line", "paths:\n  /x: {}\n  /x: {}", `line 3: key "/x" is there twice`},
		{"an anchor that nobody defined", "components: {schemas: {Due: *when}}", "unknown anchor"},
		{"a merge of more than one mapping", "paths: {/x: {get: {<<: [*base, *at]}}}", "line 1: << takes one mapping"},
		{"a fragment that is no mapping", "[]", "a fragment is a mapping"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := mergeTexts(t, c.fragment)
			if err == nil || !strings.Contains(err.Error(), "area.yaml") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error on area.yaml with %q, got %v", c.want, err)
			}
		})
	}
}

func mergeTexts(t *testing.T, fragment string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"_shared.yaml": shared, "area.yaml": fragment} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	document, err := merge(dir)
	return string(document), err
}
