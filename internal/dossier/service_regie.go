package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ChangeRegie appoints a case director or a chair, or sets the AVE phase, as a decision with
// reasons. Who is appointed takes part by name from then on.
func (s *Service) ChangeRegie(ctx context.Context, key Key, c RegieChange) (in Within[RegieChange], err error) {
	_, err = s.change(ctx, key, actDirect, "regie.changed", func(ctx context.Context, d *Dossier) error {
		if err := s.decide(ctx, *d, func(id uuid.UUID, by uuid.UUID, at time.Time) {
			c.MunicipalityID, c.ID, c.DossierID, c.DecidedBy, c.DecidedAt = d.MunicipalityID, id, d.ID, by, at
		}); err != nil {
			return err
		}
		if err := s.checkCriteria(c.Criteria); err != nil {
			return err
		}
		if err := c.apply(d); err != nil {
			return err
		}
		if err := s.appoint(ctx, *d, "/caseDirectorId", c.CaseDirectorID, identity.CaseDirector); err != nil {
			return err
		}
		if err := s.appoint(ctx, *d, "/chairId", c.ChairID, identity.Chair); err != nil {
			return err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		if err := s.readmit(ctx, *d); err != nil {
			return err
		}
		in, err = within(ctx, s, *d, c)
		return err
	})
	return in, err
}

// decide fills in who decides and when.
func (s *Service) decide(ctx context.Context, d Dossier, fill func(id, by uuid.UUID, at time.Time)) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	fill(uuid.Must(uuid.NewV7()), who.Professional, s.k.Now())
	return nil
}

// appoint checks that a professional can hold the role, and lets him take part by name.
func (s *Service) appoint(ctx context.Context, d Dossier, pointer string, professional *uuid.UUID, role identity.Role) error {
	if professional == nil {
		return nil
	}
	p, err := s.people.FindProfessional(ctx, *professional)
	if err != nil {
		return problem.InvalidField(pointer, "reference", "There is no such professional.")
	}
	if !p.Has(role) {
		return problem.Errorf(problem.Conflict, "This professional does not have the role %s in the municipality.", role)
	}
	before, err := participantsOf(ctx, d.ID)
	if err != nil {
		return err
	}
	after, err := s.withLead(ctx, d, append([]Participant(nil), before...), *professional)
	if err != nil {
		return err
	}
	for i := range after {
		if i >= len(before) {
			after[i].StartsAt, after[i].ChangedAt = s.k.Now(), s.k.Now()
			if err := db.Insert(ctx, &after[i]); err != nil {
				return err
			}
			continue
		}
		if _, err := db.Update(ctx, &before[i], &after[i]); err != nil {
			return err
		}
	}
	return nil
}

// ListRegieChanges reads who directed the dossier, the latest change first.
func (s *Service) ListRegieChanges(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[RegieChange]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]RegieChange, error) {
		return historyOf[RegieChange](ctx, "regie_change", dossier, p)
	})
}

// GetRegieChange reads one change of regie.
func (s *Service) GetRegieChange(ctx context.Context, dossier, id uuid.UUID) (Within[RegieChange], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (RegieChange, error) {
		return findIn[RegieChange](ctx, "regie_change", dossier, id)
	})
}
