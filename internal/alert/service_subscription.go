package alert

import (
	"context"
	"crypto/rand"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/pkg/webhook"
)

const actManageHook = "webhook.manage"

// Subscriptions reads a page of the subscriptions, the latest first: all for an administrator of the municipality, their own
// for one of a partner. It fails with problem.Forbidden for others.
func (s *Service) Subscriptions(ctx context.Context, f SubscriptionFilter, p page.Request) (rows []Subscription, cursor *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageHook, authz.Resource{Partner: who.Partner}); err != nil {
			return err
		}
		all, err := s.manages(ctx, authz.Resource{})
		if err != nil {
			return err
		}
		if !all {
			f.PartnerID = &who.Partner
		}
		found, err := listSubscriptions(ctx, f, p)
		rows, cursor = page.Cut(found, p.Limit, func(one Subscription) page.Cursor { return page.At(one.CreatedAt, one.ID) })
		return err
	})
	return rows, cursor, err
}

// Subscription reads one subscription. It fails with problem.NotFound, also for one of another partner, and with
// problem.Forbidden for who is no administrator.
func (s *Service) Subscription(ctx context.Context, id uuid.UUID) (sub Subscription, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		sub, err = s.claim(ctx, id)
		return err
	})
	return sub, err
}

// claim finds a subscription that the caller may manage.
func (s *Service) claim(ctx context.Context, id uuid.UUID) (sub Subscription, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return sub, err
	}
	if sub, err = findSubscription(ctx, id); err != nil {
		return sub, err
	}
	manages, err := s.manages(ctx, sub.Resource())
	if err != nil {
		return sub, err
	}
	if !manages && sub.PartnerID != who.Partner {
		return sub, db.NotFound()
	}
	return sub, s.k.Authz.Require(ctx, actManageHook, sub.Resource())
}

func (s *Service) manages(ctx context.Context, r authz.Resource) (bool, error) {
	may, err := s.k.Authz.Allowed(ctx, r, []authz.Operation{{ID: actManageHook, Act: actManageHook}})
	return len(may) > 0, err
}

// Subscribe makes a subscription and has its receiver asked whether it wants events; the secret is told this once. It fails
// with problem.Invalid for a client, an address or a kind that is none, problem.Conflict when the partner has as many as it
// may, and problem.Forbidden for who does not administer the client.
func (s *Service) Subscribe(ctx context.Context, sub Subscription) (made Subscription, secret string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageHook, authz.Resource{Partner: who.Partner}); err != nil {
			return err
		}
		client, err := s.m.People.GetClient(ctx, sub.ClientID)
		if problem.Is(err, problem.NotFound) || err == nil && client.Status == organisation.Withdrawn {
			return problem.InvalidField("/clientId", "reference", "There is no such client; see GET /v1/clients.")
		}
		if err != nil {
			return err
		}
		now := s.k.Now()
		sub.MunicipalityID, sub.ID, sub.Version, sub.PartnerID = who.Municipality, uuid.Must(uuid.NewV7()), 1, client.PartnerID
		sub.State, sub.Kinds, sub.CreatedAt, sub.ChangedAt = HookActive, distinct(sub.Kinds), now, now
		if err := s.check(sub); err != nil {
			return err
		}
		if sub.Secret, secret, err = s.newSecret(sub); err != nil {
			return err
		}
		made = sub
		return s.begin(ctx, sub)
	})
	return made, secret, err
}

// begin writes a new subscription, unless its partner has as many as it may.
func (s *Service) begin(ctx context.Context, sub Subscription) error {
	if err := s.k.Authz.Require(ctx, actManageHook, sub.Resource()); err != nil {
		return err
	}
	if err := oneAtATime(ctx, sub, "subscriptions"); err != nil {
		return err
	}
	n, err := countSubscriptions(ctx, sub.PartnerID)
	if err != nil {
		return err
	}
	if n >= mostSubscriptions {
		return problem.Errorf(problem.Conflict, "This partner has twenty subscriptions; change one of them.")
	}
	if err := db.Insert(ctx, &sub); err != nil {
		return err
	}
	if err := s.recordHook(ctx, "webhook.subscribed", sub, nil); err != nil {
		return err
	}
	return s.dispatch(ctx, sub.hook(ForValidation, sub.CreatedAt))
}

// ChangeSubscription changes, pauses, stops or starts a subscription. It fails with problem.Invalid and problem.Stale, and as
// Subscription does.
func (s *Service) ChangeSubscription(ctx context.Context, key etag.Key, edit func(*Subscription)) (sub Subscription, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.claim(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		sub = before
		edit(&sub)
		ask := sub.changed(before)
		if err := s.check(sub); err != nil {
			return err
		}
		if err := s.saveSubscription(ctx, before, &sub, "webhook.changed"); err != nil {
			return err
		}
		if sub.State != HookActive {
			s.drops(ctx, sub)
		}
		if !ask {
			return nil
		}
		return s.dispatch(ctx, sub.hook(ForValidation, sub.ChangedAt))
	})
	return sub, err
}

// RenewSecret makes a new secret, which is told this once; the one before signs too for a day. It fails with problem.Conflict
// while there are two, with problem.Stale, and as Subscription does.
func (s *Service) RenewSecret(ctx context.Context, key etag.Key) (sub Subscription, secret string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.claim(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		sub = before
		sealed, told, err := s.newSecret(sub)
		if err != nil {
			return err
		}
		secret = told
		if err := sub.renew(sealed, s.k.Now()); err != nil {
			return err
		}
		return s.saveSubscription(ctx, before, &sub, "webhook.renewed")
	})
	return sub, secret, err
}

// SentByHook reads a page of what a subscription was sent, the latest first. It fails as Subscription does.
func (s *Service) SentByHook(ctx context.Context, id uuid.UUID, state *string, p page.Request) (rows []HookDelivery, cursor *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.claim(ctx, id); err != nil {
			return err
		}
		found, err := listHooks(ctx, id, state, p)
		rows, cursor = page.Cut(found, p.Limit, func(d HookDelivery) page.Cursor { return page.At(d.CreatedAt, d.ID) })
		return err
	})
	return rows, cursor, err
}

// newSecret makes a secret, sealed and as it is told.
func (s *Service) newSecret(sub Subscription) (sealed []byte, told string, err error) {
	key := make([]byte, secretLength)
	if _, err := rand.Read(key); err != nil {
		return nil, "", err
	}
	told = webhook.Secret(key)
	sealed, err = s.k.Secrets.Seal(sub.place(), []byte(told))
	return sealed, told, err
}

func (s *Service) saveSubscription(ctx context.Context, before Subscription, sub *Subscription, event string) error {
	sub.ChangedAt = s.k.Now()
	fields, err := db.Update(ctx, &before, sub)
	if err != nil {
		return err
	}
	if len(fields) == 0 {
		*sub = before
		return nil
	}
	return s.recordHook(ctx, event, *sub, fields)
}

func (s *Service) recordHook(ctx context.Context, event string, sub Subscription, fields []string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "webhook-subscription", ID: sub.ID}, Fields: fields})
}
