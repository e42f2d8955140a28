package server

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// validated is a body that was read and found valid. The generated code binds ValidatedValue, so
// that what is handled is what was checked, name by name, for every JSON media type.
type validated struct {
	io.Reader
	data  []byte
	value any
}

// Close implements io.Closer; the body was read to its end.
func (*validated) Close() error { return nil }

// ValidatedValue is the body as decoded and checked.
func (v *validated) ValidatedValue() any { return v.value }

// checkBody reads and checks the body. What is not an error in the input, a wrong media type or too
// much of it, it returns; the rest it notes.
func (s *server) checkBody(c echo.Context, op *operation, wrong *findings) error {
	r := c.Request()
	if op.body == nil {
		return refuseBody(r, wrong)
	}
	if r.ContentLength > op.bodyLimit {
		return tooLarge(c)
	}
	withBodyLimit(c, op.bodyLimit)
	media, err := mediaOf(r, op)
	if err != nil {
		return err
	}
	if !isJSON(media) {
		r.Header.Set("Content-Type", media) // by its start the generated code knows which it is
		return nil                          // the handler reads it, within the limit
	}
	data, err := io.ReadAll(r.Body)
	var more *http.MaxBytesError
	if errors.As(err, &more) {
		return tooLarge(c)
	}
	if err != nil {
		wrong.add("body", "", "incomplete")
		return nil
	}
	if len(data) == 0 {
		if op.body.Required {
			wrong.add("body", "", "required")
		}
		return nil
	}
	value, fault := decodeJSON(data)
	if fault != nil {
		wrong.add("body", fault.pointer, fault.code)
		return nil
	}
	wrong.body(op.body.Content.Get(media).Schema, value, op.patches)
	r.Body = &validated{Reader: bytes.NewReader(data), data: data, value: value}
	return nil
}

// refuseBody notes a body where the operation takes none; reading one byte is enough to know.
func refuseBody(r *http.Request, wrong *findings) error {
	if r.ContentLength == 0 || r.Body == nil {
		return nil
	}
	if n, _ := r.Body.Read(make([]byte, 1)); n > 0 {
		wrong.add("body", "", "unexpected")
	}
	return nil
}

// tooLarge leaves the rest unread and the connection behind.
func tooLarge(c echo.Context) error {
	c.Response().Header().Set("Connection", "close")
	return &problem.Error{Kind: problem.TooLarge}
}

// mediaOf is the media type of the body without its parameters. Without a body there need not be one.
func mediaOf(r *http.Request, op *operation) (string, error) {
	sent := r.Header.Values("Content-Type")
	if len(sent) == 0 && r.ContentLength == 0 {
		return mediaTypes(op)[0], nil
	}
	media, parameters, err := mime.ParseMediaType(strings.Join(sent, ","))
	charset := parameters["charset"]
	if err != nil || op.body.Content[media] == nil || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return "", unsupported(op)
	}
	return media, nil
}

func unsupported(op *operation) error {
	return problem.Errorf(problem.UnsupportedMedia, "Send this with Content-Type %s, in UTF-8.", strings.Join(mediaTypes(op), ", "))
}

// mediaTypes are those of the body, JSON first.
func mediaTypes(op *operation) []string { return slices.Sorted(maps.Keys(op.body.Content)) }

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// body notes what the schema says of the body. Defaults are filled in, except in a PATCH: there
// what is not said stays as it was.
func (f *findings) body(schema *openapi3.SchemaRef, value any, patches bool) {
	if schema == nil {
		return
	}
	options := []openapi3.SchemaValidationOption{f.formats, openapi3.VisitAsRequest(), openapi3.MultiErrors()}
	if !patches {
		options = append(options, openapi3.DefaultsSet(func() {}))
	}
	f.schema("body", "", schema.Value.VisitJSON(crop(schema.Value, value), options...))
}

// crop shortens a list that is too long to one element too many: it is refused all the same, and the
// rest of it costs nothing.
func crop(schema *openapi3.Schema, value any) any {
	switch v := value.(type) {
	case []any:
		if schema.MaxItems != nil && uint64(len(v)) > *schema.MaxItems {
			v = v[:*schema.MaxItems+1]
		}
		for i := range v {
			if schema.Items != nil {
				v[i] = crop(schema.Items.Value, v[i])
			}
		}
		return v
	case map[string]any:
		for name, property := range schema.Properties {
			if inner, there := v[name]; there {
				v[name] = crop(property.Value, inner)
			}
		}
	}
	return value
}
