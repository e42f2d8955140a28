package server

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// rowsInSight tells which rows of some tables, named with a space between them, the caller may read.
func rowsInSight(ctx context.Context, tables string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	may := make(map[uuid.UUID]bool, len(ids))
	for table := range strings.FieldsSeq(tables) {
		var found []uuid.UUID
		if err := db.Mine(ctx, table).Where("id = any(?)", db.IDs(ids)).Pluck("id", &found).Error; err != nil {
			return nil, err
		}
		for _, id := range found {
			may[id] = true
		}
	}
	return may, nil
}
