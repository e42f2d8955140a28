package alert

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

const (
	// lookForMail is how often it is looked for mails that are due, also without being told.
	lookForMail = time.Second
	// gathering is the least time between two looks that find something: what becomes due for a person meanwhile goes in
	// one letter. The first after a silence leaves at once.
	gathering = 500 * time.Millisecond
	// mostLetters is how many letters are in hand at once: they mostly wait for the mail server.
	mostLetters = 100
	// takenAtOnce is how many letters are taken in hand at least when there are more: each look costs two statements.
	takenAtOnce = 25
	// parting is how long letters in hand may take when the program stops.
	parting = 10 * time.Second
)

// outbox is where letters leave.
type outbox struct {
	signal  chan struct{}
	free    chan struct{} // holds one for each letter in hand
	outcome chan outcome
	inHand  sync.WaitGroup
}

// outcome is what became of a letter; noted is closed when that is written.
type outcome struct {
	all   []Delivery
	noted chan struct{}
}

func newOutbox() *outbox {
	return &outbox{signal: make(chan struct{}, 1), free: make(chan struct{}, mostLetters), outcome: make(chan outcome)}
}

// room is for how many letters there is room, once that is enough to look for them. It is asked by one alone.
func (o *outbox) room() int {
	for range takenAtOnce {
		o.free <- struct{}{}
	}
	for range takenAtOnce {
		<-o.free
	}
	return mostLetters - len(o.free)
}

// wake has it looked for mails at once; it never blocks.
func (o *outbox) wake() {
	select {
	case o.signal <- struct{}{}:
	default: // it will look already
	}
}

// Deliver sends mails when they are due until ctx ends, and then those in hand. Any number of processes may do so at once.
// What a process that is killed had in hand is tried again by another after inHand.
func (s *Service) Deliver(ctx context.Context) {
	beyond, over := context.WithCancel(context.WithoutCancel(ctx))
	defer over()
	go s.confirm(beyond)
	work, cut := context.WithCancel(beyond)
	defer cut()
	for ctx.Err() == nil {
		found, err := s.round(ctx, work)
		if err != nil && ctx.Err() == nil {
			s.m.Log.ErrorContext(ctx, "mails that are due cannot be taken in hand", "error", err)
		}
		if found {
			wait(ctx, gathering, nil)
		}
		wait(ctx, lookForMail, s.outbox.signal)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.outbox.inHand.Wait()
	}()
	wait(beyond, parting, done)
	cut()
	wait(beyond, parting, done)
}

// wait lets time pass until the context ends or there is a signal.
func wait(ctx context.Context, length time.Duration, signal <-chan struct{}) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-signal:
	case <-timer.C:
	}
}

// round takes in hand what is due in every municipality, and tells whether that was anything. A municipality that fails does
// not hold up the others.
func (s *Service) round(ctx, work context.Context) (found bool, err error) {
	municipalities, err := s.due(ctx, s.k.Now())
	failures := []error{err}
	for _, municipality := range municipalities {
		for more := true; more && ctx.Err() == nil; found = true {
			room := s.outbox.room()
			letters, err := s.hold(ctx, municipality, room)
			failures = append(failures, err)
			for _, letter := range letters {
				s.outbox.free <- struct{}{}
				s.outbox.inHand.Go(func() { s.handOver(work, letter) })
			}
			more = len(letters) == room
		}
	}
	return found, errors.Join(failures...)
}

// handOver makes an attempt at a letter that is in hand.
func (s *Service) handOver(ctx context.Context, letter []Delivery) {
	defer func() { <-s.outbox.free }()
	bounded, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	s.deliver(bounded, letter)
	o := outcome{letter, make(chan struct{})}
	s.outbox.outcome <- o
	<-o.noted
}

// confirm writes what became of letters, of all that wait for it together, until ctx ends.
func (s *Service) confirm(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case o := <-s.outbox.outcome:
			s.confirmAll(ctx, o)
		}
	}
}

func (s *Service) confirmAll(ctx context.Context, o outcome) {
	all := map[string][]Delivery{}
	for more := true; more; {
		all[o.all[0].MunicipalityID] = append(all[o.all[0].MunicipalityID], o.all...)
		defer close(o.noted)
		select {
		case o = <-s.outbox.outcome:
		default:
			more = false
		}
	}
	for municipality, some := range all {
		if err := s.settle(identity.With(ctx, identity.System(municipality, "delivery")), some); err != nil {
			s.m.Log.ErrorContext(ctx, "what became of mails cannot be written; they may leave twice", "deliveries", len(some), "error", err)
		}
	}
}

// hold takes in hand what is due in a municipality, so many letters at most.
func (s *Service) hold(ctx context.Context, municipality string, letters int) (all [][]Delivery, err error) {
	err = s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "delivery")), func(ctx context.Context) error {
		all, err = hold(ctx, municipality, letters, s.k.Now())
		return err
	})
	if err != nil {
		return nil, err // nothing is in hand
	}
	return all, nil
}

// due are the municipalities with mails that are due and that nobody has in hand.
func (s *Service) due(ctx context.Context, now time.Time) (municipalities []string, err error) {
	return municipalities, s.k.DB.Lookup(ctx, &municipalities, "select due_municipalities(?)", now)
}
