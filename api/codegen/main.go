// Command codegen joins the fragments of the contract (api/*.yaml) to the one document openapi.yaml.
// It joins maps and refuses duplicates; its one kindness is that the YAML anchors of _shared.yaml
// are known in every fragment.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"
)

const head = "# The contract of Wijkregie. Generated from api/*.yaml by `go generate ./api`; do not edit.\n"

func main() {
	if err := run(".", "../openapi.yaml"); err != nil {
		fmt.Fprintln(os.Stderr, "codegen:", err)
		os.Exit(1)
	}
}

// run writes the document that the fragments in dir make together, when it is valid OpenAPI with
// valid examples.
func run(dir, out string) error {
	document, err := merge(dir)
	if err != nil {
		return err
	}
	if err := check(document); err != nil {
		return err
	}
	return os.WriteFile(out, document, 0o644)
}

// merge is the document that the fragments in dir make together: _shared.yaml first, the others by
// name.
func merge(dir string) ([]byte, error) {
	shared, err := os.ReadFile(filepath.Join(dir, "_shared.yaml"))
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "[a-z]*.yaml"))
	if err != nil {
		return nil, err
	}
	document := newContract()
	if err := document.add("_shared.yaml", nil, shared); err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := document.add(filepath.Base(name), shared, text); err != nil {
			return nil, err
		}
	}
	return document.render()
}

// check refuses a document that is not valid OpenAPI or holds an example that does not fit its schema.
func check(document []byte) error {
	loader := openapi3.NewLoader()
	parsed, err := loader.LoadFromData(document)
	if err != nil {
		return err
	}
	return parsed.Validate(loader.Context)
}

func (c *contract) render() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(head)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(c.root()); err != nil {
		return nil, err
	}
	return out.Bytes(), encoder.Close()
}
