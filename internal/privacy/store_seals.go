package privacy

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// olderSeal tells of a column whether it lies under another key than that with the mark, which are its first five bytes.
const olderSeal = "substring(%s from 1 for 5) <> cast(@mark as bytea)"

// countSeals counts the sealed values of the municipality, and those under another key than that with the mark.
func countSeals(ctx context.Context, mark []byte) (all, older int64, err error) {
	for _, c := range sealedColumns() {
		var n struct{ All, Older int64 }
		query := fmt.Sprintf("select count(%s) as all, count(*) filter (where %s) as older from %s", c.column, fmt.Sprintf(olderSeal, c.column), c.table)
		if err := db.Conn(ctx).Raw(query, map[string]any{"mark": mark}).Scan(&n).Error; err != nil {
			return 0, 0, err
		}
		all, older = all+n.All, older+n.Older
	}
	return all, older, nil
}

// underOlderKey are values of a column under another key than that with the mark, in the order of their records, held until the
// transaction ends. One that somebody else holds is left to him.
func underOlderKey(ctx context.Context, c sealedColumn, mark []byte, after uuid.UUID) (rows []sealedValue, err error) {
	query := fmt.Sprintf("select %[1]s as record, %[2]s as value from %[3]s where municipality_id = me_municipality() and %[1]s > @after and %[2]s is not null and "+
		fmt.Sprintf(olderSeal, c.column)+" order by %[1]s limit @batch for update skip locked", c.record, c.column, c.table)
	err = db.Conn(ctx).Raw(query, map[string]any{"after": after, "mark": mark, "batch": sealedBatch}).Scan(&rows).Error
	return rows, err
}

// reseal puts a value in the place of what it was sealed as before. It is no change of the record.
func reseal(ctx context.Context, c sealedColumn, was sealedValue, sealed []byte) error {
	query := fmt.Sprintf("update %[3]s set %[2]s = $1 where municipality_id = me_municipality() and %[1]s = $2 and %[2]s = $3", c.record, c.column, c.table)
	return db.Exec(ctx, db.Statement{SQL: query, Args: []any{sealed, was.Record, was.Value}})
}
