package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAuthentication(t *testing.T) {
	s := start(t, nil)
	with := func(headers ...string) request {
		return request{method: "GET", path: "/v1/things", header: headers}
	}
	for name, test := range map[string]struct {
		request   request
		status    int
		challenge string
	}{
		"a good token passes":                    {with("Authorization: Bearer good"), 200, ""},
		"the scheme is case-insensitive":         {with("Authorization: bearer good"), 200, ""},
		"no token is 401 without an error":       {with(), 401, "Bearer"},
		"a bad token is 401 with an error":       {with("Authorization: Bearer bad"), 401, `Bearer error="invalid_token"`},
		"another scheme is 401":                  {with("Authorization: Basic Z29vZDo="), 401, `Bearer error="invalid_token"`},
		"an empty token is 401":                  {with("Authorization: Bearer "), 401, `Bearer error="invalid_token"`},
		"two headers are 401":                    {with("Authorization: Bearer good", "Authorization: Bearer good"), 401, `Bearer error="invalid_token"`},
		"two tokens in one header are 401":       {with("Authorization: Bearer good, Bearer good"), 401, `Bearer error="invalid_token"`},
		"a token in the query is no token":       {request{method: "GET", path: "/v1/things?access_token=good"}, 401, "Bearer"},
		"a bad token where none is needed":       {request{method: "GET", path: "/v1/", header: []string{"Authorization: Bearer bad"}}, 200, ""},
		"401 comes before what is wrong":         {request{method: "GET", path: "/v1/things/no-uuid?x=1"}, 401, "Bearer"},
		"401 comes before the body":              {request{method: "POST", path: "/v1/things", body: "{"}, 401, "Bearer"},
		"401 comes before the media type":        {with("Accept: text/html"), 401, "Bearer"},
		"a missing municipality is 400":          {with("Authorization: Bearer twice"), 400, ""},
		"a named municipality passes":            {with("Authorization: Bearer twice", "Municipality: GM0861"), 200, ""},
		"two municipalities are 400":             {with("Authorization: Bearer twice", "Municipality: GM0861", "Municipality: GM1948"), 400, ""},
		"a fault of ours is 500 and not a token": {with("Authorization: Bearer failing"), 500, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do(test.request)
			if r.status != test.status || r.header.Get("WWW-Authenticate") != test.challenge {
				t.Errorf("%d with WWW-Authenticate %q, want %d with %q: %s", r.status, r.header.Get("WWW-Authenticate"), test.status, test.challenge, r.body)
			}
			if r.status >= 400 {
				s.problem(r)
			}
		})
	}
}

func TestATokenInTheQueryIsAnUnknownKey(t *testing.T) {
	s := start(t, nil)
	if got := s.found(s.do(get("/v1/things?access_token=good"))); got != "query access_token unknown" {
		t.Errorf("found %q", got)
	}
}

func TestAccept(t *testing.T) {
	s := start(t, nil)
	for accept, status := range map[string]int{
		"":                                 200,
		"*/*":                              200,
		"application/*":                    200,
		"application/json":                 200,
		"Application/JSON; charset=utf-8":  200,
		"text/html, application/json;q=.1": 200,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": 200,
		"text/html":                 406,
		"application/xml":           406,
		"application/json;q=0":      406,
		"application/json;q=0, */*": 406,
		"nonsense":                  406,
	} {
		r := get("/v1/things")
		if accept != "" {
			r.header = append(r.header, "Accept: "+accept)
		}
		got := s.do(r)
		if got.status != status {
			t.Errorf("Accept %q is %d, want %d", accept, got.status, status)
		}
		if status == 406 {
			s.problem(got)
		}
	}
}

func TestAcceptNeverMattersWithoutABody(t *testing.T) {
	s := start(t, nil)
	r := as(request{method: "DELETE", path: "/v1/things/" + aThing, header: []string{"Accept: text/html"}})
	if got := s.do(r); got.status != 204 {
		t.Errorf("an answer without a body is %d for any Accept, want 204", got.status)
	}
}

// clock is a time that stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestRateLimit(t *testing.T) {
	now := &clock{time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	s := start(t, func(c *Config) { c.Now, c.PerSecond, c.Burst = now.now, 1, 2 })
	for i, want := range []string{`"default";r=1;t=1`, `"default";r=0;t=2`} {
		r := s.do(get("/v1/things"))
		if r.status != 200 || r.header.Get("RateLimit") != want || r.header.Get("RateLimit-Policy") != `"default";q=2;w=2` {
			t.Errorf("request %d: %d, RateLimit %q of %q", i, r.status, r.header.Get("RateLimit"), r.header.Get("RateLimit-Policy"))
		}
	}
	r := s.do(get("/v1/things"))
	if r.status != 429 || r.header.Get("Retry-After") != "1" || r.header.Get("RateLimit") != `"default";r=0;t=2` {
		t.Fatalf("over the limit: %d, Retry-After %q, RateLimit %q", r.status, r.header.Get("Retry-After"), r.header.Get("RateLimit"))
	}
	s.problem(r)
	if other := s.do(request{method: "GET", path: "/v1/"}); other.status != 200 {
		t.Errorf("another caller is refused too: %d", other.status)
	}
	now.at = now.at.Add(time.Second)
	if again := s.do(get("/v1/things")); again.status != 200 {
		t.Errorf("after a second the caller is still refused: %d", again.status)
	}
}

func TestRateLimitOfWhoHasNoToken(t *testing.T) {
	now := &clock{time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	s := start(t, func(c *Config) { c.Now, c.PerSecond, c.Burst = now.now, 1, 2 })
	var statuses []string
	for range 3 {
		statuses = append(statuses, fmt.Sprint(s.do(request{method: "GET", path: "/v1/things"}).status))
	}
	if got := strings.Join(statuses, " "); got != "401 401 429" {
		t.Errorf("three requests without a token are %s", got)
	}
}

func TestRateLimitForgetsCallersWhoRest(t *testing.T) {
	now := &clock{time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	l := newLimiter(1, 2, now.now)
	for i := range maxBuckets + 10 {
		if err := l.take(http.Header{}, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d callers are remembered, more than %d", len(l.buckets), maxBuckets)
	}
}
