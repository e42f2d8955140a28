// Package access keeps who looked at what (Wgs 1.8(4), BGS 1.12, AVG 5(2)). A Trail in the context of a request collects
// what the decisions on it were about; the Writer makes its lines durable before anything of the answer leaves.
//
// The ways by which personal data leave, and what stands between:
//
//	an operation of the contract    its lines come before the first byte; its name is the operationId
//	a stream of it, or a file       before each piece, the lines of what is new in it
//	evaluateAccess                  a question over AuthZEN, as an operation
//	readCalendar                    a calendar program, under the professional whose calendar it is
//	sendMail                        before the mail server is reached, under the recipient
//	sendWebhook                     before the receiver is reached, under the client
//
// What needs no token, a request without a valid one, and one above the rate limit show nothing and leave no line.
//
// A line holds ids, codes and times: never content, a name, a number, a word that was searched for or an address.
package access

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Sight is what the decision gave the caller to see of a dossier.
type Sight struct {
	Known      bool     // he has a way into it
	Categories int64    // the information categories of which his right shows something
	Basis      string   // the legal basis of the dossier
	Grounds    []string // by what he comes in: the kinds of admission
}

// Subject is a record outside dossiers that was looked at.
type Subject struct {
	Type string // "person", "bsn"
	ID   uuid.UUID
}

// Trail is what one request looked at so far.
type Trail struct {
	operation string
	trace     string
	span      string

	mu       sync.Mutex
	who      identity.Identity      // whose sight it follows: of the request, or who acts where it names nobody
	dossiers map[uuid.UUID]Sight    // nil for none, as the others
	asked    map[uuid.UUID][]string // acts per dossier; those of no dossier under zero
	subjects []Subject
	purpose  string
	new      bool // something came since the last lines
	told     bool // it has given lines
}

// NewTrail begins the trail of a request for an operation, under its trace id.
func NewTrail(operation, trace, span string) *Trail {
	return &Trail{operation: operation, trace: trace, span: span, new: true}
}

type key struct{}

// With puts the trail in the context.
func With(ctx context.Context, t *Trail) context.Context { return context.WithValue(ctx, key{}, t) }

// Follow says whose sight the trail is about from now on: the identity of the context. What is decided for another, as in an
// explanation of his rights, is not what the caller saw.
func Follow(ctx context.Context) {
	if t, ok := ctx.Value(key{}).(*Trail); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.who, _ = identity.From(ctx) // who is nobody yet is whoever acts first
	}
}

// note changes the trail of the context; without one, as when the product works by itself, it does nothing.
func note(ctx context.Context, change func(*Trail)) {
	t, ok := ctx.Value(key{}).(*Trail)
	if !ok || t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	who, err := identity.From(ctx)
	if err != nil || who.IsSystem() {
		return
	}
	if t.who.Municipality == "" {
		t.who = who
	}
	if same(t.who, who) {
		change(t)
	}
}

func same(a, b identity.Identity) bool {
	return a.Municipality == b.Municipality && a.Partner == b.Partner && a.Professional == b.Professional && a.Client == b.Client
}

// Looked notes that a decision was asked on dossiers, and what it gave of each.
func Looked(ctx context.Context, sights map[uuid.UUID]Sight) {
	note(ctx, func(t *Trail) {
		if t.dossiers == nil {
			t.dossiers = map[uuid.UUID]Sight{}
		}
		for id, s := range sights {
			old, there := t.dossiers[id]
			joined := Sight{Known: old.Known || s.Known, Categories: old.Categories | s.Categories, Basis: s.Basis, Grounds: s.Grounds}
			if !s.Known {
				joined.Basis, joined.Grounds = old.Basis, old.Grounds
			}
			t.dossiers[id] = joined
			t.new = t.new || !there || joined.Categories != old.Categories || joined.Known != old.Known
		}
	})
}

// Asked notes an act that was asked for, of a dossier or, with its zero, of the municipality.
func Asked(ctx context.Context, act string, dossier uuid.UUID) {
	note(ctx, func(t *Trail) {
		if t.asked == nil {
			t.asked = map[uuid.UUID][]string{}
		}
		if !slices.Contains(t.asked[dossier], act) {
			t.asked[dossier] = append(t.asked[dossier], act)
		}
	})
}

// Saw notes that a record outside dossiers was read.
func Saw(ctx context.Context, kind string, id uuid.UUID) {
	note(ctx, func(t *Trail) {
		if s := (Subject{Type: kind, ID: id}); !slices.Contains(t.subjects, s) {
			t.subjects = append(t.subjects, s)
			t.new = true
		}
	})
}

// For notes the purpose for which the caller asks, as a code of a list.
func For(ctx context.Context, purpose string) {
	note(ctx, func(t *Trail) { t.purpose = purpose })
}
