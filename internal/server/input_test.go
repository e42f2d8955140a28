package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// secret stands in what is sent wrongly; no answer repeats it.
const secret = "geheim-1234"

// anyID fills a path where the input is refused before anything is looked for.
func anyID(path string) string {
	return placeholder.ReplaceAllStringFunc(path, func(p string) string {
		switch p {
		case "{name}":
			return "partner-types"
		case "{version}":
			return "1"
		}
		return uuid.Must(uuid.NewV7()).String()
	})
}

// refused shows that an answer is a proper refusal of input with one of these codes, and repeats nothing.
func refused(t *testing.T, r *live.Reply, codes ...string) {
	t.Helper()
	if !r.Check(invalid) {
		return
	}
	assert.Equal(t, "invalid-input", r.Kind())
	found := slices.ContainsFunc(r.Texts("errors", "code"), func(code string) bool { return slices.Contains(codes, code) })
	assert.True(t, found, "none of the errors is %v: %s", codes, r.Raw)
	assert.NotContains(t, string(r.Raw), secret, "the answer repeats what was sent")
	for _, detail := range r.Texts("errors", "detail") {
		assert.NotEmpty(t, detail, "an error has no text: %s", r.Raw)
	}
}

// TestEveryBodyIsStrict sends every operation its example with something wrong in it.
func TestEveryBodyIsStrict(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	before := w.Rows(t)
	for _, op := range w.Contract().Operations {
		example, _ := op.Example().(map[string]any)
		if example == nil {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			who, path := w.As(t, "director"), anyID(op.Path)
			send := func(body any) *live.Reply { return who.Do(op.Method, path, body, anyTag) }
			spoiled := func(name string, value any) live.M {
				body := maps.Clone(example)
				body[name] = value
				return body
			}
			refused(t, send(spoiled("extra", secret)), "unknown")
			refused(t, send([]any{secret}), "type")
			refused(t, send(nil), "required")
			refused(t, send(`{"a":`), "json")
			for name, value := range example {
				smuggled := strings.ToUpper(name[:1]) + name[1:]
				refused(t, send(spoiled(smuggled, value)), "unknown")
				refused(t, send(spoiled(name, map[bool]any{true: 7, false: secret}[isText(value)])), "type", "enum")
				if isText(value) {
					refused(t, send(spoiled(name, secret+"\x00")), "text")
					refused(t, send(fmt.Sprintf(`{%q:"a",%q:%q}`, name, name, secret)), "duplicate")
				}
			}
			who.Do(op.Method, path, example, anyTag, "Content-Type: text/plain").Check(http.StatusUnsupportedMediaType)
			if op.Matched() && op.ID != "putMatrixDraft" {
				who.Do(op.Method, path, example).Check(http.StatusPreconditionRequired)
			}
		})
	}
	assert.Equal(t, before, w.Rows(t), "what was refused wrote something")
}

func isText(value any) bool {
	_, is := value.(string)
	return is
}

