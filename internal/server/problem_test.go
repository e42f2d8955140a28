package server

import (
	"strings"
	"testing"
	"time"
)

func TestFailures(t *testing.T) {
	s := start(t, func(c *Config) { c.DocsURL = "https://api.example.nl/docs" })
	for kind, want := range map[string]struct {
		status int
		page   string
	}{
		"invalid-input":          {400, "invalid-input"},
		"unauthenticated":        {401, "unauthenticated"},
		"forbidden":              {403, "forbidden"},
		"dossier-shielded":       {403, "dossier-shielded"},
		"not-found":              {404, "not-found"},
		"not-acceptable":         {406, "not-acceptable"},
		"conflict":               {409, "conflict"},
		"stale":                  {412, "stale"},
		"too-large":              {413, "too-large"},
		"unsupported-media-type": {415, "unsupported-media-type"},
		"idempotency-key-reused": {422, "idempotency-key-reused"},
		"precondition-required":  {428, "precondition-required"},
		"too-many-requests":      {429, "too-many-requests"},
		"unavailable":            {503, "unavailable"},
		"a-kind-of-nobody":       {500, "internal"},
		"panic":                  {500, "internal"},
		"secret":                 {500, "internal"},
		"database":               {500, "internal"},
		"unique":                 {409, "conflict"},
		"reference":              {409, "conflict"},
		"locked":                 {503, "unavailable"},
		"deadline":               {503, "unavailable"},
	} {
		t.Run(kind, func(t *testing.T) {
			r := s.do(get("/v1/failures/" + kind))
			doc := s.problem(r)
			if r.status != want.status || doc.Type != "https://api.example.nl/docs/problems/"+want.page {
				t.Errorf("%d %s, want %d %s", r.status, doc.Type, want.status, want.page)
			}
			if strings.Contains(r.body, "geheim") || strings.Contains(r.body, "goroutine") || strings.Contains(r.body, "stack") {
				t.Errorf("the answer tells too much: %s", r.body)
			}
			if r.status == 503 && r.header.Get("Retry-After") == "" {
				t.Error("a 503 has no Retry-After")
			}
		})
	}
}

func TestTheLogOfAFault(t *testing.T) {
	s := start(t, nil)
	instance := strings.TrimPrefix(s.problem(s.do(get("/v1/failures/panic"))).Instance, "urn:uuid:")
	log := s.logged()
	if !strings.Contains(log, `"request_id":"`+instance) || !strings.Contains(log, "goroutine") {
		t.Errorf("the log does not explain the panic %s:\n%s", instance, log)
	}
	s.do(get("/v1/failures/database"))
	log = s.logged()
	if !strings.Contains(log, `"sqlstate":"22P02"`) || strings.Contains(log, "geheim") {
		t.Errorf("the log of a database error lacks its code or quotes a value:\n%s", log)
	}
	s.do(get("/v1/failures/conflict"))
	if n := strings.Count(s.logged(), "request failed"); n != 2 {
		t.Errorf("%d faults are logged, want the two that are ours", n)
	}
}

func TestARequestThatTakesTooLongIs503(t *testing.T) {
	s := start(t, func(c *Config) { c.Timeout = time.Millisecond })
	if r := s.do(get("/v1/failures/slow")); r.status != 503 {
		t.Errorf("a request over its time is %d, want 503", r.status)
	}
}

func TestStaleNamesTheFields(t *testing.T) {
	s := start(t, nil)
	doc := s.problem(s.do(get("/v1/failures/stale")))
	if len(doc.ChangedFields) != 1 || doc.ChangedFields[0] != "title" || doc.Errors != nil {
		t.Errorf("a 412 says %+v", doc)
	}
}

func TestLanguage(t *testing.T) {
	s := start(t, nil)
	for accept, want := range map[string][3]string{
		"":                {"nl", "De invoer klopt niet", "Dit is te laag; ten minste 1."},
		"en-GB, nl;q=0.5": {"en", "The input is not valid", "This is too low; at least 1."},
		"fr":              {"nl", "De invoer klopt niet", "Dit is te laag; ten minste 1."},
	} {
		r := get("/v1/things?limit=0")
		if accept != "" {
			r.header = append(r.header, "Accept-Language: "+accept)
		}
		got := s.do(r)
		if doc := s.problem(got); got.header.Get("Content-Language") != want[0] || doc.Title != want[1] || doc.Errors[0].Detail != want[2] {
			t.Errorf("Accept-Language %q gives %q, %+v in %q", accept, doc.Title, doc.Errors, got.header.Get("Content-Language"))
		}
	}
}

func TestTrace(t *testing.T) {
	s := start(t, nil)
	const id = "7bba9f33312b3dabc8f8e90c7c61f194"
	for header, want := range map[string]string{
		"00-" + id + "-2a3f5c8d1e6b4a09-01": id,
		"":                                  "",
		"nonsense":                          "",
		"00-00000000000000000000000000000000-2a3f5c8d1e6b4a09-01": "",
	} {
		r := get("/v1/things/" + aThing)
		r.header = append(r.header, "traceparent: "+header)
		s.do(r)
		got := traceOfContext(s.seen)
		if len(got) != 32 || (want != "" && got != want) || strings.Trim(got, "0") == "" {
			t.Errorf("traceparent %q gives the trace %q", header, got)
		}
		if !strings.Contains(s.logged(), got) {
			t.Errorf("the log does not have the trace %q", got)
		}
	}
}

func TestAccessLogHoldsNoPersonalData(t *testing.T) {
	s := start(t, nil)
	r := post(`{"title":"geheim"}`)
	r.path += "?name=geheim"
	s.do(r)
	s.do(get("/v1/code-lists/geheim"))
	s.do(as(request{method: "GEHEIM", path: "/v1/geheim"}))
	log := s.logged()
	for _, part := range []string{`"route":"/v1/things"`, `"method":"POST"`, `"status":400`, `"municipality":"GM0861"`, `"partner":"` + aThing, "duration_ms", "trace_id"} {
		if !strings.Contains(log, part) {
			t.Errorf("the log lacks %s", part)
		}
	}
	for _, part := range []string{"geheim", "GEHEIM", "good", "127.0.0.1"} {
		if strings.Contains(log, part) {
			t.Errorf("the log holds %q:\n%s", part, log)
		}
	}
}

func TestEveryKindOfProblemIsExplainedInBothLanguages(t *testing.T) {
	for _, p := range explanations() {
		if p.Title.NL == "" || p.Title.EN == "" || p.Advice.NL == "" || p.Advice.EN == "" {
			t.Errorf("%s lacks a text", p.Kind)
		}
	}
}
