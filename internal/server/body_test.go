package server

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestMediaTypes(t *testing.T) {
	s := start(t, nil)
	for media, status := range map[string]int{
		"application/json":                  201,
		"Application/JSON":                  201,
		"application/json; charset=utf-8":   201,
		"application/json;charset=UTF-8":    201,
		"application/json; charset=latin1":  415,
		"":                                  415,
		"text/plain":                        415,
		"application/merge-patch+json":      415,
		"application/x-www-form-urlencoded": 415,
		"multipart/form-data":               415,
		"application/json, text/plain":      415,
		"nonsense":                          415,
	} {
		r := request{method: "POST", path: "/v1/things", body: `{"title":"x"}`, header: []string{"Authorization: Bearer good"}}
		if media != "" {
			r.header = append(r.header, "Content-Type: "+media)
		}
		got := s.do(r)
		if got.status != status {
			t.Errorf("Content-Type %q is %d, want %d: %s", media, got.status, status, got.body)
		}
		if status == 415 {
			s.problem(got)
		}
	}
}

func TestAMissingBodyIsNamed(t *testing.T) {
	s := start(t, nil)
	if got := s.found(s.do(as(request{method: "POST", path: "/v1/things"}))); got != "body required" {
		t.Errorf("found %q", got)
	}
}

func TestABodyWhereThereIsNone(t *testing.T) {
	s := start(t, nil)
	for _, method := range []string{"GET", "DELETE"} {
		r := as(request{method: method, path: "/v1/things/" + aThing, body: "{}"})
		if got := s.found(s.do(r)); got != "body unexpected" {
			t.Errorf("%s with a body gives %q", method, got)
		}
	}
}

func TestBodyLimits(t *testing.T) {
	s := start(t, nil)
	batch := func(size int) request {
		r := post("[" + strings.Repeat(" ", size) + "]")
		r.path = "/v1/things/_batch"
		return r
	}
	content := func(size int) request {
		return request{method: "PUT", path: "/v1/things/" + aThing + "/content", body: strings.Repeat("x", size),
			header: []string{"Authorization: Bearer good", "Content-Type: application/octet-stream"}}
	}
	for name, test := range map[string]struct {
		request request
		status  int
	}{
		"over 1 MiB is 413":          {post(`{"title":"x"}` + strings.Repeat(" ", bodyLimit)), 413},
		"just under is read":         {post(`{"title":"x"}` + strings.Repeat(" ", bodyLimit-100)), 201},
		"a batch may have 2 MiB":     {batch(2 << 20), 204},
		"a batch over 8 MiB is 413":  {batch(batchLimit), 413},
		"content over 25 MiB is 413": {content(fileLimit + 1), 413},
		"content within it is taken": {content(fileLimit), 204},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do(test.request)
			if r.status != test.status {
				t.Errorf("status %d, want %d", r.status, test.status)
			}
		})
	}
}

// raw sends what the HTTP client of Go would not, and nothing after it.
func raw(t *testing.T, s *site, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

const head = "POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\n"

func TestALargeBodyIsRefusedBeforeItIsSent(t *testing.T) {
	s := start(t, nil)
	if got := raw(t, s, head+"Content-Length: 10000000\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 413") {
		t.Errorf("the announcement of 10 MB is answered with %q", got)
	}
}

func TestABodyWithoutALengthIsBoundedToo(t *testing.T) {
	s := start(t, nil)
	req, err := http.NewRequest("POST", s.URL+"/v1/things", io.MultiReader(strings.NewReader(`{"title":"`+strings.Repeat("x", bodyLimit)), strings.NewReader(`"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer good")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var doc written
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || doc.Status != 413 {
		t.Errorf("a chunked body over the limit gives %+v, %v", doc, err)
	}
}

func TestABrokenOffBodyChangesNothing(t *testing.T) {
	s := start(t, nil)
	raw(t, s, head+"Content-Length: 100\r\n\r\n{\"title\":")
	if s.body != nil {
		t.Error("half a body reached the handler")
	}
}
