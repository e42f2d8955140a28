package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ActiveDomains are the life domains of the items that count in a dossier and that the caller may read. It needs a
// transaction.
func (s *Service) ActiveDomains(ctx context.Context, dossier uuid.UUID) ([]string, error) {
	rows, err := itemsOnDomains(ctx, dossier)
	if err != nil {
		return nil, err
	}
	seen, err := s.readable(ctx, rows)
	domains := make([]string, len(seen))
	for i, item := range seen {
		domains[i] = item.LifeDomain
	}
	return domains, err
}

// Linked are the links of a dossier of which the caller may see both sides, the latest page.Max of them. It needs a
// transaction.
func (s *Service) Linked(ctx context.Context, dossier uuid.UUID) ([]SeenLink, error) {
	rows, err := listLinks(ctx, dossier, LinkFilter{}, page.Request{Limit: page.Max})
	if err != nil {
		return nil, err
	}
	return s.seeLinks(ctx, dossier, rows[:min(page.Max, len(rows))])
}
