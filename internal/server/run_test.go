package server

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// running serves a handler through Run until stop is called; stopped gives what Run returned.
func running(t *testing.T, h http.Handler, grace time.Duration) (url string, stop func(), stopped chan error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	stopped = make(chan error, 1)
	go func() { stopped <- Run(ctx, ln, h, grace) }()
	return "http://" + ln.Addr().String(), stop, stopped
}

func open(t *testing.T, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer good")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	s := start(t, func(c *Config) { c.Timeout = time.Millisecond })
	url, stop, stopped := running(t, s.Config.Handler, 10*time.Second)
	res := open(t, url+"/v1/stream")
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	if line, err := lines.ReadString('\n'); err != nil || line != ": hello\n" {
		t.Fatalf("the stream begins with %q, %v; it must be flushed and know no time limit", line, err)
	}
	stop()
	if _, err := io.ReadAll(lines); err != nil {
		t.Errorf("the stream did not end well: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// A stream that took its connection over goes on after its handler, and the server waits for its end.
func TestAStreamWithoutItsHandlerEndsWhenTheServerStops(t *testing.T) {
	returned := make(chan bool)
	url, stop, stopped := running(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream := goOn(r.Context())
		defer close(returned)
		defer stream.returned()
		w.Header().Set("Transfer-Encoding", "identity")
		w.WriteHeader(http.StatusOK)
		conn, _, err := streaming{w, http.NewResponseController(w), stream}.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() {
			<-stream.ctx.Done()
			_, _ = io.WriteString(conn, "the last word")
			_ = conn.Close()
		}()
	}), 10*time.Second)
	res := open(t, url)
	defer res.Body.Close()
	<-returned
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "the last word" {
		t.Errorf("the stream ended with %q, %v", body, err)
	}
}

func TestAStreamEndsWhenItsCallerLeaves(t *testing.T) {
	s := start(t, nil)
	res := open(t, s.URL+"/v1/stream")
	res.Body.Close()
	s.Server.Close() // waits for every handler
	if !strings.Contains(s.logged(), `"route":"/v1/stream","municipality":"GM0861"`) {
		t.Error("the stream has no line in the log")
	}
}

func TestOpenRequestsFinishWhenTheServerStops(t *testing.T) {
	entered, proceed := make(chan bool), make(chan bool)
	url, stop, stopped := running(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		entered <- true
		<-proceed
		w.WriteHeader(http.StatusNoContent)
	}), 10*time.Second)
	answered := make(chan int)
	go func() {
		res, err := http.Get(url)
		if err != nil {
			answered <- 0
			return
		}
		res.Body.Close()
		answered <- res.StatusCode
	}()
	<-entered
	stop()
	close(proceed)
	if status := <-answered; status != http.StatusNoContent {
		t.Errorf("the open request got %d, want 204", status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestRequestsThatNeverEndAreCutOff(t *testing.T) {
	entered := make(chan bool)
	url, stop, stopped := running(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		entered <- true
		<-r.Context().Done()
	}), time.Millisecond)
	go func() {
		if res, err := http.Get(url); err == nil {
			res.Body.Close()
		}
	}()
	<-entered
	stop()
	if err := <-stopped; err == nil || !strings.Contains(err.Error(), "still open") {
		t.Errorf("Run returns %v, want an error that says what was still open", err)
	}
}

func TestRunFailsWithItsListener(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := Run(context.Background(), ln, http.NotFoundHandler(), time.Second); err == nil {
		t.Error("Run on a closed listener succeeds")
	}
}
