package dossier

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ChangeBasis puts a dossier on another legal basis: access follows at once, and the participation of third
// parties ends under the Wgs (Wgs 1.2(2), 2.27), as does police data under Wpg 9 and 10. It fails with problem.Conflict where that basis is not
// possible, or a third party leads the dossier.
func (s *Service) ChangeBasis(ctx context.Context, key etag.Key, c BasisChange) (in Within[BasisChange], err error) {
	_, err = s.change(ctx, key, actDirect, "dossier.basis-changed", func(ctx context.Context, d *Dossier) ([]journal.Subject, error) {
		if c.DecidedBy, c.DecidedAt, err = s.decides(ctx); err != nil {
			return nil, err
		}
		c.MunicipalityID, c.ID, c.DossierID, c.FromBasis = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID, d.Basis
		latest, err := latestTriage(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		if err := c.apply(d, latest); err != nil {
			return nil, err
		}
		written, err := s.endThirds(ctx, *d, &c)
		if err != nil {
			return nil, err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return nil, err
		}
		if err := s.withdrawPolice(ctx, *d, c); err != nil {
			return nil, err
		}
		if err := s.readmit(ctx, *d); err != nil {
			return nil, err
		}
		in, err = within(ctx, s, *d, c)
		return append([]journal.Subject{{Type: "basis-change", ID: c.ID}}, written...), err
	})
	return in, err
}

// endThirds ends the participation of who cannot take part on the new basis, notes who that are, and tells
// what it wrote. A participation that was to begin later never does.
func (s *Service) endThirds(ctx context.Context, d Dossier, c *BasisChange) ([]journal.Subject, error) {
	before, err := participantsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	after := slices.Clone(before)
	for i := range after {
		p := &after[i]
		if p.EndsAt != nil && !p.EndsAt.After(c.DecidedAt) {
			continue
		}
		partner, err := s.people.FindPartner(ctx, p.PartnerID)
		if err != nil {
			return nil, err
		}
		if s.mayTakePart(d, partner) == nil {
			continue
		}
		if p.leads(d) {
			return nil, problem.Errorf(problem.Conflict, "A third party directs or chairs this dossier; appoint another first (Wgs 2.27).")
		}
		at := c.DecidedAt
		if p.StartsAt.After(at) {
			at = p.StartsAt
		}
		p.EndsAt = &at
		c.EndedPartnerIDs = append(c.EndedPartnerIDs, p.PartnerID)
	}
	return s.join(ctx, before, after)
}

// leads tells whether the case director or the chair takes part here.
func (p Participant) leads(d Dossier) bool {
	return d.CaseDirectorID != nil && p.names(*d.CaseDirectorID) || d.ChairID != nil && p.names(*d.ChairID)
}

// ListBasisChanges reads how the legal basis of a dossier changed, the latest first.
func (s *Service) ListBasisChanges(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[BasisChange]], error) {
	return decisionsOf[BasisChange](ctx, s, "basis_change", dossier, p)
}

// GetBasisChange reads one change of legal basis.
func (s *Service) GetBasisChange(ctx context.Context, dossier, id uuid.UUID) (Within[BasisChange], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (BasisChange, error) {
		return findIn[BasisChange](ctx, "basis_change", dossier, id)
	})
}
