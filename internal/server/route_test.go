package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	s := start(t, nil)
	for name, test := range map[string]struct {
		request request
		status  int
	}{
		"an operation answers":                          {get("/v1/things/" + aThing), 200},
		"the root answers without a token":              {request{method: "GET", path: "/v1/"}, 200},
		"an unknown path is 404":                        {get("/v1/nothing"), 404},
		"an unknown path is 404 without a token":        {request{method: "GET", path: "/v1/nothing"}, 404},
		"outside v1 is 404":                             {get("/things"), 404},
		"a trailing slash on a list is 404":             {get("/v1/things/"), 404},
		"a trailing slash on a resource is 404":         {get("/v1/things/" + aThing + "/"), 404},
		"a trailing slash on a sub-collection is 404":   {get("/v1/things/" + aThing + "/parts/"), 404},
		"a trailing slash after the last parameter too": {get("/v1/code-lists/themes/"), 404},
		"two slashes are 404":                           {get("/v1/code-lists//"), 404},
		"an empty parameter is 404":                     {get("/v1/things//parts"), 404},
		"a parameter takes one segment only":            {get("/v1/code-lists/a/b"), 404},
		"an escaped slash is no segment":                {get("/v1/code-lists/a%2Fb"), 404},
		"a wrong method is 405":                         {as(request{method: "PUT", path: "/v1/things"}), 405},
		"a wrong method is 405 without a token":         {request{method: "PUT", path: "/v1/things"}, 405},
		"an invented method is 405":                     {as(request{method: "BREW", path: "/v1/things"}), 405},
		"HEAD where there is no GET is 405":             {as(request{method: "HEAD", path: "/v1/things/" + aThing + "/content"}), 405},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do(test.request)
			if r.status != test.status {
				t.Fatalf("status %d, want %d: %s", r.status, test.status, r.body)
			}
			if r.status >= 400 && test.request.method != "HEAD" {
				s.problem(r)
			}
		})
	}
}

func TestRoutes405NamesTheMethods(t *testing.T) {
	s := start(t, nil)
	allow := s.do(as(request{method: "PUT", path: "/v1/things"})).header.Get("Allow")
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
		if !strings.Contains(allow, method) {
			t.Errorf("Allow is %q, without %s", allow, method)
		}
	}
}

func TestHead(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/v1/things/" + aThing, "/v1/things", "/v1/", "/healthz", "/.well-known/security.txt"} {
		want, got := s.do(get(path)), s.do(as(request{method: "HEAD", path: path}))
		if got.status != want.status || got.body != "" {
			t.Errorf("HEAD %s is %d with body %q, want %d without", path, got.status, got.body, want.status)
		}
		for name := range want.header {
			if name != "Date" && name != "Ratelimit" && got.header.Get(name) != want.header.Get(name) {
				t.Errorf("HEAD %s: header %s is %q, GET has %q", path, name, got.header.Get(name), want.header.Get(name))
			}
		}
	}
}

func TestHeadOfAStreamEnds(t *testing.T) {
	s := start(t, nil)
	r := s.do(as(request{method: "HEAD", path: "/v1/stream"}))
	if r.status != 200 || r.header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("HEAD of the stream is %d %v", r.status, r.header)
	}
}

func TestOptions(t *testing.T) {
	s := start(t, nil)
	r := s.do(request{method: "OPTIONS", path: "/v1/things/" + aThing})
	if r.status != 204 || !strings.Contains(r.header.Get("Allow"), "PATCH") {
		t.Errorf("OPTIONS is %d with Allow %q", r.status, r.header.Get("Allow"))
	}
	if r := s.do(request{method: "OPTIONS", path: "/v1/nothing"}); r.status != 404 {
		t.Errorf("OPTIONS on an unknown path is %d, want 404", r.status)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := start(t, nil)
	known := get("/v1/things/" + aThing)
	known.header = append(known.header, `If-None-Match: "thing"`)
	for name, r := range map[string]request{
		"200":     get("/v1/things/" + aThing),
		"201":     post(`{"title":"x"}`),
		"204":     as(request{method: "DELETE", path: "/v1/things/" + aThing}),
		"304":     known,
		"400":     get("/v1/things?limit=x"),
		"401":     {method: "GET", path: "/v1/things"},
		"404":     get("/v1/nothing"),
		"405":     as(request{method: "PUT", path: "/v1/things"}),
		"500":     get("/v1/failures/panic"),
		"OPTIONS": {method: "OPTIONS", path: "/v1/things"},
		"health":  {method: "GET", path: "/healthz"},
		"token":   {method: "POST", path: "/oauth2/token"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.do(r)
			for header, want := range map[string]string{
				"Api-Version":               "1.2.3",
				"Cache-Control":             "no-store",
				"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
				"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
				"X-Content-Type-Options":    "nosniff",
				"X-Frame-Options":           "DENY",
				"Referrer-Policy":           "no-referrer",
			} {
				if got.header.Get(header) != want {
					t.Errorf("%d: %s is %q, want %q", got.status, header, got.header.Get(header), want)
				}
			}
			if language := got.header.Get("Content-Language"); (language == "nl") == (got.status == http.StatusNoContent) {
				t.Errorf("%d: Content-Language is %q", got.status, language)
			}
		})
	}
}

func TestPlainHandlersHaveABodyLimit(t *testing.T) {
	s := start(t, nil)
	if r := s.do(request{method: "POST", path: "/oauth2/token", body: strings.Repeat("x", bodyLimit+1)}); r.status != 413 {
		t.Errorf("a large body reached a plain handler: %d", r.status)
	}
}
