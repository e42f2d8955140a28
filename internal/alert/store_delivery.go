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

// free are deliveries that are due and that nobody has in hand.
const free = `municipality_id = @municipality and channel = 'email' and state = 'pending' and next_try_at <= @now
  and (held_until is null or held_until <= @now)`

// dueSQL locks what is due for those who have waited longest: of a letter that was tried before what is in it, and else all
// that is due for a person. What somebody else locks is passed over.
const dueSQL = `with first as (
  select coalesce(letter_id, professional_id) as goes from delivery where ` + free + ` group by goes order by min(next_try_at) limit @letters)
select * from delivery where ` + free + ` and coalesce(letter_id, professional_id) in (select goes from first)
order by coalesce(letter_id, professional_id), seq limit @many for update skip locked`

const holdSQL = `update delivery set attempts = attempts + 1, held_until = $4, letter_id = n.letter, changed_at = $5
from unnest($2::uuid[], $3::uuid[]) n(delivery, letter) where delivery.municipality_id = $1 and delivery.id = n.delivery`

// The bounds of a letter, and of what is taken in hand at once.
const (
	mostInLetter = 200
	mostAtOnce   = 10 * mostInLetter
)

// hold takes in hand what is due, until a moment: so many letters, each of one person and the earliest first.
func hold(ctx context.Context, municipality string, letters int, now time.Time) ([][]Delivery, error) {
	var due []Delivery
	err := db.Conn(ctx).Raw(dueSQL, map[string]any{"municipality": municipality, "now": now, "letters": letters, "many": mostAtOnce}).Find(&due).Error
	if err != nil || len(due) == 0 {
		return nil, err
	}
	all := lettersOf(due)
	var ids, names []uuid.UUID
	until := now.Add(inHand)
	for _, letter := range all {
		for i := range letter {
			d := &letter[i]
			d.Attempts, d.HeldUntil = d.Attempts+1, &until
			ids, names = append(ids, d.ID), append(names, *d.LetterID)
		}
	}
	return all, db.Exec(ctx, db.Statement{SQL: holdSQL, Args: []any{municipality, db.IDs(ids), db.IDs(names), until, now}})
}

const settleSQL = `update delivery set state = n.state, next_try_at = n.next, held_until = null, last_answer = n.answer, changed_at = $6
from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) n(delivery, state, next, answer)
where delivery.municipality_id = $1 and delivery.id = n.delivery and delivery.state = 'pending'`

// saveDeliveries writes how deliveries of a municipality stand that nobody has in hand any more, unless they have ended meanwhile.
func saveDeliveries(ctx context.Context, all []Delivery, now time.Time) error {
	var ids []uuid.UUID
	var states, answers []string
	var nexts []*time.Time
	for _, d := range all {
		ids, states, answers, nexts = append(ids, d.ID), append(states, string(d.State)), append(answers, d.LastAnswer), append(nexts, d.NextTryAt)
	}
	return db.Exec(ctx, db.Statement{SQL: settleSQL, Args: []any{all[0].MunicipalityID, db.IDs(ids), states, nexts, answers, now}})
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
