package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// BenchmarkSteps is what all steps around a handler cost, without the network.
func BenchmarkSteps(b *testing.B) {
	spec, err := openapi3.NewLoader().LoadFromFile("testdata/contract.yaml")
	if err != nil {
		b.Fatal(err)
	}
	s := &site{}
	h := build(Config{Spec: spec, Authenticate: authenticate, Log: slog.New(slog.DiscardHandler), PerSecond: 1e9, Burst: 1e9}, s.register)
	for name, r := range map[string]request{
		"read":  get("/v1/things/" + aThing),
		"list":  get("/v1/things?limit=50&tag=a&open=true"),
		"write": post(`{"title":"A title","ownerId":"` + aThing + `","dueDate":"2026-11-24","kind":"a","tags":["x","y"]}`),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequestWithContext(context.Background(), r.method, r.path, strings.NewReader(r.body))
				if r.body == "" {
					req.Body, req.ContentLength = http.NoBody, 0
				}
				for _, line := range r.header {
					name, value, _ := strings.Cut(line, ": ")
					req.Header.Set(name, value)
				}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, req)
				if w.Code >= 400 {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
