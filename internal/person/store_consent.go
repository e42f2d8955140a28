package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

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
