package alert

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

const subscriptions = "webhook_subscription"

func findSubscription(ctx context.Context, id uuid.UUID) (sub Subscription, err error) {
	err = db.One(db.Mine(ctx, subscriptions).Where("id = ?", id).Take(&sub))
	return sub, err
}

// SubscriptionFilter is what a list of subscriptions is limited to; nil does not limit.
type SubscriptionFilter struct{ PartnerID, ClientID *uuid.UUID }

func listSubscriptions(ctx context.Context, f SubscriptionFilter, p page.Request) (rows []Subscription, err error) {
	q := db.Mine(ctx, subscriptions)
	if f.PartnerID != nil {
		q = q.Where("partner_id = ?", *f.PartnerID)
	}
	if f.ClientID != nil {
		q = q.Where("client_id = ?", *f.ClientID)
	}
	if q, err = db.NewestFirst(q, "created_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func countSubscriptions(ctx context.Context, partner uuid.UUID) (n int64, err error) {
	err = db.Mine(ctx, subscriptions).Where("partner_id = ?", partner).Count(&n).Error
	return n, err
}

// oneAtATime lets nobody else do something for a partner until the transaction ends, so that what is counted stays so.
func oneAtATime(ctx context.Context, sub Subscription, what string) error {
	return db.Conn(ctx).Exec("select pg_advisory_xact_lock(hashtextextended(?, 0))", sub.MunicipalityID+" webhook "+what+" "+sub.PartnerID.String()).Error
}

// stillActive tells whether events go out to a subscription, which stays so until the transaction ends.
func stillActive(ctx context.Context, id uuid.UUID) (bool, error) {
	var states []HookState
	err := db.Mine(ctx, subscriptions).Where("id = ?", id).Clauses(clause.Locking{Strength: "SHARE"}).Pluck("state", &states).Error
	return slices.Contains(states, HookActive), err
}

// listening reads the subscriptions to which events go out.
func listening(ctx context.Context) (rows []Subscription, err error) {
	err = db.Mine(ctx, subscriptions).Where("state = 'active' and verified_at is not null").Order("id").Find(&rows).Error
	return rows, err
}

// verified writes that the receiver at the address wants events; false when the subscription moved on meanwhile.
func verified(ctx context.Context, sub Subscription, now time.Time) (bool, error) {
	done := db.Mine(ctx, subscriptions).Where("id = ? and url = ? and state = 'active' and verified_at is null", sub.ID, sub.Url).
		Updates(map[string]any{"verified_at": now, "changed_at": now, "version": gorm.Expr("version + 1")})
	return done.RowsAffected == 1, done.Error
}

// stopped writes that the receiver at the address is gone; false when the subscription moved on meanwhile.
func stopped(ctx context.Context, sub Subscription, now time.Time) (bool, error) {
	done := db.Mine(ctx, subscriptions).Where("id = ? and url = ? and state <> 'stopped'", sub.ID, sub.Url).
		Updates(map[string]any{"state": HookStopped, "changed_at": now, "version": gorm.Expr("version + 1")})
	return done.RowsAffected == 1, done.Error
}
