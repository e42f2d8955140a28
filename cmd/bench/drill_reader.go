package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/pkg/client"
)

// follower reads the stream of the case director and, when that ends, comes back with the id of the last event.
type follower struct {
	token string

	mu    sync.Mutex
	at    *instance
	leave context.CancelFunc
	last  int64
	seqs  []int64
}

// follow reads the stream until the context ends, from where the feed is now.
func (s *scene) follow(ctx context.Context) *follower {
	f := &follower{token: s.lead, at: s.first, last: s.since, leave: func() {}}
	go func() {
		for ctx.Err() == nil {
			f.once(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return f
}

// moveTo has the follower come back at another process.
func (f *follower) moveTo(i *instance) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = i
	f.leave()
}

// once follows one connection to its end. How it ends does not matter: the next one goes on where it was.
func (f *follower) once(ctx context.Context) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	f.mu.Lock()
	address, last := f.at.address, strconv.FormatInt(f.last, 10)
	f.leave = leave
	f.mu.Unlock()
	c, err := caller(address, f.token, http.DefaultClient)
	if err != nil {
		return
	}
	answer, err := c.StreamAlerts(ctx, &client.StreamAlertsParams{LastEventID: &last})
	if err != nil {
		return
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return
	}
	var id int64
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case field == "id":
			id, err = strconv.ParseInt(value, 10, 64)
		case field == "data" && err == nil:
			f.note(id)
		}
	}
}

func (f *follower) note(seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.seqs = seq, append(f.seqs, seq)
}

// got is what came, in the order in which it came.
func (f *follower) got() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seqs)
}

// caller calls one process.
func caller(address, token string, with *http.Client) (*client.Client, error) {
	return client.NewClient("http://"+address+"/v1", client.WithHTTPClient(with), client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
}

// add adds an item at one of the processes, by turns.
func (s *scene) add(ctx context.Context, turn int, dossier uuid.UUID, ask asked) (uuid.UUID, error) {
	addresses := []string{s.first.address}
	if s.second != nil {
		addresses = append(addresses, s.second.address)
	}
	c, err := caller(addresses[turn%len(addresses)], s.police, &http.Client{Timeout: 10 * time.Second})
	if err != nil {
		return uuid.Nil, err
	}
	answer, err := c.AddItem(ctx, dossier, &client.AddItemParams{IdempotencyKey: &ask.key}, ask.item)
	added, failure := got[client.Item](answer, err)
	if failure != nil && err == nil && answer.StatusCode < http.StatusInternalServerError && answer.StatusCode != http.StatusConflict {
		return uuid.Nil, fmt.Errorf("%w: %w", errRefused, failure)
	}
	return added.Id, failure
}

// errRefused is an answer after which asking again is of no use.
var errRefused = errors.New("a change is refused")

// asked is a change as it is sent, every time in the same way.
type asked struct {
	key  string
	item client.NewItem
}
