package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func newParticipant(d Dossier, partner uuid.UUID, professionals ...uuid.UUID) Participant {
	return Participant{
		MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, PartnerID: partner, Role: RoleParticipant,
		ProfessionalIDs: professionals, StartsAt: d.ChangedAt, ChangedAt: d.ChangedAt,
	}
}

// ListParticipants reads who takes part, also who did, the earliest first.
func (s *Service) ListParticipants(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Participant]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]Participant, error) { return listParticipants(ctx, dossier, p) })
}

// GetParticipant reads one participation.
func (s *Service) GetParticipant(ctx context.Context, dossier, id uuid.UUID) (Within[Participant], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Participant, error) { return findParticipant(ctx, dossier, id) })
}

// Joining is a partner that is to take part, with its professionals by name.
type Joining struct {
	PartnerID       uuid.UUID
	Role            string
	ProfessionalIDs []uuid.UUID
	From            *time.Time // nil is now
	Until           *time.Time
}

// AddParticipant lets a partner take part. It fails with problem.Conflict when it does already or
// when the legal basis does not allow its type (Wgs 2.27).
func (s *Service) AddParticipant(ctx context.Context, dossier uuid.UUID, j Joining) (in Within[Participant], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := hold(ctx, dossier)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actChange, d.Resource()); err != nil {
			return err
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		p := newParticipant(d, j.PartnerID, j.ProfessionalIDs...)
		p.Role, p.EndsAt, p.StartsAt, p.ChangedAt = j.Role, j.Until, s.k.Now(), s.k.Now()
		if j.From != nil {
			p.StartsAt = *j.From
		}
		if err := s.checkParticipant(ctx, d, p); err != nil {
			return err
		}
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		if err := s.readmit(ctx, d); err != nil {
			return err
		}
		if err := s.recordParticipant(ctx, d, p, journal.Event{Name: "participant.added"}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, p)
		return err
	})
	return in, err
}

// UpdateParticipant changes the role, the names or the end of a participation; names that go lose
// access at once.
func (s *Service) UpdateParticipant(ctx context.Context, dossier uuid.UUID, key etag.Key, edit func(*Participant)) (in Within[Participant], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := hold(ctx, dossier)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actChange, d.Resource()); err != nil {
			return err
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		p, err := findParticipant(ctx, dossier, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, p); err != nil {
			return err
		}
		before := p
		before.ProfessionalIDs = slices.Clone(p.ProfessionalIDs)
		edit(&p)
		if err := s.checkParticipant(ctx, d, p); err != nil {
			return err
		}
		if err := p.keepLeads(d, before, s.k.Now()); err != nil {
			return err
		}
		if err := s.saveParticipant(ctx, d, before, &p); err != nil {
			return err
		}
		in, err = within(ctx, s, d, p)
		return err
	})
	return in, err
}

func (s *Service) saveParticipant(ctx context.Context, d Dossier, before Participant, p *Participant) error {
	p.ChangedAt = s.k.Now()
	fields, err := db.Update(ctx, &before, p)
	if err != nil || len(fields) == 0 {
		return err
	}
	if err := s.readmit(ctx, d); err != nil {
		return err
	}
	return s.recordParticipant(ctx, d, *p, journal.Event{Name: "participant.changed", Fields: fields})
}

// checkParticipant holds a participation against the legal basis and the partner's own people.
func (s *Service) checkParticipant(ctx context.Context, d Dossier, p Participant) error {
	partner, err := s.people.FindPartner(ctx, p.PartnerID)
	if err != nil {
		return problem.InvalidField("/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
	}
	if err := s.mayTakePart(d, partner); err != nil {
		return err
	}
	if p.EndsAt != nil && !p.EndsAt.After(p.StartsAt) {
		return problem.InvalidField("/until", "order", "The end lies after the start.")
	}
	for _, id := range p.ProfessionalIDs {
		professional, err := s.people.FindProfessional(ctx, id)
		if err != nil {
			return problem.InvalidField("/professionalIds", "reference", "There is no such professional; see GET /v1/professionals.")
		}
		if professional.PartnerID != p.PartnerID {
			return problem.Errorf(problem.Conflict, "A participation names professionals of its own partner only.")
		}
	}
	return nil
}

// mayTakePart refuses who has no access to the system under the legal basis (Wgs 2.27, BGS 2.21).
func (s *Service) mayTakePart(d Dossier, p organisation.Partner) error {
	if kind, _ := s.lists.PartnerType(p.Type); d.Basis == Wgs && kind.Third {
		return problem.Errorf(problem.Conflict,
			"Under the Wgs this type of partner takes no part; disclose to it what it needs instead (Wgs 2.27, BGS 2.21).")
	}
	return nil
}

// readmit derives the admissions of a dossier anew from the ways into it and from who directs. A lead who
// lost the role in the municipality leads no more.
func (s *Service) readmit(ctx context.Context, d Dossier) error {
	w, err := waysOf(ctx, d.ID, s.k.Now())
	if err != nil {
		return err
	}
	led := d
	if led.CaseDirectorID, err = s.leads(ctx, d.CaseDirectorID, identity.CaseDirector); err != nil {
		return err
	}
	if led.ChairID, err = s.leads(ctx, d.ChairID, identity.Chair); err != nil {
		return err
	}
	authz.Forget(ctx, d.ID)
	return saveAdmissions(ctx, admissionsOf(led, w, db.DirectorHolder), s.k.Now())
}

// leads is who leads, as long as he has the role in the municipality. Nobody takes the place of one who
// lost it: the opener does not direct again.
func (s *Service) leads(ctx context.Context, lead *uuid.UUID, role identity.Role) (*uuid.UUID, error) {
	if lead == nil {
		return nil, nil
	}
	p, err := s.people.HoldProfessional(ctx, *lead)
	if err != nil {
		return nil, err
	}
	if !p.Has(role) {
		return &uuid.Nil, nil
	}
	return lead, nil
}

// withLead adds a professional who is to direct or chair to those who take part by name.
func (s *Service) withLead(ctx context.Context, d Dossier, participants []Participant, lead uuid.UUID) ([]Participant, error) {
	professional, err := s.people.FindProfessional(ctx, lead)
	if err != nil {
		return nil, err
	}
	for i := range participants {
		if participants[i].PartnerID != professional.PartnerID {
			continue
		}
		if !participants[i].runs(s.k.Now()) {
			return nil, problem.Errorf(problem.Conflict, "The organisation of this professional takes no part at present; change its participation first.")
		}
		if !participants[i].names(lead) {
			participants[i].ProfessionalIDs = append(slices.Clone(participants[i].ProfessionalIDs), lead)
		}
		participants[i].EndsAt = nil // who leads has no end
		return participants, nil
	}
	p := newParticipant(d, professional.PartnerID, lead)
	if err := s.checkParticipant(ctx, d, p); err != nil {
		return nil, err
	}
	return append(participants, p), nil
}
