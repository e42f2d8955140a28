package delivery

import (
	"context"
	"log/slog"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Between two looks without a wake-up: soon after work, ever longer when nothing happens.
const (
	shortestWait = 100 * time.Millisecond
	longestWait  = time.Second
)

// breath is the least time between two looks that find something, so that a stream of events moves in
// batches: each move costs a dozen statements, whatever it moves.
const breath = 20 * time.Millisecond

// batch bounds how many events one transaction moves, and so how long the head of a feed is held.
const batch = 500

// FanOut tells of new events in the transaction that numbers them. The events are of one
// municipality and in the order of the feed. An error leaves them pending; they come again.
type FanOut func(ctx context.Context, events []Event) error

// Sequencer moves pending events into the feed. Any number of instances may run at once: of one
// municipality one works at a time.
type Sequencer struct {
	db     *db.DB
	heard  *Broadcaster
	log    *slog.Logger
	signal chan struct{}
}

// NewSequencer makes a sequencer that publishes on heard what it has moved.
func NewSequencer(database *db.DB, heard *Broadcaster, log *slog.Logger) *Sequencer {
	return &Sequencer{db: database, heard: heard, log: log, signal: make(chan struct{}, 1)}
}

// Wake makes the sequencer look at once; it never blocks. The journal calls it after a commit.
func (s *Sequencer) Wake() {
	select {
	case s.signal <- struct{}{}:
	default: // it will look already
	}
}

// Run sequences until the context ends. A failure is logged and tried again: the order of a feed
// allows no event to be passed over.
func (s *Sequencer) Run(ctx context.Context, fanOut FanOut) {
	wait := shortestWait
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		moved, err := s.round(ctx, fanOut)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "events wait to be sequenced", "error", err)
		}
		wait = min(2*wait, longestWait)
		if moved {
			wait = shortestWait
			pause(ctx, breath)
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-s.signal:
		case <-timer.C:
		}
	}
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

// round empties every municipality once and tells whether there was anything. A municipality that
// fails does not hold up the others; the last failure is returned. When the context ends, the batch
// at hand is finished.
func (s *Sequencer) round(ctx context.Context, fanOut FanOut) (moved bool, err error) {
	municipalities, err := s.pending(ctx)
	for _, municipality := range municipalities {
		n := batch
		for n == batch && ctx.Err() == nil {
			var failure error
			if n, failure = s.move(context.WithoutCancel(ctx), municipality, fanOut); failure != nil {
				err = failure
			}
		}
	}
	return len(municipalities) > 0, err
}

// move numbers one batch of a municipality; 0 when there is none or another instance is at it.
func (s *Sequencer) move(ctx context.Context, municipality string, fanOut FanOut) (n int, err error) {
	ctx = identity.With(ctx, identity.System(municipality, "sequencer"))
	return n, s.db.Tx(ctx, func(ctx context.Context) error {
		last, mine, err := head(ctx, municipality)
		if err != nil || !mine {
			return err
		}
		events, err := move(ctx, municipality, last, s.db.Now())
		if err != nil || len(events) == 0 {
			return err
		}
		if err := fanOut(ctx, events); err != nil {
			return err
		}
		n, last = len(events), last+int64(len(events))
		db.AfterCommit(ctx, func() { s.heard.Publish(municipality, last) })
		return notify(ctx, municipality, last)
	})
}
