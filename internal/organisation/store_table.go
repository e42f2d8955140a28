package organisation

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findTable(ctx context.Context, id uuid.UUID) (Table, error) {
	return find[Table](ctx, "consultation_table", id)
}

// holdTable reads a table whose row nobody changes until the transaction ends.
func holdTable(ctx context.Context, id uuid.UUID) (t Table, err error) {
	err = db.One(mine(ctx, "consultation_table").Clauses(clause.Locking{Strength: "SHARE"}).Where("id = ?", id).Take(&t))
	return t, err
}

func listTables(ctx context.Context, p page.Request) ([]Table, error) {
	return byName[Table](mine(ctx, "consultation_table"), "consultation_table", p)
}