// TestBadBodies sends what is wrong in ways of its own.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	before := w.Rows(t)
	dossier := func(change string) string {
		return `{"type":"person","title":"x","basis":"covenant","purpose":"y"` + change + `}`
	}
	item := func(change string) string {
		return `{"category":"police","text":"x"` + change + `}`
	}
	for name, c := range map[string]struct{ path, body, code string }{
		"not JSON":                  {"/v1/dossiers", secret, "json"},
		"nothing":                   {"/v1/dossiers", " ", "required"},
		"two values":                {"/v1/dossiers", dossier("") + `{"a":1}`, "trailing"},
		"a twin deep inside":        {"/v1/dossiers", dossier(`,"location":{"kind":"dwelling","kind":"online"}`), "duplicate"},
		"a twin in other letters":   {"/v1/dossiers", dossier(`,"Title":"` + secret + `"`), "unknown"},
		"invalid UTF-8":             {"/v1/dossiers", dossier(`,"purpose2":"` + "\xff" + `"`), "utf-8"},
		"half a surrogate pair":     {"/v1/dossiers", `{"type":"person","title":"\ud800","basis":"covenant","purpose":"y"}`, "text"},
		"NUL, escaped":              {"/v1/dossiers", `{"type":"person","title":"\u0000","basis":"covenant","purpose":"y"}`, "text"},
		"nested deeply":             {"/v1/dossiers", strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "depth"},
		"nested beyond all bounds":  {"/v1/dossiers", strings.Repeat(`{"a":`, 150_000), "json"},
		"a title that is too long":  {"/v1/dossiers", `{"type":"person","title":"` + strings.Repeat("x", 100_000) + `","basis":"covenant","purpose":"y"}`, "too-long"},
		"an empty title":            {"/v1/dossiers", `{"type":"person","title":"","basis":"covenant","purpose":"y"}`, "too-short"},
		"an unknown type":           {"/v1/dossiers", `{"type":"` + secret + `","title":"x","basis":"covenant","purpose":"y"}`, "enum"},
		"no UUID":                   {"/v1/dossiers", dossier(`,"tableId":"` + secret + `"`), "uuid"},
		"a table that is not there": {"/v1/dossiers", dossier(`,"tableId":"019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11"`), "reference"},
		"a neighbourhood of others": {"/v1/dossiers", dossier(`,"neighbourhoodCode":"BU19480001"`), "reference"},
		"a place nowhere":           {"/v1/dossiers", dossier(`,"location":{"kind":"dwelling","point":{"longitude":181,"latitude":0}}`), "too-high"},
		"31 February":               {f.Path + "/items", item(`,"observedOn":"2026-02-31"`), "date"},
		"a day to come":             {f.Path + "/items", item(`,"observedOn":"2199-01-01"`), "future"},
		"an unknown category":       {f.Path + "/items", `{"category":"` + secret + `","text":"x","observedOn":"2026-01-01"}`, "reference"},
		"an unknown life domain":    {f.Path + "/items", item(`,"observedOn":"2026-01-01","lifeDomain":"` + secret + `"`), "reference"},
		"a time without offset":     {f.Path + "/participants", `{"partnerId":"` + w.Partner("police") + `","role":"participant","professionalIds":[],"from":"2026-01-01T00:00:00"}`, "date-time"},
		"an unknown offset":         {f.Path + "/participants", `{"partnerId":"` + w.Partner("police") + `","role":"participant","professionalIds":[],"from":"2026-01-01T00:00:00-00:00"}`, "date-time"},
		"the same name twice":       {f.Path + "/participants", `{"partnerId":"` + w.Partner("police") + `","role":"participant","professionalIds":["` + f.ID + `","` + f.ID + `"]}`, "uniqueitems"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, w.As(t, "police").Post(c.path, c.body), c.code) })
	}
	t.Run("ten megabytes", func(t *testing.T) {
		r := w.As(t, "police").Post("/v1/dossiers", dossier(`,"externalReference":"`+strings.Repeat("x", 10<<20)+`"`))
		r.Check(http.StatusRequestEntityTooLarge)
	})
	t.Run("everything at once", func(t *testing.T) {
		r := w.As(t, "police").Post("/v1/dossiers", `{"type":7,"title":"","basis":"x","tableId":"x","more":1}`)
		refused(t, r, "unknown")
		require.ElementsMatch(t, []string{"/type", "/title", "/basis", "/tableId", "/more", "/purpose"}, r.Texts("errors", "pointer"))
	})
	assert.Equal(t, before, w.Rows(t), "what was refused wrote something")
}

// TestBadAddresses sends what is wrong in path, query and header.
func TestBadAddresses(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who := w.As(t, "police")
	for name, c := range map[string]struct{ path, header, code string }{
		"no UUID":                   {"/v1/dossiers/" + secret, "", "uuid"},
		"an unknown query key":      {"/v1/dossiers?extra=" + secret, "", "unknown"},
		"a key in other letters":    {"/v1/dossiers?Limit=1", "", "unknown"},
		"a limit of nothing":        {"/v1/dossiers?limit=0", "", "too-low"},
		"a limit that is no number": {"/v1/dossiers?limit=" + secret, "", "integer"},
		"a limit of C":              {"/v1/dossiers?limit=010", "", "integer"},
		"too much":                  {"/v1/dossiers?limit=201", "", "too-high"},
		"a limit twice":             {"/v1/dossiers?limit=1&limit=2", "", "duplicate"},
		"no cursor of ours":         {"/v1/dossiers?cursor=" + secret, "", "cursor"},
		"a cursor of others":        {"/v1/dossiers?cursor=AZovblwbfTqfQCt8jZ4PEXh4eA", "", "cursor"},
		"no truth":                  {"/v1/dossiers?mine=ja", "", "boolean"},
		"a time that is none":       {"/v1/dossiers?changedSince=2026-02-31T00:00:00Z", "", "date-time"},
		"a date that is none":       {"/v1/actions?dueBefore=2026-02-31", "", "date"},
		"an unknown status":         {"/v1/dossiers?status=" + secret, "", "enum"},
		"NUL in the query":          {"/v1/dossiers?theme=a%00b", "", "text"},
		"bad escapes":               {"/v1/dossiers?theme=%ff", "", "text"},
		"a version of letters":      {"/v1/authorisation-matrix/versions/" + secret, "", "format"},
		"a version of the future":   {"/v1/authorisation-matrix/versions/99999999999999999999", "", "format"},
		"a last event of letters":   {"/v1/alert-stream", "Last-Event-ID: " + secret, "pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			var header []string
			if c.header != "" {
				header = []string{c.header}
			}
			refused(t, who.Get(c.path, header...), c.code)
		})
	}
	t.Run("a body where there is none", func(t *testing.T) {
		refused(t, who.Do(http.MethodGet, "/v1/dossiers", `{"a":"`+secret+`"}`), "unexpected")
	})
	t.Run("an Idempotency-Key of one letter", func(t *testing.T) {
		refused(t, who.Post("/v1/dossiers", live.M{"type": "person", "title": "x", "basis": "covenant", "purpose": "y"}, "Idempotency-Key: x"), "too-short", "key")
	})
	t.Run("nothing that we can give", func(t *testing.T) {
		who.Get("/v1/dossiers", "Accept: text/csv").Check(http.StatusNotAcceptable)
	})
}
