package dossier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ChangeRegie appoints a case director or a chair, names who holds a responsibility, or sets the AVE phase,
// as a decision with reasons. Who directs the case or the process, or chairs, takes part by name from then on.
func (s *Service) ChangeRegie(ctx context.Context, key etag.Key, c RegieChange) (in Within[RegieChange], err error) {
	_, err = s.change(ctx, key, actDirect, "regie.changed", func(ctx context.Context, d *Dossier) ([]journal.Subject, error) {
		if err := s.decide(ctx, *d, func(id uuid.UUID, by uuid.UUID, at time.Time) {
			c.MunicipalityID, c.ID, c.DossierID, c.DecidedBy, c.DecidedAt = d.MunicipalityID, id, d.ID, by, at
		}); err != nil {
			return nil, err
		}
		c.InNameOf = someone(s.inNameOf(ctx, d.mayDo(actDirect)...))
		if err := s.checkRegie(ctx, *d, &c); err != nil {
			return nil, err
		}
		if err := s.scale(ctx, d, &c); err != nil {
			return nil, err
		}
		joined, err := s.appointAll(ctx, *d, c)
		if err != nil {
			return nil, err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return nil, err
		}
		if err := s.readmit(ctx, *d); err != nil {
			return nil, err
		}
		in, err = within(ctx, s, *d, c)
		return append([]journal.Subject{{Type: "regie-change", ID: c.ID}}, joined...), err
	})
	return in, err
}

func someone(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// checkRegie names everything that is wrong with a change by itself.
func (s *Service) checkRegie(ctx context.Context, d Dossier, c *RegieChange) error {
	wrong := c.settle()
	wrong = append(wrong, c.check(d.RegiePhase)...)
	wrong = append(wrong, s.checkCriteria(*c, d.RegiePhase)...)
	for i, h := range c.Holders {
		if h.ProfessionalID != nil && (h.Responsibility == Operational || h.Responsibility == Administrative) {
			s.checkPerson(ctx, fmt.Sprintf("/holders/%d/professionalId", i), *h.ProfessionalID, &wrong)
		}
	}
	if c.ProposedBy != nil {
		s.checkPerson(ctx, "/proposedById", *c.ProposedBy, &wrong)
	}
	return wrong.Err()
}

func (s *Service) checkPerson(ctx context.Context, pointer string, id uuid.UUID, wrong *problem.Faults) {
	if _, err := s.people.FindProfessional(ctx, id); err != nil {
		wrong.Note(pointer, "reference", "There is no such professional; see GET /v1/professionals.")
	}
}

// scale makes the change in the dossier, from what holds in it until now.
func (s *Service) scale(ctx context.Context, d *Dossier, c *RegieChange) error {
	changes, err := allChanges(ctx, d.ID)
	if err != nil {
		return err
	}
	from := d.RegiePhase
	c.FromPhase, c.FromChairID = &from, d.ChairID
	return c.apply(d, d.heldAt(append(changes, *c), c.DecidedAt))
}

// appointAll lets everybody whom a change gives a part in the dossier take part, and tells whose participation
// it wrote.
func (s *Service) appointAll(ctx context.Context, d Dossier, c RegieChange) (written []journal.Subject, err error) {
	process, pointer := c.processDirector()
	for _, one := range []struct {
		pointer string
		id      *uuid.UUID
		role    identity.Role
	}{
		{"/caseDirectorId", c.CaseDirectorID, identity.CaseDirector}, {"/chairId", c.ChairID, identity.Chair}, {pointer, process, identity.ProcessDirector},
	} {
		joined, err := s.appoint(ctx, d, one.pointer, one.id, one.role)
		if err != nil {
			return nil, err
		}
		written = append(written, joined...)
	}
	return written, nil
}

// processDirector is whom a change names to direct the process, and where.
func (c RegieChange) processDirector() (id *uuid.UUID, pointer string) {
	for i, h := range c.Holders {
		if h.Responsibility == ProcessDirection {
			return h.ProfessionalID, fmt.Sprintf("/holders/%d/professionalId", i)
		}
	}
	return nil, ""
}

// decide fills in who decides and when.
func (s *Service) decide(ctx context.Context, d Dossier, fill func(id, by uuid.UUID, at time.Time)) error {
	by, at, err := s.decides(ctx)
	if err != nil {
		return err
	}
	fill(uuid.Must(uuid.NewV7()), by, at)
	return nil
}

// decides is who decides, and when.
func (s *Service) decides(ctx context.Context) (by uuid.UUID, at time.Time, err error) {
	who, err := identity.From(ctx)
	return who.Professional, s.k.Now(), err
}

// appoint checks that a professional can hold the role, and lets him take part by name.
func (s *Service) appoint(ctx context.Context, d Dossier, pointer string, professional *uuid.UUID, role identity.Role) ([]journal.Subject, error) {
	if professional == nil {
		return nil, nil
	}
	p, err := s.people.FindProfessional(ctx, *professional)
	if err != nil {
		return nil, problem.InvalidField(pointer, "reference", "There is no such professional; see GET /v1/professionals.")
	}
	if !p.Has(role) {
		return nil, problem.Errorf(problem.Conflict, "This professional does not have the role %s in the municipality.", role)
	}
	before, err := participantsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	after, err := s.withLead(ctx, d, slices.Clone(before), *professional)
	if err != nil {
		return nil, err
	}
	return s.join(ctx, before, after)
}

// join writes what differs between two lists of who takes part, of which the second may be longer.
func (s *Service) join(ctx context.Context, before, after []Participant) (written []journal.Subject, err error) {
	for i, p := range after {
		p.ChangedAt = s.k.Now()
		if i >= len(before) {
			p.StartsAt = p.ChangedAt
			if err := db.Insert(ctx, &p); err != nil {
				return nil, err
			}
			written = append(written, subjects(p)...)
			continue
		}
		fields, err := db.Update(ctx, &before[i], &p)
		if err != nil {
			return nil, err
		}
		if len(fields) > 0 {
			written = append(written, subjects(p)...)
		}
	}
	return written, nil
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
