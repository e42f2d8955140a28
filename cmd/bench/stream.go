package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// streams are open streams of many people.
type streams struct {
	end   context.CancelFunc
	open  atomic.Int64
	all   sync.WaitGroup
	mu    sync.Mutex
	heard []heard
}

// heard is an alert in a stream.
type heard struct {
	changed, arrived time.Time
}

// opening is how many streams are opened at once.
const opening = 16

// open opens a stream for each token, and returns when all are open.
func (g *crowd) open(ctx context.Context, tokens []string) (*streams, error) {
	ctx, end := context.WithCancel(ctx)
	s := &streams{end: end}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, ReadBufferSize: 1024, WriteBufferSize: 1024}}
	failures := make([]error, opening)
	var all sync.WaitGroup
	for n := range opening {
		all.Go(func() {
			for i := n; i < len(tokens) && failures[n] == nil; i += opening {
				failures[n] = s.follow(ctx, client, g.product.url, tokens[i])
			}
		})
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// follow opens a stream and reads it until it ends.
func (s *streams) follow(ctx context.Context, client *http.Client, url, token string) error {
	lines, shut, err := openStream(ctx, client, url, token, -1)
	if err != nil {
		return err
	}
	s.open.Add(1)
	s.all.Go(func() {
		defer s.open.Add(-1)
		defer shut()
		for {
			a, err := lines.next()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.heard = append(s.heard, heard{changed: a.At, arrived: time.Now()})
			s.mu.Unlock()
		}
	})
	return nil
}

// close ends the streams.
func (s *streams) close() {
	s.end()
	s.all.Wait()
}

// alive is how many are open.
func (s *streams) alive() int { return int(s.open.Load()) }

// since gives how many milliseconds alerts of changes since a moment took.
func (s *streams) since(began time.Time) (took []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.heard {
		if !h.changed.Before(began) {
			took = append(took, milliseconds(h.arrived.Sub(h.changed)))
		}
	}
	return took
}

// told is what is read of an alert in a stream.
type told struct {
	Sequence int64     `json:"sequence"`
	At       time.Time `json:"at"`
}

// alertLines reads the alerts of a stream.
type alertLines struct{ in *bufio.Reader }

// openStream opens a stream after a number, or at its present end when that is negative.
func openStream(ctx context.Context, client *http.Client, url, token string, after int64) (lines alertLines, shut func(), err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/alert-stream", nil)
	if err != nil {
		return lines, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if after >= 0 {
		request.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	answer, err := client.Do(request)
	if err != nil {
		return lines, nil, err
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return lines, nil, fmt.Errorf("the stream answers %s", answer.Status)
	}
	return alertLines{bufio.NewReaderSize(answer.Body, 1024)}, func() { answer.Body.Close() }, nil
}

// next waits for an alert.
func (l alertLines) next() (a told, err error) {
	for {
		line, err := l.in.ReadString('\n')
		if err != nil {
			return a, err
		}
		if data, found := strings.CutPrefix(line, "data: {"); found {
			return a, json.Unmarshal([]byte("{"+data), &a)
		}
	}
}
