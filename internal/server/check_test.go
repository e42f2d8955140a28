package server

import (
	"fmt"
	"strings"
	"testing"
)

func TestParameters(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{
		"/v1/things": "",
		"/v1/things?limit=10&tag=a&tag=b&open=true":     "",
		"/v1/things?since=2026-11-24T10:30:00%2B01:00":  "",
		"/v1/things?weight=1.5":                         "",
		"/v1/things?limit=010":                          "query limit integer",
		"/v1/things?limit=%2B5":                         "query limit integer",
		"/v1/things?limit=1e2":                          "query limit integer",
		"/v1/things?limit=99999999999999999999":         "query limit integer",
		"/v1/things?limit=":                             "query limit integer",
		"/v1/things?limit=0":                            "query limit too-low",
		"/v1/things?limit=201":                          "query limit too-high",
		"/v1/things?limit=1&limit=2":                    "query limit duplicate",
		"/v1/things?open=1":                             "query open boolean",
		"/v1/things?open=TRUE":                          "query open boolean",
		"/v1/things?weight=NaN":                         "query weight number",
		"/v1/things?weight=1e400":                       "query weight number",
		"/v1/things?since=2026-11-24":                   "query since date-time",
		"/v1/things?title=a%00b":                        "query title text",
		"/v1/things?title=%ff":                          "query title text",
		"/v1/things?tag=a&tag=%00":                      "query tag text",
		"/v1/things?unknown=1":                          "query unknown unknown",
		"/v1/things?Limit=1":                            "query Limit unknown",
		"/v1/things?filter%5Bx%5D=1":                    "query … unknown",
		"/v1/things?title=%zz":                          "query syntax",
		"/v1/things?limit=1;open=true":                  "query syntax",
		"/v1/things?title=" + strings.Repeat("x", 21):   "query title too-long",
		"/v1/things?limit=x&open=x&nope=1":              "query limit integer; query nope unknown; query open boolean",
		"/v1/things/no-uuid":                            "path thingId uuid",
		"/v1/things/019a2f6e5c1b7d3a9f402b7c8d9e0f11":   "path thingId uuid",
		"/v1/things/%7B019a2f6e-5c1b-7d3a-9f40-2b7c%7D": "path thingId uuid",
		"/v1/things/a%00b":                              "path thingId text",
		"/v1/code-lists/THEMES":                         "path name pattern",
	} {
		r := s.do(get(path))
		if want == "" {
			if r.status != 200 {
				t.Errorf("%s is %d: %s", path, r.status, r.body)
			}
			continue
		}
		if got := s.found(r); r.status != 400 || got != want {
			t.Errorf("%s is %d with %q, want %q", path, r.status, got, want)
		}
	}
}

func TestDefaultsReachTheHandler(t *testing.T) {
	s := start(t, nil)
	if r := s.do(get("/v1/things?tag=a&tag=b")); r.body != `{"limit":"50","tags":["a","b"]}`+"\n" {
		t.Errorf("the handler saw %s", r.body)
	}
	s.do(post(`{"title":"x"}`))
	if s.body.Count == nil || *s.body.Count != 5 {
		t.Errorf("a POST has the count %v, want the default 5", s.body.Count)
	}
	s.do(patch(`{"title":"x"}`))
	if s.body.Count != nil {
		t.Errorf("a PATCH that does not speak of the count sets it to %d", *s.body.Count)
	}
}

