package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// securityHeaders stand on every answer (API Design Rules, module transport security).
func securityHeaders(t *testing.T, what string, r *live.Reply) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Strict-Transport-Security": "max-age=31536000; includeSubDomains", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		assert.Equal(t, want, r.Header.Get(name), "%s of %s", name, what)
	}
	assert.NotEmpty(t, r.Header.Get("API-Version"), what)
	assert.Equal(t, "0.1.0", r.Header.Get("API-Version"), what)
}

// TestEveryAnswerHasItsHeaders meets every kind of answer, those that the contract does not have
// included.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	who := w.As(t, "police")
	tag := who.Get(f.Path).Tag()
	for what, r := range map[string]*live.Reply{
		"200": who.Get(f.Path).Want(ok), "201": who.Post("/v1/dossiers", opening("Jan")).Want(created),
		"304": who.Get(f.Path, "If-None-Match: "+tag).Want(http.StatusNotModified), "400": who.Get("/v1/dossiers?x=1").Want(invalid),
		"401": w.Nobody(t).Get(f.Path).Want(401), "403": who.Patch(f.Path, "*", live.M{"purpose": "x"}).Want(forbidden),
		"404": w.As(t, "auditor").Get(f.Path).Want(notFound), "404 of a path": who.Get("/v1/nowhere").Want(notFound),
		"404 of a slash": who.Get("/v1/dossiers/").Want(notFound), "404 outside": w.Nobody(t).Get("/elsewhere").Want(notFound),
		"405": who.Do("DELETE", f.Path, nil).Want(http.StatusMethodNotAllowed), "406": who.Get(f.Path, "Accept: text/csv").Want(http.StatusNotAcceptable),
		"412": w.As(t, "director").Patch(f.Path, `"x"`, live.M{"purpose": "x"}).Want(stale), "415": who.Post("/v1/dossiers", "x", "Content-Type: text/plain").Want(http.StatusUnsupportedMediaType),
		"428": w.As(t, "director").Do("PATCH", f.Path, live.M{"purpose": "x"}).Want(http.StatusPreconditionRequired), "OPTIONS": w.Nobody(t).Do("OPTIONS", f.Path, nil),
		"HEAD": who.Do("HEAD", f.Path, nil).Want(ok), "HEAD of 404": who.Do("HEAD", "/v1/nowhere", nil).Want(notFound),
		"/healthz": w.Nobody(t).Get("/healthz").Want(ok), "/readyz": w.Nobody(t).Get("/readyz"),
	} {
		securityHeaders(t, what, r)
		if r.Status >= invalid && !strings.HasPrefix(what, "HEAD") {
			page := w.Nobody(t).Get(strings.TrimPrefix(r.Text("type"), w.URL)).Want(ok)
			assert.Contains(t, page.Header.Get("Content-Type"), "text/html", "the type of %s is a page", what)
			assert.Contains(t, string(page.Raw), r.Text("title"), "the page of %s explains it", what)
			assert.EqualValues(t, r.Status, r.At("status"))
		}
	}
}

// TestEveryAddress calls every path of the contract with every method.
func TestEveryAddress(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who := w.As(t, "director")
	paths := map[string][]string{}
	for _, op := range w.Contract().Operations {
		paths[op.Path] = append(paths[op.Path], op.Method)
	}
	for template, methods := range paths {
		t.Run(template, func(t *testing.T) {
			path := anyID(template)
			if template == "/v1/" {
				w.Nobody(t).Get("/v1").Check(notFound)
			} else {
				who.Get(path + "/").Check(notFound)
			}
			allowed := append([]string{"OPTIONS"}, methods...)
			if slices.Contains(methods, "GET") {
				allowed = append(allowed, "HEAD")
				sameHead(t, w, path)
			}
			for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} {
				if !slices.Contains(methods, method) {
					r := who.Do(method, path, nil)
					r.Check(http.StatusMethodNotAllowed)
					assert.ElementsMatch(t, allowed, strings.Split(r.Header.Get("Allow"), ", "), "Allow of %s", method)
				}
			}
			preflight(t, w, path, methods)
		})
	}
}

// sameHead compares HEAD with GET.
func sameHead(t *testing.T, w *live.World, path string) {
	t.Helper()
	if path == "/v1/alert-stream" {
		return // its GET does not end
	}
	who := w.As(t, "director")
	get, head := who.Get(path), who.Do("HEAD", path, nil)
	assert.Equal(t, get.Status, head.Status, "HEAD %s", path)
	assert.Empty(t, head.Raw)
	for _, name := range []string{"Content-Type", "ETag", "Link", "Content-Language", "API-Version"} {
		assert.Equal(t, get.Header.Get(name), head.Header.Get(name), "%s of HEAD %s", name, path)
	}
}

