package server

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// rowsInSight tells which rows of a table the caller may read.
func rowsInSight(ctx context.Context, table string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	var found []uuid.UUID
	err := db.Mine(ctx, table).Where("id = any(?)", db.IDs(ids)).Pluck("id", &found).Error
	may := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		may[id] = true
	}
	return may, err
}
