package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestHealth(t *testing.T) {
	var broken error
	s := start(t, func(c *Config) {
		c.Checks = []Check{
			{Name: "database", Run: func(context.Context) error { return nil }},
			{Name: "migrations", Run: func(context.Context) error { return broken }},
		}
	})
	ask := func(path string) reply { return s.do(request{method: "GET", path: path}) }
	if r := ask("/healthz"); r.status != 200 || !strings.Contains(r.body, "alive") {
		t.Errorf("/healthz is %d: %s", r.status, r.body)
	}
	if r := ask("/readyz"); r.status != 200 || !strings.Contains(r.body, "ready") {
		t.Errorf("/readyz is %d: %s", r.status, r.body)
	}
	broken = errors.New("password of the database")
	r := ask("/readyz")
	if doc := s.problem(r); r.status != 503 || doc.Detail != "Nog niet gereed: migrations." {
		t.Errorf("/readyz is %d: %s", r.status, r.body)
	}
	if r := ask("/healthz"); r.status != 200 {
		t.Errorf("/healthz is %d while a check fails, want 200", r.status)
	}
}

func TestSecurityText(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	s := start(t, func(c *Config) { c.Now = func() time.Time { return now } })
	r := s.do(request{method: "GET", path: "/.well-known/security.txt"})
	want := "Contact: https://example.nl/issues\nExpires: 2027-05-24T09:30:00Z\nPreferred-Languages: nl, en\n"
	if r.status != 200 || r.body != want || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
		t.Errorf("security.txt is %d %q: %s", r.status, r.header.Get("Content-Type"), r.body)
	}
}
