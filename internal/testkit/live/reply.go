package live

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Reply is an answer, read to its end.
type Reply struct {
	Status int
	Header http.Header
	Raw    []byte
	Body   any // decoded, when it is JSON

	tb   testing.TB
	call string
}

// Want ends the test when the status is another.
func (r *Reply) Want(status int) *Reply {
	r.tb.Helper()
	if r.Status != status {
		r.tb.Fatalf("%s is %d, want %d: %.600s", r.call, r.Status, status, r.Raw)
	}
	return r
}

// Check fails the test when the status is another, and tells whether it is this one.
func (r *Reply) Check(status int) bool {
	r.tb.Helper()
	if r.Status != status {
		r.tb.Errorf("%s is %d, want %d: %.600s", r.call, r.Status, status, r.Raw)
	}
	return r.Status == status
}

// At is what stands at a path like "items.0.dossier.title"; nil where there is nothing.
func (r *Reply) At(path string) any { return At(r.Body, path) }

// At is what stands at a path in a decoded JSON value.
func At(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case M:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Text is the text at a path, empty where there is none.
func (r *Reply) Text(path string) string {
	text, _ := r.At(path).(string)
	return text
}

// ID is the id of the resource in the answer.
func (r *Reply) ID() string { return r.Text("id") }

// Tag is the entity tag of the answer.
func (r *Reply) Tag() string { return r.Header.Get("ETag") }

// Place is the Location of what was made.
func (r *Reply) Place() string { return r.Header.Get("Location") }

// Kind is the last part of a problem's type.
func (r *Reply) Kind() string {
	kind := r.Text("type")
	return kind[strings.LastIndex(kind, "/")+1:]
}

// Texts are the texts at a path in each of the rows of a list, or in a list of texts itself.
func (r *Reply) Texts(list, path string) []string {
	rows, _ := r.At(list).([]any)
	texts := make([]string, len(rows))
	for i, row := range rows {
		if path != "" {
			row = At(row, path)
		}
		texts[i], _ = row.(string)
	}
	return texts
}

// IDs are the ids of the rows of a list.
func (r *Reply) IDs() []string { return r.Texts("items", "id") }

// Allowed are the operations that the resource says to allow.
func (r *Reply) Allowed() []string { return r.Texts("allowedOperations", "") }
