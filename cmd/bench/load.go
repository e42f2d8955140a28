package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// kind is one of the requests that are compared.
type kind struct {
	name   string
	marker string // stands in the one statement that only such a request executes
	status int
	make   func(n int) (method, path string, body []byte)
}

// kinds are list, read and write, spread over the dossiers.
func kinds(f filled) []kind {
	body := []byte(`{"category": "police", "policeArticle": "8", "text": "Drie meldingen van geluidsoverlast in een week; verzonnen.", "observedOn": "2026-11-02", "source": "Wijkagent"}`)
	at := func(ids []uuid.UUID, n int) string { return "/v1/dossiers/" + ids[n%len(ids)].String() }
	return []kind{
		{name: "list", marker: "ORDER BY opened_at desc", status: http.StatusOK, make: func(int) (string, string, []byte) {
			return http.MethodGet, "/v1/dossiers?limit=50", nil
		}},
		{name: "read", marker: `FROM "dossier"`, status: http.StatusOK, make: func(n int) (string, string, []byte) {
			return http.MethodGet, at(f.known, n), nil
		}},
		{name: "write", marker: `INSERT INTO "item"`, status: http.StatusCreated, make: func(n int) (string, string, []byte) {
			return http.MethodPost, at(f.quiet, n) + "/items", body
		}},
	}
}

// load is who sends requests to a server.
type load struct {
	url   string
	token string
	http  *http.Client
}

func newLoad(url, token string, callers int) *load {
	return &load{url: url, token: token, http: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConns: callers, MaxIdleConnsPerHost: callers, DisableCompression: true},
	}}
}

// turn sends requests from so many callers for so long and gives how many were answered per second.
func (l *load) turn(ctx context.Context, k kind, callers int, length time.Duration) (done int, perSecond float64, err error) {
	counts, failures := make([]int, callers), make([]error, callers)
	began := time.Now()
	end := began.Add(length)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for n := i; time.Now().Before(end) && failures[i] == nil; n += callers {
				failures[i] = l.send(ctx, k, n)
				counts[i]++
			}
		})
	}
	all.Wait()
	for _, n := range counts {
		done += n
	}
	return done, float64(done) / time.Since(began).Seconds(), errors.Join(failures...)
}

// send makes one request and reads its answer to the end.
func (l *load) send(ctx context.Context, k kind, n int) error {
	method, path, body := k.make(n)
	request, err := http.NewRequestWithContext(ctx, method, l.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+l.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := l.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != k.status {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 500))
		return fmt.Errorf("%s %s answers %s: %s", method, path, answer.Status, text)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
