package organisation

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// insertMissing writes a row of a seed unless it is there, and tells how many it wrote.
func insertMissing(ctx context.Context, row any) (int64, error) {
	result := db.Conn(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(row)
	return result.RowsAffected, db.Neutral(result.Error)
}
