package plan

import (
	"context"

	"github.com/google/uuid"
)

// Conflicts are the clashes between the open actions of a plan and those of the running plans of linked dossiers, as
// far as the caller may see both; none for a plan that is superseded.
func (s *Service) Conflicts(ctx context.Context, id uuid.UUID) (all []Clash, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.readPlan(ctx, id)
		if err != nil || !p.running() {
			return err
		}
		own, err := s.actionsOf(ctx, p)
		if err != nil {
			return err
		}
		linked, err := s.linkedPlans(ctx, p)
		if err != nil {
			return err
		}
		held := map[uuid.UUID]bool{}
		for _, other := range linked {
			if held[other.DossierID] { // its actions were held against those of its final plan
				continue
			}
			held[other.DossierID] = true
			theirs, err := s.actionsOf(ctx, other.Plan)
			if err != nil {
				return err
			}
			all = append(all, clashes(own, theirs, other.ID)...)
		}
		return nil
	})
	return all, err
}
