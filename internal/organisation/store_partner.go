package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findPartner(ctx context.Context, id uuid.UUID) (Partner, error) {
	return find[Partner](ctx, "partner", id)
}

// PartnerFilter is what a list of partners is limited to; nil does not limit.
type PartnerFilter struct{ Type, Domain, Status *string }

func listPartners(ctx context.Context, f PartnerFilter, p page.Request) ([]Partner, error) {
	q := mine(ctx, "partner")
	if f.Type != nil {
		q = q.Where("type = ?", *f.Type)
	}
	if f.Domain != nil {
		q = q.Where("domain = ?", *f.Domain)
	}
	if f.Status != nil {
		q = q.Where("status = ?", *f.Status)
	}
	return byName[Partner](q, "partner", p)
}

func activePartners(ctx context.Context) (rows []Partner, err error) {
	err = mine(ctx, "partner").Where("status = ?", Active).Order("id").Find(&rows).Error
	return rows, err
}

// partnersAmong reads which of these there are.
func partnersAmong(ctx context.Context, ids []uuid.UUID) (there []uuid.UUID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = mine(ctx, "partner").Where("id in ?", ids).Pluck("id", &there).Error
	return there, err
}
