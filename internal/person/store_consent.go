package person

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// endConsented gives back to its supplier what was shared under secrecy on a consent that is withdrawn.
func endConsented(ctx context.Context, c Consent, today time.Time) error {
	if err := db.Decided(ctx, c); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select end_consented(?, ?::date)", c.ID, today.Format(time.DateOnly)).Error
}

func findConsent(ctx context.Context, persons []uuid.UUID, id uuid.UUID) (c Consent, err error) {
	err = db.One(db.Mine(ctx, "consent").Where("person_id = any(?) and id = ?", db.IDs(persons), id).Take(&c))
	return c, err
}

func listConsents(ctx context.Context, persons []uuid.UUID, p page.Request) (rows []Consent, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "consent").Where("person_id = any(?)", db.IDs(persons)), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
