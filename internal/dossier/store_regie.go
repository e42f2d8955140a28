package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findIn[T any](ctx context.Context, table string, dossier, id uuid.UUID) (row T, err error) {
	err = db.One(db.Mine(ctx, table).Where("dossier_id = ? and id = ?", dossier, id).Take(&row))
	return row, err
}

func historyOf[T any](ctx context.Context, table string, dossier uuid.UUID, p page.Request) (rows []T, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, table).Where("dossier_id = ?", dossier), "decided_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
