package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

const hooks = "webhook_delivery"

func findHook(ctx context.Context, id uuid.UUID) (d HookDelivery, err error) {
	err = db.One(db.Mine(ctx, hooks).Where("id = ?", id).Take(&d))
	return d, err
}

// eventAt reads an event of the feed, as the system.
func eventAt(ctx context.Context, seq int64) (e delivery.Event, err error) {
	err = db.One(db.Mine(ctx, "feed").Where("seq = ?", seq).Take(&e))
	return e, err
}

// eventsFrom reads events of the feed that are about dossiers, the earliest first, of a stretch of the feed.
func eventsFrom(ctx context.Context, seq, stretch int64) (all []delivery.Event, err error) {
	err = db.Mine(ctx, "feed").Where("seq >= ? and seq < ? and dossier_id is not null", seq, seq+stretch).Order("seq").Find(&all).Error
	return all, err
}

// atOnce bounds the rows of one insert or of one look; a statement has at most 65,535 values.
const atOnce = 1000

// insertHooks writes new deliveries; their places are in the order in which they are given.
func insertHooks(ctx context.Context, all []HookDelivery) error {
	if len(all) == 0 {
		return nil
	}
	return db.Conn(ctx).Table(hooks).CreateInBatches(&all, atOnce).Error
}

const earlierSQL = `select id from webhook_delivery where municipality_id = ? and subscription_id = ? and dossier_id = ? and state = 'pending' and place < ?
 order by place limit 1 for update`

// behind tells whether something that is about the same dossier has to leave first. It waits for who is about to note that it
// has ended, so that one of the two sees the other: this one that nothing is before it, or that one with what it has to go
// on.
func behind(ctx context.Context, d HookDelivery) (bool, error) {
	if d.DossierID == nil {
		return false, nil
	}
	var earlier []uuid.UUID
	err := db.Conn(ctx).Raw(earlierSQL, d.MunicipalityID, d.SubscriptionID, *d.DossierID, d.Place).Scan(&earlier).Error
	return len(earlier) > 0, err
}

const followingSQL = `select * from webhook_delivery where municipality_id = ? and subscription_id = ? and dossier_id = ? and state = 'pending' order by place limit 1`

// after is what leaves after a delivery that has ended; nil when there is nothing.
func after(ctx context.Context, d HookDelivery) (*delivery.HookJob, error) {
	if d.DossierID == nil {
		return nil, nil
	}
	var all []HookDelivery
	err := db.Conn(ctx).Raw(followingSQL, d.MunicipalityID, d.SubscriptionID, *d.DossierID).Scan(&all).Error
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return new(all[0].job()), nil
}

const openSQL = `select count(*) from webhook_delivery d join webhook_subscription s on s.municipality_id = d.municipality_id and s.id = d.subscription_id
 where s.municipality_id = ? and s.partner_id = ? and d.held_until > ?`

// crowded tells whether a partner has as many requests open as it may. Who asks is the only one of the partner until the
// transaction ends.
func crowded(ctx context.Context, sub Subscription, now time.Time) (bool, error) {
	if err := oneAtATime(ctx, sub, "open"); err != nil {
		return false, err
	}
	var open int64
	err := db.Conn(ctx).Raw(openSQL, sub.MunicipalityID, sub.PartnerID, now).Scan(&open).Error
	return open >= mostOpen, err
}

// waiting counts what waits to be sent to a subscription: test events, and what replays send.
func waiting(ctx context.Context, subscription uuid.UUID) (tests, replayed int64, err error) {
	var n struct{ Tests, Replayed int64 }
	err = db.Mine(ctx, hooks).Where("subscription_id = ? and state = ?", subscription, Pending).
		Select("count(*) filter (where purpose = 'test') tests, count(*) filter (where purpose = 'replay' or round > 0) replayed").Scan(&n).Error
	return n.Tests, n.Replayed, err
}

