package organisation

import (
	"context"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func listDistricts(ctx context.Context, p page.Request) (rows []District, err error) {
	q := mine(ctx, "district")
	if p.After != nil {
		q = q.Where("code > ?", strings.ToValidUTF8(p.After.Key, ""))
	}
	err = q.Order("code").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

func listNeighbourhoods(ctx context.Context, district *string, p page.Request) (rows []Neighbourhood, err error) {
	q := mine(ctx, "neighbourhood")
	if district != nil {
		q = q.Where("district_code = ?", *district)
	}
	if p.After != nil {
		q = q.Where("code > ?", strings.ToValidUTF8(p.After.Key, ""))
	}
	err = q.Order("code").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

// areasAmong reads which of these codes are districts or neighbourhoods.
func areasAmong(ctx context.Context, codes []string) (there []string, err error) {
	if len(codes) == 0 {
		return nil, nil
	}
	var neighbourhoods []string
	if err := mine(ctx, "district").Where("code in ?", codes).Pluck("code", &there).Error; err != nil {
		return nil, err
	}
	err = mine(ctx, "neighbourhood").Where("code in ?", codes).Pluck("code", &neighbourhoods).Error
	return append(there, neighbourhoods...), err
}
