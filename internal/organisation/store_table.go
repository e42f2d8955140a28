package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findTable(ctx context.Context, id uuid.UUID) (Table, error) {
	return find[Table](ctx, "consultation_table", id)
}

func listTables(ctx context.Context, p page.Request) ([]Table, error) {
	return byName[Table](mine(ctx, "consultation_table"), "consultation_table", p)
}
