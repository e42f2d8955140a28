package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// onceIn is how often at most directors are told that events do not arrive at a subscription.
const onceIn = 24 * time.Hour

// settleHook notes what became of an attempt and finds what leaves next. What the receiver took must be noted
// even when the program is told to stop or the database is away for a moment, or it would go out twice.
func (s *Service) settleHook(ctx context.Context, e *errand, answer delivery.HookAnswer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		err := s.k.DB.Tx(ctx, func(ctx context.Context) error { return s.note(ctx, e, answer) })
		if err == nil {
			return nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// note writes how a delivery stands after an attempt. One that was in hand while its subscription was paused does not wait
// for another attempt: nobody else drops it.
func (s *Service) note(ctx context.Context, e *errand, answer delivery.HookAnswer) error {
	now := s.k.Now()
	if e.State == Pending {
		active, err := stillActive(ctx, e.sub.ID)
		if err != nil {
			return err
		}
		if !active {
			e.ends(Cancelled, notActive)
			e.turn.again = 0
		}
	}
	if err := saveHook(ctx, e.HookDelivery, now); err != nil || e.State == Pending {
		return err
	}
	switch {
	case e.Purpose == ForReplay && e.State == Sent:
		if err := s.replay(ctx, *e); err != nil {
			return err
		}
	case e.over:
		if err := errors.Join(s.noted(ctx, e.sub, "webhook.stopped", stopped), drop(ctx, e.sub.ID, now)); err != nil {
			return err
		}
	case answer.Taken && e.Purpose == ForValidation:
		if err := s.noted(ctx, e.sub, "webhook.verified", verified); err != nil {
			return err
		}
	}
	if err := s.tellHookFailed(ctx, e.HookDelivery); err != nil {
		return err
	}
	var err error
	e.turn.after, err = after(ctx, e.HookDelivery)
	return err
}

// noted writes what the receiver made of its subscription.
func (s *Service) noted(ctx context.Context, sub Subscription, event string, write func(context.Context, Subscription, time.Time) (bool, error)) error {
	done, err := write(ctx, sub, s.k.Now())
	if err != nil || !done {
		return err
	}
	return s.recordHook(ctx, event, sub, nil)
}

// tellHookFailed records that an event did not arrive, of which municipal directors are told: once a day of a subscription,
// whatever its receiver makes of it.
func (s *Service) tellHookFailed(ctx context.Context, d HookDelivery) error {
	if d.State != Failed || d.Purpose != ForEvent {
		return nil
	}
	if told, err := failedToo(ctx, d, s.k.Now().Add(-onceIn)); err != nil || told {
		return err
	}
	e := journal.Event{Name: failed, Subject: journal.Subject{Type: "webhook-subscription", ID: d.SubscriptionID}, Dossier: *d.DossierID, Fields: []string{"state"}}
	if err := s.k.Journal.Record(ctx, e); err != nil {
		return fmt.Errorf("a webhook failed: %w", err)
	}
	return nil
}
