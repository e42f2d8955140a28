package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func participantsOf(ctx context.Context, dossier uuid.UUID) (rows []Participant, err error) {
	err = db.Mine(ctx, "participant").Where("dossier_id = ?", dossier).Order("starts_at, id").Find(&rows).Error
	return rows, err
}

func findParticipant(ctx context.Context, dossier, id uuid.UUID) (p Participant, err error) {
	err = db.One(db.Mine(ctx, "participant").Where("dossier_id = ? and id = ?", dossier, id).Take(&p))
	return p, err
}

func listParticipants(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []Participant, err error) {
	q := db.Mine(ctx, "participant").Where("dossier_id = ?", dossier)
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("(starts_at, id) > (?, ?)", at, p.After.ID)
	}
	err = q.Order("starts_at, id").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}
