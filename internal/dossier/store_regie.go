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

// listLinks reads the links on either side of a dossier, where both sides are readable.
func listLinks(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []Link, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "link").Where("(dossier_id = ? or other_dossier_id = ?)", dossier, dossier), "added_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func findLink(ctx context.Context, dossier, id uuid.UUID) (l Link, err error) {
	err = db.One(db.Mine(ctx, "link").Where("(dossier_id = ? or other_dossier_id = ?) and id = ?", dossier, dossier, id).Take(&l))
	return l, err
}
