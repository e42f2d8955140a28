package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findDataBreach(ctx context.Context, id uuid.UUID) (b DataBreach, err error) {
	err = db.One(db.Mine(ctx, "data_breach").Where("id = ?", id).Take(&b))
	return b, err
}

func listDataBreaches(ctx context.Context, p page.Request) (rows []DataBreach, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "data_breach"), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// breachOf tells whether there is such a dossier and, when asked, such an item in it; as the product itself.
func breachOf(ctx context.Context, dossier uuid.UUID, item *uuid.UUID) (there bool, err error) {
	q := db.Mine(ctx, "dossier").Where("id = ?", dossier)
	if item != nil {
		q = db.Mine(ctx, "item").Where("dossier_id = ? and id = ?", dossier, *item)
	}
	var found int64
	err = q.Count(&found).Error
	return found > 0, err
}
