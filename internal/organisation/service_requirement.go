package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// requirementsOf is how it stands with a professional today.
func (s *Service) requirementsOf(ctx context.Context, professional uuid.UUID) ([]Requirement, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := standingOfProfessional(ctx, who.Municipality, professional)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].requirements(s.today(ctx)), nil
}

// AcceptSecrecy records that the caller accepts the statement of secrecy, with the date of today; again it stays with
// the first (Wgs 1.11); unchanged holds what he read against what there is. It counts at his next request. It fails with problem.Forbidden for a system.
func (s *Service) AcceptSecrecy(ctx context.Context, unchanged func(context.Context) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if !who.IsPerson() {
			return problem.Errorf(problem.Forbidden, "A statement of secrecy is a person's; send the token of a person.")
		}
		p, err := findProfessional(ctx, who.Professional)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAcceptSecrecy, p.Resource()); err != nil {
			return err
		}
		if err := unchanged(ctx); err != nil || p.SecrecyAcceptedOn != nil {
			return err
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		before := p
		year, month, day := s.today(ctx).Date()
		p.SecrecyAcceptedOn, p.ChangedAt = new(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)), s.k.Now()
		fields, err := db.Update(ctx, &before, &p)
		if err != nil {
			return err
		}
		return s.record(ctx, "professional.changed", "professional", p.ID, fields)
	})
}
