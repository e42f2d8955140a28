package server

import (
	"strings"
	"testing"
)

func TestCORS(t *testing.T) {
	s := start(t, nil)
	for name, test := range map[string]struct {
		path, origin, allowed string
	}{
		"a listed origin":                     {"/v1/things", "https://app.example.nl", "https://app.example.nl"},
		"a pattern takes any port":            {"/v1/things", "http://localhost:5173", "http://localhost:5173"},
		"a pattern takes no other host":       {"/v1/things", "http://localhost:5173.evil.nl", ""},
		"a pattern takes no other path":       {"/v1/things", "http://localhost:", ""},
		"another origin":                      {"/v1/things", "https://evil.example", ""},
		"another scheme":                      {"/v1/things", "http://app.example.nl", ""},
		"an origin that ends alike":           {"/v1/things", "https://xapp.example.nl", ""},
		"the null origin":                     {"/v1/things", "null", ""},
		"no origin":                           {"/v1/things", "", ""},
		"the root is for everybody":           {"/v1/", "https://evil.example", "*"},
		"code lists are for everybody":        {"/v1/code-lists/themes", "", "*"},
		"what is well known is for everybody": {"/.well-known/security.txt", "https://evil.example", "*"},
	} {
		t.Run(name, func(t *testing.T) {
			r := get(test.path)
			if test.origin != "" {
				r.header = append(r.header, "Origin: "+test.origin)
			}
			got := s.do(r).header
			if got.Get("Access-Control-Allow-Origin") != test.allowed {
				t.Errorf("allowed is %q, want %q", got.Get("Access-Control-Allow-Origin"), test.allowed)
			}
			if !strings.Contains(strings.Join(got.Values("Vary"), ","), "Origin") {
				t.Error("the answer does not vary by Origin")
			}
			if (got.Get("Access-Control-Expose-Headers") != "") != (test.allowed != "") {
				t.Errorf("exposed are %q", got.Get("Access-Control-Expose-Headers"))
			}
		})
	}
}

func TestPreflightNeedsNoToken(t *testing.T) {
	s := start(t, nil)
	ask := func(path, origin, method string) reply {
		return s.do(request{method: "OPTIONS", path: path, header: []string{"Origin: " + origin,
			"Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: authorization,if-match"}})
	}
	r := ask("/v1/things/"+aThing, "http://localhost:3000", "PATCH")
	if r.status != 204 || !strings.Contains(r.header.Get("Access-Control-Allow-Methods"), "PATCH") {
		t.Errorf("a preflight is %d with %v", r.status, r.header)
	}
	for _, name := range []string{"Authorization", "Content-Type", "Accept-Language", "If-Match", "If-None-Match",
		"Idempotency-Key", "Last-Event-ID", "Municipality", "Preview-As-Partner", "Preview-As-Professional", "traceparent"} {
		if !strings.Contains(r.header.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("a preflight does not allow %s", name)
		}
	}
	if r := ask("/v1/things", "https://evil.example", "POST"); r.header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("a preflight allows a stranger %v", r.header)
	}
	if r := ask("/v1/", "https://evil.example", "GET"); r.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("a preflight of the root allows %q", r.header.Get("Access-Control-Allow-Origin"))
	}
	if r := ask("/v1/nothing", "http://localhost:3000", "GET"); r.status != 404 {
		t.Errorf("a preflight of nothing is %d, want 404", r.status)
	}
}

func TestErrorsCanBeReadByPages(t *testing.T) {
	s := start(t, nil)
	r := s.do(request{method: "GET", path: "/v1/things", header: []string{"Origin: http://localhost:3000"}})
	if r.status != 401 || r.header.Get("Access-Control-Allow-Origin") == "" || !strings.Contains(r.header.Get("Access-Control-Expose-Headers"), "Retry-After") {
		t.Errorf("a page cannot read a %d: %v", r.status, r.header)
	}
}
