package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"

	"github.com/wijkregie/wijkregie/api"
)

// entranceHTTP answers the operations with which a developer begins: the root and the contract.
type entranceHTTP struct {
	version string
	json    func() ([]byte, error)
	yaml    func() ([]byte, error)
}

func newEntrance(spec *openapi3.T) entranceHTTP {
	return entranceHTTP{version: spec.Info.Version, json: sync.OnceValues(api.GetSpecJSON), yaml: sync.OnceValues(specYAML)}
}

// GetRoot implements GET /.
func (e entranceHTTP) GetRoot(context.Context, api.GetRootRequestObject) (api.GetRootResponseObject, error) {
	return api.GetRoot200JSONResponse{
		Body: api.Root{Name: "Wijkregie", Version: e.version, Links: []api.RootLink{
			{Rel: "service-desc", Href: "/v1/openapi.json"}, {Rel: "service-desc", Href: "/v1/openapi.yaml"}, {Rel: "service-doc", Href: "/docs"},
			{Rel: "glossary", Href: "/v1/glossary"}, {Rel: "code-lists", Href: "/v1/code-lists"},
			{Rel: "authorization-server", Href: "/.well-known/oauth-authorization-server"}, {Rel: "me", Href: "/v1/me"},
		}},
		Headers: api.GetRoot200ResponseHeaders{ETag: `"` + e.version + `"`},
	}, nil
}

// GetOpenapiJson implements GET /openapi.json.
func (e entranceHTTP) GetOpenapiJson(context.Context, api.GetOpenapiJsonRequestObject) (api.GetOpenapiJsonResponseObject, error) {
	text, err := e.json()
	return fixed{text, "application/json"}, err
}

// GetOpenapiYaml implements GET /openapi.yaml; the same contract.
func (e entranceHTTP) GetOpenapiYaml(context.Context, api.GetOpenapiYamlRequestObject) (api.GetOpenapiYamlResponseObject, error) {
	text, err := e.yaml()
	return fixed{text, "application/yaml"}, err
}

// specYAML is the contract as YAML, in the order of its JSON.
func specYAML() ([]byte, error) {
	text, err := api.GetSpecJSON()
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return nil, fmt.Errorf("contract as YAML: %w", err)
	}
	block(&node)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err = encoder.Encode(&node)
	return out.Bytes(), err
}

// block takes away the braces and quotes that a node has from its JSON.
func block(n *yaml.Node) {
	n.Style = 0
	for _, child := range n.Content {
		block(child)
	}
}

// fixed is a text that does not change, with a tag of its content.
type fixed struct {
	text []byte
	kind string
}

// VisitGetOpenapiJsonResponse writes the document.
func (f fixed) VisitGetOpenapiJsonResponse(w http.ResponseWriter) error { return f.write(w) }

// VisitGetOpenapiYamlResponse writes the document.
func (f fixed) VisitGetOpenapiYamlResponse(w http.ResponseWriter) error { return f.write(w) }

func (f fixed) write(w http.ResponseWriter) error {
	sum := sha256.Sum256(f.text)
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	_, err := w.Write(f.text)
	return err
}
