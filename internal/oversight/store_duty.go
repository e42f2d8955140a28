package oversight

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// openActions counts the open actions in dossiers that are not closed, per partner that carries them out.
func openActions(ctx context.Context) (rows []matrix.Duty, err error) {
	err = db.Mine(ctx, "action").Joins("join dossier d on d.municipality_id = action.municipality_id and d.id = action.dossier_id").
		Where("action.status = 'open' and d.shielded_at is null and d.status not in ('closed', 'rejected')").
		Group("action.partner_id, d.type, d.basis").
		Select("action.partner_id, d.type as dossier_type, d.basis, count(*) as actions").Scan(&rows).Error
	return rows, err
}

// suppliers reads which partners supplied items of which category.
func suppliers(ctx context.Context) (map[authz.Category][]uuid.UUID, error) {
	var rows []struct {
		Category   authz.Category
		SupplierID uuid.UUID
	}
	err := db.Mine(ctx, "item").Distinct("category", "supplier_id").Order("category, supplier_id").Scan(&rows).Error
	all := map[authz.Category][]uuid.UUID{}
	for _, row := range rows {
		all[row.Category] = append(all[row.Category], row.SupplierID)
	}
	return all, err
}
