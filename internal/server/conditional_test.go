package server

import "testing"

func TestIfNoneMatch(t *testing.T) {
	s := start(t, nil)
	for header, status := range map[string]int{
		`"thing"`:                  304,
		`W/"thing"`:                304,
		`"other", "thing"`:         304,
		`"other",W/"thing","more"`: 304,
		`*`:                        304,
		`"other"`:                  200,
		`thing`:                    200,
		`"Thing"`:                  200,
	} {
		r := get("/v1/things/" + aThing)
		r.header = append(r.header, "If-None-Match: "+header)
		got := s.do(r)
		if got.status != status || (got.body == "") != (status == 304) || got.header.Get("ETag") != `"thing"` {
			t.Errorf("If-None-Match %s is %d with ETag %s and body %q", header, got.status, got.header.Get("ETag"), got.body)
		}
		if got.status == 304 && got.header.Get("Content-Type") != "" {
			t.Errorf("a 304 has a Content-Type")
		}
	}
}

func TestIfNoneMatchLeavesOthersAlone(t *testing.T) {
	s := start(t, nil)
	r := patch(`{"title":"x"}`)
	r.header = append(r.header, `If-None-Match: "thing"`)
	if got := s.do(r); got.status != 200 {
		t.Errorf("a PATCH with If-None-Match is %d, want 200", got.status)
	}
	list := get("/v1/things")
	list.header = append(list.header, "If-None-Match: *")
	if got := s.do(list); got.status != 200 {
		t.Errorf("an answer without an ETag is %d, want 200", got.status)
	}
}
