package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ActiveDomains are the life domains on which a dossier has items or assessments that count and that the caller may
// read, one for each of them. It needs a transaction.
func (s *Service) ActiveDomains(ctx context.Context, dossier uuid.UUID) ([]string, error) {
	rows, err := itemsOnDomains(ctx, dossier)
	if err != nil {
		return nil, err
	}
	items, err := s.readable(ctx, rows)
	if err != nil {
		return nil, err
	}
	assessed, err := listAssessments(ctx, dossier, AssessmentFilter{Current: true}, page.Request{Limit: mostAssessments})
	if err != nil {
		return nil, err
	}
	assessed, err = s.readableAssessments(ctx, assessed)
	var domains []string
	for _, item := range items {
		domains = append(domains, item.LifeDomain)
	}
	for _, a := range assessed {
		domains = append(domains, a.LifeDomain)
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
