package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep JSON may be nested.
const maxDepth = 64

// jsonFault is why a text is not the JSON that we take, and where when that can be said.
type jsonFault struct {
	code    string
	pointer string
}

// decodeJSON decodes one JSON value. It refuses what encoding/json lets pass: a key that stands
// twice, data after the value, nesting beyond maxDepth, text that is not UTF-8, halves of surrogate
// pairs and NUL, also when they are escaped.
func decodeJSON(data []byte) (any, *jsonFault) {
	if !utf8.Valid(data) {
		return nil, &jsonFault{code: "utf-8"}
	}
	if !json.Valid(data) {
		return nil, syntaxFault(data)
	}
	d := &strictDecoder{
		tokens: json.NewDecoder(bytes.NewReader(data)),
		// encoding/json makes this character of half a surrogate pair; sent as such it is allowed.
		replaced: !bytes.ContainsRune(data, utf8.RuneError) && !bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`)),
	}
	d.tokens.UseNumber()
	value := d.value()
	return value, d.fault
}

// syntaxFault tells data after the value from other errors.
func syntaxFault(data []byte) *jsonFault {
	d := json.NewDecoder(bytes.NewReader(data))
	var first json.RawMessage
	if err := d.Decode(&first); err == nil {
		return &jsonFault{code: "trailing"}
	} else if errors.Is(err, io.EOF) {
		return &jsonFault{code: "required"}
	}
	return &jsonFault{code: "json"}
}

type strictDecoder struct {
	tokens   *json.Decoder
	path     []string
	replaced bool
	fault    *jsonFault
}

func (d *strictDecoder) fail(code string) any {
	if d.fault == nil {
		d.fault = &jsonFault{code: code, pointer: pointer(d.path)}
	}
	return nil
}

func (d *strictDecoder) value() any {
	token, err := d.tokens.Token()
	if err != nil {
		return d.fail("json")
	}
	switch t := token.(type) {
	case json.Delim:
		if len(d.path) >= maxDepth {
			return d.fail("depth")
		}
		if t == '{' {
			return d.object()
		}
		return d.array()
	case string:
		return d.text(t)
	case json.Number:
		return plainNumber(t)
	}
	return token
}

// plainNumber writes 1.0 and 1e2 as 1 and 100: JSON knows one kind of number, and the contract takes
// these for integers, but Go does not.
func plainNumber(n json.Number) json.Number {
	if !strings.ContainsAny(n.String(), ".eE") {
		return n
	}
	f, err := n.Float64()
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return n
	}
	return json.Number(strconv.FormatInt(int64(f), 10))
}

func (d *strictDecoder) text(s string) any {
	if strings.ContainsRune(s, 0) || (d.replaced && strings.ContainsRune(s, utf8.RuneError)) {
		return d.fail("text")
	}
	return s
}

func (d *strictDecoder) object() any {
	object := map[string]any{}
	for d.fault == nil && d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return d.fail("json")
		}
		name, _ := token.(string)
		d.path = append(d.path, name)
		if d.text(name) == nil {
			return nil
		}
		if _, twice := object[name]; twice {
			return d.fail("duplicate")
		}
		object[name] = d.value()
		d.path = d.path[:len(d.path)-1]
	}
	d.end()
	return object
}

func (d *strictDecoder) array() any {
	array := []any{}
	for d.fault == nil && d.tokens.More() {
		d.path = append(d.path, fmt.Sprint(len(array)))
		array = append(array, d.value())
		d.path = d.path[:len(d.path)-1]
	}
	d.end()
	return array
}

// end reads the bracket that closes what was read.
func (d *strictDecoder) end() {
	if d.fault != nil {
		return
	}
	if _, err := d.tokens.Token(); err != nil {
		d.fail("json")
	}
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is a JSON pointer (RFC 6901); names that do not look like names are left out.
func pointer(path []string) string {
	var b strings.Builder
	for _, name := range path {
		b.WriteByte('/')
		b.WriteString(pointerEscapes.Replace(printable(name)))
	}
	return b.String()
}
