package alert

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// fanOutHooks puts events on their way to the systems of the partners that take part in their dossiers, in the transaction
// that numbers them.
func (s *Service) fanOutHooks(ctx context.Context, events []delivery.Event) error {
	subs, err := listening(ctx)
	if err != nil || len(subs) == 0 {
		return err
	}
	return s.address(ctx, events, subs, 0)
}

// replay puts a stretch of the feed on its way once more.
func (s *Service) replay(ctx context.Context, e errand) error {
	events, err := eventsFrom(ctx, e.Seq, mostReplayed)
	if err != nil {
		return err
	}
	return s.address(ctx, events, []Subscription{e.sub}, e.Place)
}

// address writes a delivery for every subscription that wants an event and whose partner takes part in its dossier now.
func (s *Service) address(ctx context.Context, events []delivery.Event, subs []Subscription, round int64) error {
	now := s.k.Now()
	events = slices.DeleteFunc(slices.Clone(events), func(e delivery.Event) bool { return !toSystems(e) })
	var dossiers []uuid.UUID
	for _, e := range events {
		if !slices.Contains(dossiers, *e.DossierID) {
			dossiers = append(dossiers, *e.DossierID)
		}
	}
	in, err := s.m.Dossiers.PartnersIn(ctx, dossiers, now)
	if err != nil {
		return err
	}
	var all []HookDelivery
	for _, e := range events {
		for _, sub := range subs {
			if sub.wants(kindOf(e.Name)) && (slices.Contains(in[*e.DossierID], sub.PartnerID) && e.Name != lost || e.Name == lost && slices.Contains(e.Tell, sub.PartnerID)) {
				all = append(all, sub.tell(e, round, now))
			}
		}
	}
	if err := insertHooks(ctx, all); err != nil {
		return err
	}
	return s.m.Queue.AddHooks(ctx, hookJobs(firsts(all))...)
}

// firsts are the deliveries that nothing in the same lot goes before; the others are put in the queue by who goes before.
func firsts(all []HookDelivery) (first []HookDelivery) {
	type pair struct{ subscription, dossier uuid.UUID }
	seen := map[pair]bool{}
	for _, d := range all {
		of := pair{d.SubscriptionID, *d.DossierID}
		if !seen[of] {
			seen[of] = true
			first = append(first, d)
		}
	}
	return first
}

// SweepHooks puts webhooks in the queue again that were not tried in time: of a process that was killed, or whose job was
// lost.
func (s *Service) SweepHooks(ctx context.Context) error {
	now := s.k.Now()
	var municipalities []string
	err := s.k.DB.Lookup(ctx, &municipalities, "select stranded_webhook_municipalities(?)", now.Add(-late))
	failures := []error{err}
	for _, municipality := range municipalities {
		failures = append(failures, s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "delivery")), func(ctx context.Context) error {
			all, err := lostHooks(ctx, municipality, now.Add(-late), now)
			if err != nil {
				return err
			}
			return s.m.Queue.AddHooks(ctx, hookJobs(all)...)
		}))
	}
	return errors.Join(failures...)
}

// late is how long a webhook may wait for its job before it is put in the queue again.
const late = 30 * time.Second
