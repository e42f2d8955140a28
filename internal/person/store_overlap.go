package person

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// overlapsOf are the dossiers elsewhere that are about the person of a subject. Nothing of them is for the caller, but
// what a notice says.
func overlapsOf(ctx context.Context, subject uuid.UUID, today time.Time) (rows []met, err error) {
	err = db.Conn(ctx).Raw("select * from overlaps_of(?, ?::date)", subject, today).Scan(&rows).Error
	return rows, err
}

func listOverlaps(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []Overlap, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "overlap_notice").Where("dossier_id = ?", dossier), "noticed_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func visibleOverlaps(ctx context.Context, ids []uuid.UUID) (found []uuid.UUID, err error) {
	err = db.Mine(ctx, "overlap_notice").Where("id = any(?)", db.IDs(ids)).Pluck("id", &found).Error
	return found, err
}
