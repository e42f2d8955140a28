// Command receiver is a small receiver of webhooks, to try them and to begin your own from: it says that it wants events,
// verifies each, passes over doubles and prints the rest, one JSON object a line.
//
//	go run github.com/wijkregie/wijkregie/pkg/webhook/receiver -listen 127.0.0.1:9000 -secrets secrets.txt
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// mostBytes is the size of the largest event.
const mostBytes = 64 << 10

func main() {
	listen := flag.String("listen", "127.0.0.1:9000", "where to listen; put TLS before it")
	secrets := flag.String("secrets", "secrets.txt", "file with the secrets that count, one a line; read at every event, so that a new one counts at once")
	flag.Parse()
	server := http.Server{Addr: *listen, Handler: &receiver{secrets: *secrets, out: os.Stdout, now: time.Now}, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// receiver takes events. What it has seen it forgets when it ends; keep the ids in a table of your own.
type receiver struct {
	secrets string
	out     io.Writer
	now     func() time.Time
	mu      sync.Mutex
	seen    map[string]bool
}

// ServeHTTP answers the question whether events are wanted, and takes what is signed.
func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	switch q.Method {
	case http.MethodOptions:
		// Compare the origin with the server that you expect, or anybody can subscribe you.
		w.Header().Set("WebHook-Allowed-Origin", q.Header.Get("WebHook-Request-Origin"))
	case http.MethodPost:
		w.WriteHeader(r.take(w, q))
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// take keeps an event and gives the status to answer with. What is answered with an error is sent again, so that nothing is
// lost when this cannot keep it.
func (r *receiver) take(w http.ResponseWriter, q *http.Request) int {
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, mostBytes))
	if err != nil {
		return http.StatusRequestEntityTooLarge
	}
	secrets, err := os.ReadFile(r.secrets)
	if err != nil {
		return http.StatusServiceUnavailable
	}
	event, err := webhook.Verify(q.Header, body, strings.Fields(string(secrets)), r.now())
	if err != nil {
		log.Print(err)
		return http.StatusUnauthorized
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[event.ID] {
		return http.StatusNoContent
	}
	if err := json.NewEncoder(r.out).Encode(event); err != nil {
		return http.StatusServiceUnavailable
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[event.ID] = true
	return http.StatusNoContent
}
