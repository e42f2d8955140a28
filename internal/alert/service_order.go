package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Try sends a test event. It fails with problem.Conflict for a subscription that is not active or for which others wait, and
// as Subscription does.
func (s *Service) Try(ctx context.Context, id uuid.UUID) (Subscription, error) {
	return s.order(ctx, id, "webhook.tested", func(sub Subscription) HookDelivery { return sub.hook(ForTest, s.k.Now()) })
}

// Replay sends events from a number on once more. It fails as Try does.
func (s *Service) Replay(ctx context.Context, id uuid.UUID, from int64) (Subscription, error) {
	return s.order(ctx, id, "webhook.replayed", func(sub Subscription) HookDelivery {
		d := sub.hook(ForReplay, s.k.Now())
		d.Seq = from
		return d
	})
}

// order has something sent to a subscription that is there for it.
func (s *Service) order(ctx context.Context, id uuid.UUID, event string, what func(Subscription) HookDelivery) (sub Subscription, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if sub, err = s.claim(ctx, id); err != nil {
			return err
		}
		if err := sub.mustListen(); err != nil {
			return err
		}
		d := what(sub)
		if err := s.room(ctx, sub, d.Purpose); err != nil {
			return err
		}
		if err := s.recordHook(ctx, event, sub, nil); err != nil {
			return err
		}
		return s.dispatch(ctx, d)
	})
	return sub, err
}

// room refuses to have more sent to a subscription than its receiver takes.
func (s *Service) room(ctx context.Context, sub Subscription, purpose HookPurpose) error {
	if err := oneAtATime(ctx, sub, "orders"); err != nil {
		return err
	}
	tests, replayed, err := waiting(ctx, sub.ID)
	switch {
	case err != nil:
		return err
	case purpose == ForTest && tests >= mostTests:
		return problem.Errorf(problem.Conflict, "Ten test events wait to be sent; see what the receiver answers.")
	case purpose == ForReplay && replayed > 0:
		return problem.Errorf(problem.Conflict, "A replay is under way; ask again when it has arrived, or pause the subscription to drop it.")
	}
	return nil
}

// drops cancels what waits for a subscription, which is the system's to do, once it is certain that it is not active. Where
// that fails, each is cancelled when it is its turn.
func (s *Service) drops(ctx context.Context, sub Subscription) {
	db.AfterCommit(ctx, func() {
		err := s.k.DB.Tx(identity.With(db.Apart(ctx), identity.System(sub.MunicipalityID, "delivery")), func(ctx context.Context) error {
			return drop(ctx, sub.ID, s.k.Now())
		})
		if err != nil {
			s.m.Log.WarnContext(ctx, "webhooks of a subscription that is not active wait for their turn", "subscription", sub.ID, "error", err)
		}
	})
}

// dispatch writes one delivery and puts it in the queue, which is the system's, once this is certain. Where that fails, SweepHooks
// finds it within the minute.
func (s *Service) dispatch(ctx context.Context, d HookDelivery) error {
	if err := db.Insert(ctx, &d); err != nil {
		return err
	}
	db.AfterCommit(ctx, func() {
		err := s.k.DB.Tx(identity.With(db.Apart(ctx), identity.System(d.MunicipalityID, "delivery")), func(ctx context.Context) error {
			return s.m.Queue.AddHooks(ctx, d.job())
		})
		if err != nil {
			s.m.Log.WarnContext(ctx, "a webhook waits for the next look", "delivery", d.ID, "error", err)
		}
	})
	return nil
}
