package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findCooperation(ctx context.Context, id uuid.UUID) (c Cooperation, err error) {
	err = db.One(db.Mine(ctx, "cooperation").Where("id = ?", id).Take(&c))
	return c, err
}

func listCooperations(ctx context.Context, p page.Request) (rows []Cooperation, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "cooperation"), "registered_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
