package organisation

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListDistricts reads a page of the districts by code.
func (s *Service) ListDistricts(ctx context.Context, p page.Request) (rows []District, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		all, err := listDistricts(ctx, p)
		rows, next = page.Cut(all, p.Limit, func(d District) page.Cursor { return page.Cursor{Key: d.Code, ID: uuid.Nil} })
		return err
	})
	return rows, next, err
}

// ListNeighbourhoods reads a page of the neighbourhoods by code, of one district when it is given.
func (s *Service) ListNeighbourhoods(ctx context.Context, district *string, p page.Request) (rows []Neighbourhood, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		all, err := listNeighbourhoods(ctx, district, p)
		rows, next = page.Cut(all, p.Limit, func(n Neighbourhood) page.Cursor { return page.Cursor{Key: n.Code, ID: uuid.Nil} })
		return err
	})
	return rows, next, err
}

// HasNeighbourhood tells whether the municipality has a neighbourhood with this CBS code, inside a
// transaction.
func (s *Service) HasNeighbourhood(ctx context.Context, code string) (bool, error) {
	there, err := areasAmong(ctx, []string{code})
	return len(there) > 0 && strings.HasPrefix(code, "BU"), err
}