func TestBodies(t *testing.T) {
	s := start(t, nil)
	deep := strings.Repeat("[", 65) + strings.Repeat("]", 65)
	for body, want := range map[string]string{
		`{"title":"x"}`: "",
		`{"title":"é😀 \u00e9 \ud83d\ude00 \\u0000"}`:        "",
		`{"title":"x","dueDate":"2028-02-29"}`:              "",
		`{"title":"x","startsAt":"2026-11-24T09:30:00.5Z"}`: "",
		`{"title":"x","either":{"upTo":3}}`:                 "",
		`{`:                                                 "body json",
		`{"title":"x",}`:                                    "body json",
		`{'title':'x'}`:                                     "body json",
		`   `:                                               "body required",
		`{"title":"x"} {}`:                                  "body trailing",
		`{"title":"x"}]`:                                    "body trailing",
		`{"title":"x","title":"y"}`:                         "body /title duplicate",
		`{"title":"x","either":{"upTo":1,"upTo":2}}`:        "body /either/upTo duplicate",
		`{"title":"x","t\u0069tle":"y"}`:                    "body /title duplicate",
		`{"title":"x","tags":` + deep + `}`:                 "body /tags" + strings.Repeat("/0", 63) + " depth",
		"{\"title\":\"\xff\"}":                              "body utf-8",
		`{"title":"a\u0000b"}`:                              "body /title text",
		"{\"title\":\"a\x00b\"}":                            "body json",
		`{"title":"x","\u0000":1}`:                          "body /… text",
		`{"title":"\ud83d"}`:                                "body /title text",
		`{"title":"x","Title":"EVIL"}`:                      "body /Title unknown",
		`{"title":"x","<script>":1}`:                        "body /… unknown",
		`{"title":"x","nope":1,"also":2}`:                   "body /also unknown; body /nope unknown",
		`{}`:                                                "body /title required",
		`[]`:                                                "body type",
		`null`:                                              "body nullable",
		`"x"`:                                               "body type",
		`{"title":null}`:                                    "body /title nullable",
		`{"title":7}`:                                       "body /title type",
		`{"title":""}`:                                      "body /title too-short",
		`{"title":"` + strings.Repeat("x", 21) + `"}`:          "body /title too-long",
		`{"title":"x","ownerId":"x"}`:                          "body /ownerId uuid",
		`{"title":"x","dueDate":"2026-02-31"}`:                 "body /dueDate date",
		`{"title":"x","dueDate":"2026-2-1"}`:                   "body /dueDate date",
		`{"title":"x","dueDate":"0000-01-01"}`:                 "body /dueDate date",
		`{"title":"x","startsAt":"2026-11-24T09:30:00-00:00"}`: "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-11-24T09:30:00+24:00"}`: "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-11-24T3:04:00Z"}`:       "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-11-24T09:30:00,5Z"}`:    "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-02-31T09:30:00Z"}`:      "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-11-24t09:30:00z"}`:      "body /startsAt date-time",
		`{"title":"x","startsAt":"2026-11-24T09:30:60Z"}`:      "body /startsAt date-time",
		`{"title":"x","startsAt":"0001-01-01T00:00:00+01:00"}`: "body /startsAt date-time",
		`{"title":"x","email":"Jan <jan@example.nl>"}`:         "body /email email",
		`{"title":"x","link":"nothing"}`:                       "body /link uri",
		`{"title":"x","count":11}`:                             "body /count too-high",
		`{"title":"x","count":1.5}`:                            "body /count type",
		`{"title":"x","count":1e999}`:                          "body /count type",
		`{"title":"x","kind":"c"}`:                             "body /kind enum",
		`{"title":"x","tags":["a","b","c"]}`:                   "body /tags too-many",
		`{"title":"x","tags":["a","a"]}`:                       "body /tags uniqueitems",
		`{"title":"x","tags":["a","B"]}`:                       "body /tags/1 pattern",
		`{"title":"x","id":"y"}`:                               "body /id readonly",
		`{"title":"x","either":{"upTo":1,"ids":[]}}`:           "body /either choice",
		`{"title":"x","all":{"size":9}}`:                       "body /all/size too-high",
		`{"title":"","kind":"c","nope":1,"dueDate":"x"}`:       "body /dueDate date; body /kind enum; body /nope unknown; body /title too-short",
	} {
		r := s.do(post(body))
		if want == "" {
			if r.status != 201 {
				t.Errorf("%s is %d: %s", body, r.status, r.body)
			}
			continue
		}
		if got := s.found(r); r.status != 400 || got != want {
			t.Errorf("%s is %d with %q, want %q", body, r.status, got, want)
		}
	}
}

func TestAnIntegerIsAnIntegerHoweverItIsWritten(t *testing.T) {
	s := start(t, nil)
	for text, want := range map[string]int{"1.0": 1, "1e0": 1, "0.1e2": 10, "-0": 0} {
		if r := s.do(patch(`{"count":` + text + `}`)); r.status != 200 || s.body.Count == nil || *s.body.Count != want {
			t.Errorf("the count %s is %d with %v, want %d", text, r.status, s.body.Count, want)
		}
	}
}

func TestAnIntegerThatDoesNotFitIs400(t *testing.T) {
	s := start(t, nil)
	for _, r := range []request{post(`{"title":"x","size":1e30}`), patch(`{"size":100000000000000000000}`)} {
		got := s.do(r)
		if got.status != 400 {
			t.Errorf("%s is %d, want 400", r.method, got.status)
		}
		s.problem(got)
	}
}

func TestInputErrorsEchoNoValue(t *testing.T) {
	s := start(t, nil)
	for _, r := range []request{
		post(`{"title":"geheim-geheim-geheim-geheim","kind":"geheim","dueDate":"geheim","count":"geheim","tags":["GEHEIM"],"ownerId":"geheim"}`),
		post(`{"title":"x","mijn geheim is dit":1}`),
		post(`{"title": geheim}`),
		get("/v1/things?limit=geheim&since=geheim&open=geheim"),
		get("/v1/code-lists/GEHEIM"),
		get("/v1/things/geheim"),
	} {
		if got := s.do(r); got.status != 400 || strings.Contains(strings.ToLower(got.body), "geheim") {
			t.Errorf("%d echoes a value: %s", got.status, got.body)
		}
	}
}

func TestAllErrorsOfARequestComeAtOnce(t *testing.T) {
	s := start(t, nil)
	r := patch(`{"title":"","nope":1}`)
	r.path = "/v1/things/no-uuid?also=1"
	want := "query also unknown; path thingId uuid; body /nope unknown; body /title too-short"
	if got := s.found(s.do(r)); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	many := `{"title":"x"`
	for i := range 300 {
		many += fmt.Sprintf(`,"n%d":1`, i)
	}
	if got := s.problem(s.do(post(many + "}"))); len(got.Errors) != maxFindings {
		t.Errorf("%d errors are listed, want at most %d", len(got.Errors), maxFindings)
	}
}

func TestInputErrorsInEnglish(t *testing.T) {
	s := start(t, nil)
	r := post(`{"title":"x","kind":"c"}`)
	r.header = append(r.header, "Accept-Language: en")
	if got := s.problem(s.do(r)); len(got.Errors) != 1 || got.Errors[0].Detail != "Choose one of: a, b." {
		t.Errorf("the errors are %+v", got.Errors)
	}
}

func TestMergePatchBinds(t *testing.T) {
	s := start(t, nil)
	if r := s.do(patch(`{"title":"new"}`)); r.status != 200 || s.body.Title != "new" {
		t.Fatalf("a merge patch is %d: %s", r.status, r.body)
	}
	if got := s.found(s.do(patch(`{"title":"ok","Title":"EVIL"}`))); got != "body /Title unknown" {
		t.Errorf("a key in other case gives %q", got)
	}
	if got := s.found(s.do(patch(`{}`))); got != "body minproperties" {
		t.Errorf("an empty patch gives %q", got)
	}
}

func TestIfMatchIsRequired(t *testing.T) {
	s := start(t, nil)
	r := patch(`{"title":"x"}`)
	r.header = r.header[:2]
	got := s.do(r)
	if got.status != 428 {
		t.Errorf("without If-Match the answer is %d, want 428", got.status)
	}
	s.problem(got)
}
