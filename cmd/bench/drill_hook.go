package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/pkg/client"
	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// hooked is the system of the police as a receiver of webhooks.
const hooked = "police-system"

// receiver is a system that takes events, once each: what comes again under its id is known.
type receiver struct {
	address string
	server  *http.Server

	mu      sync.Mutex
	secrets []string
	status  int           // of every answer, without taking anything; 0 takes
	slow    time.Duration // how long it thinks
	taken   map[string]webhook.Event
	order   map[string]string // the last sequence of each dossier
	strange int               // events that came after a later one of their dossier, or that nobody signed
}

func newReceiver(ctx context.Context) (*receiver, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	r := &receiver{address: address}
	r.empty()
	return r, r.open(ctx)
}

// open lets it take connections, always at the same address.
func (r *receiver) open(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", r.address)
	if err != nil {
		return err
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: patience}
	go func(server *http.Server) { _ = server.Serve(listener) }(r.server) // ends with shut
	return nil
}

// shut ends connections and refuses new ones.
func (r *receiver) shut() error { return r.server.Close() }

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodOptions {
		w.Header().Set("WebHook-Allowed-Origin", q.Header.Get("WebHook-Request-Origin"))
		return
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	status, slow := r.status, r.slow
	r.mu.Unlock()
	pause(q.Context(), slow)
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	r.take(q.Header, body)
}

// pause lets time pass, unless the context ends first.
func pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func (r *receiver) take(header http.Header, body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := webhook.Verify(header, body, r.secrets, time.Now())
	if err != nil {
		r.strange++
		return
	}
	if _, known := r.taken[e.ID]; known {
		return
	}
	if e.Sequence < r.order[e.Subject] {
		r.strange++
	}
	r.taken[e.ID], r.order[e.Subject] = e, e.Sequence
}

// know notes the secret with which events are signed.
func (r *receiver) know(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets = append(r.secrets, secret)
}

// behave sets how it answers.
func (r *receiver) behave(status int, slow time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.slow = status, slow
}

// empty forgets what it took.
func (r *receiver) empty() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken, r.order, r.strange = map[string]webhook.Event{}, map[string]string{}, 0
}

// items are those that it was told were added, and how much came that is not as it should be.
func (r *receiver) items() (all []uuid.UUID, strange int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.taken {
		if e.Data.Kind != "item-added" || e.Data.Subject == nil {
			continue
		}
		if id, err := uuid.Parse(e.Data.Subject.ID); err == nil {
			all = append(all, id)
		}
	}
	return all, r.strange
}

// subscribe has the product send the system of the police what it may read.
func (s *scene) subscribe(ctx context.Context) error {
	director, err := s.as(ctx, "director")
	if err != nil {
		return err
	}
	made, err := got[client.WebhookSubscription](director.CreateWebhookSubscription(ctx, nil, client.NewWebhookSubscription{ClientId: person(hooked), Url: "http://" + s.hook.address + "/in"}))
	if err != nil {
		return err
	}
	secret, err := made.Secret.Get()
	if err != nil {
		return err
	}
	s.hook.know(secret)
	for until := time.Now().Add(patience); time.Now().Before(until); pause(ctx, 50*time.Millisecond) {
		verified, err := number(ctx, s.owner, "select count(*) from webhook_subscription where verified_at is not null")
		if err != nil || verified == 1 {
			return err
		}
	}
	return fmt.Errorf("the receiver was not asked within %s", patience)
}

// hooks compares the changes that were answered with what the receiver was told, by id.
func (s *scene) hooks(context.Context) (lost, doubles int, err error) {
	told, strange := s.hook.items()
	lost, doubles = compare(s.made, told)
	return lost, doubles + strange, nil
}

// receiverAnswers lets the receiver of webhooks answer every event so, after thinking.
func receiverAnswers(status int, slow time.Duration) func(ctx context.Context, s *scene, lasts time.Duration) error {
	return func(ctx context.Context, s *scene, lasts time.Duration) error {
		s.hook.behave(status, slow)
		defer s.hook.behave(0, 0)
		return s.changes(ctx, lasts)
	}
}

// receiverDown refuses connections.
func receiverDown(ctx context.Context, s *scene, lasts time.Duration) error {
	if err := s.hook.shut(); err != nil {
		return err
	}
	if err := s.changes(ctx, lasts); err != nil {
		return err
	}
	return s.hook.open(ctx)
}