// preflight asks as a browser would, without a token.
func preflight(t *testing.T, w *live.World, path string, methods []string) {
	t.Helper()
	for _, method := range methods {
		ask := func(origin string) http.Header {
			r := w.Nobody(t).Do("OPTIONS", path, nil, "Origin: "+origin, "Access-Control-Request-Method: "+method,
				"Access-Control-Request-Headers: authorization, if-match")
			r.Check(http.StatusNoContent)
			return r.Header
		}
		h := ask("http://localhost:5173")
		answer := w.Nobody(t).Get(path, "Origin: http://localhost:5173").Header
		for _, name := range []string{"ETag", "Location", "Link", "API-Version", "Content-Language", "Retry-After", "RateLimit"} {
			assert.Contains(t, answer.Get("Access-Control-Expose-Headers"), name)
		}
		assert.Contains(t, []string{"*", "http://localhost:5173"}, h.Get("Access-Control-Allow-Origin"))
		assert.Contains(t, h.Get("Access-Control-Allow-Methods"), method)
		for _, name := range []string{"Authorization", "If-Match", "Idempotency-Key", "Last-Event-ID", "Municipality", "traceparent"} {
			assert.Contains(t, h.Get("Access-Control-Allow-Headers"), name)
		}
		assert.Contains(t, []string{"", "*"}, ask("https://evil.example").Get("Access-Control-Allow-Origin"), "%s %s", method, path)
	}
}

// TestOneContract reads the contract in both its forms.
func TestOneContract(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	var fromJSON, fromYAML any
	asJSON, asYAML := w.Nobody(t).Get("/v1/openapi.json").Want(ok), w.Nobody(t).Get("/v1/openapi.yaml").Want(ok)
	require.NoError(t, json.Unmarshal(asJSON.Raw, &fromJSON))
	var decoded any
	require.NoError(t, yaml.Unmarshal(asYAML.Raw, &decoded))
	text, err := json.Marshal(decoded)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &fromYAML))
	assert.Equal(t, fromJSON, fromYAML)
	assert.Equal(t, "*", asJSON.Header.Get("Access-Control-Allow-Origin"))
	w.Nobody(t).Get("/v1/openapi.json", "If-None-Match: "+asJSON.Tag()).Check(http.StatusNotModified)
}

// TestLanguages answers in the language that is asked for, Dutch by default.
func TestLanguages(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for accept, want := range map[string]string{"": "nl", "en": "en", "en-GB,en;q=0.8": "en", "nl,en;q=0.5": "nl", "fr": "nl", "fr,en;q=0.5": "en", "*": "nl"} {
		t.Run(accept, func(t *testing.T) {
			who := w.As(t, "police").Always("Accept-Language: " + accept)
			assert.Equal(t, want, who.Get("/v1/me").Want(ok).Header.Get("Content-Language"))
			r := who.Get("/v1/nowhere").Want(notFound)
			assert.Equal(t, want, r.Header.Get("Content-Language"))
			assert.Equal(t, map[string]string{"nl": "Dit is er niet, of niet voor u", "en": "This is not there, or not for you"}[want], r.Text("title"))
		})
	}
}

// TestTooManyRequests slows down who asks too much, and nobody else.
func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	w := live.Bare(t, func(s *server.Setup) { s.PerSecond = 1.5 })
	var last *live.Reply
	for range 8 {
		last = w.As(t, "police").Get("/v1/me")
	}
	last.Check(http.StatusTooManyRequests)
	assert.NotEmpty(t, last.Header.Get("Retry-After"))
	assert.Contains(t, last.Header.Get("RateLimit"), "r=0")
	w.As(t, "social").Get("/v1/me").Check(ok)
}

// TestMunicipality is a token's own, and none that is named beside it.
func TestMunicipality(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who := w.As(t, "police")
	assert.Equal(t, "GM0861", who.Get("/v1/me", "Municipality: GM0861").Want(ok).Text("municipality.id"))
	r := who.Get("/v1/me", "Municipality: GM1948")
	r.Check(invalid)
	assert.NotContains(t, string(r.Raw), "Meierijstad")
	who.Get("/v1/me", "Municipality: geheim").Check(invalid)
}
