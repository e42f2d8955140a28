package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// AccessLog reads who looked at what, for a purpose of BGS 1.12, which the line of this reading keeps: for the auditor and the
// privacy officer, problem.Forbidden for others.
func (s *Service) AccessLog(ctx context.Context, purpose string, f AccessFilter, p page.Request) (in AccessLog, err error) {
	access.For(ctx, purpose)
	for kind, id := range map[string]*uuid.UUID{"dossier": f.DossierID, "person": f.PersonID, "professional": f.ProfessionalID, "partner": f.PartnerID} {
		if id != nil {
			access.Saw(ctx, kind, *id)
		}
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadLog, authz.Resource{}); err != nil {
			return err
		}
		in, err = accessPage(ctx, f, p)
		return err
	})
	return in, err
}

// DossierAccessLog reads who looked at a dossier: for its case director and the municipal director, and for the auditor and the
// privacy officer, who see nothing else of it. It fails with problem.NotFound for who does not know the dossier.
func (s *Service) DossierAccessLog(ctx context.Context, dossier uuid.UUID, purpose string, f AccessFilter, p page.Request) (in AccessLog, err error) {
	access.For(ctx, purpose)
	f.DossierID = &dossier
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		overall, err := s.overseesDossier(ctx, dossier)
		if err != nil {
			return err
		}
		if in, err = accessPage(ctx, f, p); err != nil || !overall || len(in.Rows) > 0 {
			return err
		}
		return s.wasThere(ctx, dossier)
	})
	return in, err
}

// overseesDossier decides who reads the log of a dossier; overall is who does so without being in it.
func (s *Service) overseesDossier(ctx context.Context, dossier uuid.UUID) (overall bool, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return false, err
	}
	if who.Has(identity.PrivacyOfficer) || who.Has(identity.Auditor) {
		access.Saw(ctx, "dossier", dossier)
		return true, s.k.Authz.Require(ctx, actReadLog, authz.Resource{})
	}
	return false, s.k.Authz.Require(ctx, actReadDossierLog, authz.Resource{ID: dossier, Dossier: dossier, Category: authz.Core})
}

// wasThere tells a page without lines from a dossier that never was: whatever was opened has at least the line of its opening.
func (s *Service) wasThere(ctx context.Context, dossier uuid.UUID) error {
	first, err := listAccess(ctx, AccessFilter{DossierID: &dossier, Outcome: new(access.Allowed)}, page.Request{Limit: 1})
	if err == nil && len(first) == 0 {
		err = db.NotFound()
	}
	return err
}

func accessPage(ctx context.Context, f AccessFilter, p page.Request) (in AccessLog, err error) {
	rows, err := listAccess(ctx, f, p)
	in.Rows, in.Next = page.Cut(rows, p.Limit, AccessLine.place)
	return in, err
}
