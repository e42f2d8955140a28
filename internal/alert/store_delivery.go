package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findDelivery(ctx context.Context, id uuid.UUID) (d Delivery, err error) {
	err = db.One(db.Mine(ctx, "delivery").Where("id = ?", id).Take(&d))
	return d, err
}

// holdSQL takes a delivery in hand, with those that go in the same letter: of the letter that it was in before, or else
// what is due for the same person about the same dossier, or in the same digest. What somebody else has in hand is passed over.
const holdSQL = `with mine as (
  select id from delivery where municipality_id = @municipality and channel = 'email' and state = 'pending' and next_try_at <= @now
   and (held_until is null or held_until <= @now)
   and (letter_id = cast(@letter as uuid) or cast(@letter as uuid) is null and letter_id is null and professional_id = @person
     and digest = @digest and (digest or dossier_id = @dossier))
  order by seq limit @many for update skip locked)
update delivery set attempts = attempts + 1, held_until = @until, letter_id = coalesce(letter_id, cast(@fresh as uuid)), changed_at = @now
from mine where delivery.municipality_id = @municipality and delivery.id = mine.id returning delivery.*`

// mostInLetter bounds what one letter tells.
const mostInLetter = 200

// hold takes a delivery in hand until a moment, with all that go with it, the earliest first; none when it has ended, is not
// due or somebody works on it.
func hold(ctx context.Context, d Delivery, now time.Time) (all []Delivery, err error) {
	err = db.Conn(ctx).Raw(holdSQL, map[string]any{
		"municipality": d.MunicipalityID, "now": now, "letter": d.LetterID, "person": d.ProfessionalID, "dossier": d.DossierID, "digest": d.Digest, "many": mostInLetter,
		"until": now.Add(inHand), "fresh": uuid.Must(uuid.NewV7()),
	}).Find(&all).Error
	return all, err
}

// saveDeliveries writes how deliveries stand, unless they have ended meanwhile.
func saveDeliveries(ctx context.Context, all []Delivery, now time.Time) error {
	for i := range all {
		d := &all[i]
		d.ChangedAt = now
		done := db.Mine(ctx, "delivery").Where("id = ? and state = ?", d.ID, Pending).
			Select("state", "next_try_at", "held_until", "last_answer", "changed_at").Updates(d)
		if done.Error != nil {
			return done.Error
		}
	}
	return nil
}

const strandedSQL = `with lost as (
  select id from delivery where municipality_id = @municipality and state = 'pending' and next_try_at <= @before
   and (held_until is null or held_until <= @before) order by next_try_at limit @many for update skip locked)
update delivery set next_try_at = @now from lost where delivery.municipality_id = @municipality and delivery.id = lost.id returning delivery.*`

// stranded finds deliveries that should have been tried before a moment and that nobody works on, and gives them a new
// moment, so that the next look leaves them alone.
func stranded(ctx context.Context, municipality string, before, now time.Time) (all []Delivery, err error) {
	err = db.Conn(ctx).Raw(strandedSQL, map[string]any{"municipality": municipality, "before": before, "now": now, "many": atOnce}).Find(&all).Error
	return all, err
}

// DeliveryFilter is what a list of deliveries is limited to; nil does not limit.
type DeliveryFilter struct {
	State          *string
	ProfessionalID *uuid.UUID
	DossierID      *uuid.UUID
}

func listDeliveries(ctx context.Context, f DeliveryFilter, p page.Request) (rows []Delivery, err error) {
	q := db.Mine(ctx, "delivery")
	if f.State != nil {
		q = q.Where("state = ?", *f.State)
	}
	if f.ProfessionalID != nil {
		q = q.Where("professional_id = ?", *f.ProfessionalID)
	}
	if f.DossierID != nil {
		q = q.Where("dossier_id = ?", *f.DossierID)
	}
	if q, err = db.NewestFirst(q, "created_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// retry writes that a delivery that failed is tried again; false when it did not stand as failed any more.
func retry(ctx context.Context, d Delivery) (bool, error) {
	if err := db.Decided(ctx, d); err != nil {
		return false, err
	}
	done := db.Mine(ctx, "delivery").Where("id = ? and state = ?", d.ID, Failed).Select("state", "next_try_at", "tried_from", "changed_at").Updates(&d)
	return done.RowsAffected == 1, done.Error
}
