package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// listSince reads a page of a table of what a dossier has for a while, the latest first.
func listSince[Row any](ctx context.Context, table string, dossier uuid.UUID, p page.Request) (rows []Row, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, table).Where("dossier_id = ?", dossier), "since", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