// askedLater tells whether the receiver is asked whether it wants events by a later delivery too.
func askedLater(ctx context.Context, d HookDelivery) (bool, error) {
	var n int64
	err := db.Mine(ctx, hooks).Where("subscription_id = ? and purpose = ? and state = ? and place > ?", d.SubscriptionID, ForValidation, Pending, d.Place).Count(&n).Error
	return n > 0, err
}

// failedToo tells whether another event did not arrive at the subscription since a moment.
func failedToo(ctx context.Context, d HookDelivery, since time.Time) (bool, error) {
	var n int64
	err := db.Mine(ctx, hooks).Where("subscription_id = ? and state = ? and purpose = ? and changed_at > ? and id <> ?", d.SubscriptionID, Failed, ForEvent, since, d.ID).Count(&n).Error
	return n > 0, err
}

// drop cancels what waits for a subscription and nobody has in hand.
func drop(ctx context.Context, subscription uuid.UUID, now time.Time) error {
	return db.Mine(ctx, hooks).Where("subscription_id = ? and state = ? and (held_until is null or held_until <= ?)", subscription, Pending, now).
		Updates(map[string]any{"state": Cancelled, "next_try_at": nil, "held_until": nil, "last_answer": notActive, "changed_at": now}).Error
}

// putOff writes when a delivery is looked at again.
func putOff(ctx context.Context, d HookDelivery, until time.Time) error {
	return db.Mine(ctx, hooks).Where("id = ? and state = ?", d.ID, Pending).Update("next_try_at", until).Error
}

const takeSQL = `update webhook_delivery set attempts = attempts + 1, held_until = @until, changed_at = @now
 where municipality_id = @municipality and id = @id and state = 'pending' and next_try_at <= @now and (held_until is null or held_until <= @now) returning *`

// take takes a delivery in hand until a moment; none when it has ended, is not due or somebody works on it.
func take(ctx context.Context, d HookDelivery, now time.Time) (all []HookDelivery, err error) {
	err = db.Conn(ctx).Raw(takeSQL, map[string]any{"municipality": d.MunicipalityID, "id": d.ID, "now": now, "until": now.Add(inHand)}).Scan(&all).Error
	return all, err
}

// saveHook writes how a delivery stands, unless it has ended meanwhile.
func saveHook(ctx context.Context, d HookDelivery, now time.Time) error {
	d.ChangedAt = now
	return db.Mine(ctx, hooks).Where("id = ? and state = ?", d.ID, Pending).
		Select("kind", "state", "next_try_at", "held_until", "last_answer", "changed_at").Updates(&d).Error
}

const lostHooksSQL = `with lost as (
  select id from webhook_delivery d where municipality_id = @municipality and state = 'pending' and next_try_at <= @before
   and (held_until is null or held_until <= @before)
   and (dossier_id is null or not exists (select 1 from webhook_delivery e where e.municipality_id = d.municipality_id and e.subscription_id = d.subscription_id
     and e.dossier_id = d.dossier_id and e.state = 'pending' and e.place < d.place))
  order by next_try_at limit @many for update skip locked)
update webhook_delivery set next_try_at = @now from lost where webhook_delivery.municipality_id = @municipality and webhook_delivery.id = lost.id
returning webhook_delivery.*`

// lostHooks finds what stranded finds, of webhooks; what waits behind another is not lost.
func lostHooks(ctx context.Context, municipality string, before, now time.Time) (all []HookDelivery, err error) {
	err = db.Conn(ctx).Raw(lostHooksSQL, map[string]any{"municipality": municipality, "before": before, "now": now, "many": atOnce}).Scan(&all).Error
	return all, err
}

// listHooks reads what a subscription was sent, without what its client may not read.
func listHooks(ctx context.Context, subscription uuid.UUID, state *string, p page.Request) (rows []HookDelivery, err error) {
	q := db.Mine(ctx, hooks).Where("subscription_id = ? and (purpose <> 'event' or kind <> '' and state <> 'cancelled')", subscription)
	if state != nil {
		q = q.Where("state = ?", *state)
	}
	if q, err = db.NewestFirst(q, "created_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
