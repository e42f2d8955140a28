package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findPriorityEntry(ctx context.Context, id uuid.UUID) (e PriorityEntry, err error) {
	err = db.One(db.Mine(ctx, "priority_entry").Where("id = ?", id).Take(&e))
	return e, err
}

func listPriorityEntries(ctx context.Context, p page.Request) (rows []PriorityEntry, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "priority_entry"), "added_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// onList tells whether a dossier that the caller is in is on the prioritised list.
func onList(ctx context.Context, dossier uuid.UUID) (there bool, err error) {
	var n int64
	err = db.Mine(ctx, "priority_entry").Where("dossier_id = ?", dossier).Count(&n).Error
	return n > 0, err
}
