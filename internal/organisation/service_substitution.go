package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ListSubstitutions reads who stands in for a professional, the latest first. It fails with
// problem.NotFound when the professional is not there.
func (s *Service) ListSubstitutions(ctx context.Context, professional uuid.UUID, p page.Request) (rows []Substitution, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		if _, err := findProfessional(ctx, professional); err != nil {
			return err
		}
		all, err := listSubstitutions(ctx, professional, p)
		rows, next = page.Cut(all, p.Limit, func(one Substitution) page.Cursor { return page.At(one.From, one.ID) })
		return err
	})
	return rows, next, err
}

// GetSubstitution reads one substitution. It fails with problem.NotFound.
func (s *Service) GetSubstitution(ctx context.Context, professional, id uuid.UUID) (one Substitution, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		one, err = findSubstitution(ctx, professional, id)
		return err
	})
	return one, err
}

// CreateSubstitution lets somebody of the same partner stand in for a professional, who may arrange it
// himself, as an administrator may, but not for himself as the substitute. It fails with problem.Conflict for
// anybody else, for himself, and for a period that is over or ends before it begins.
func (s *Service) CreateSubstitution(ctx context.Context, n Substitution) (Substitution, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		replaced, err := s.replaceable(ctx, n.ProfessionalID)
		if err != nil {
			return err
		}
		substitute, err := findProfessional(ctx, n.SubstituteID)
		if err != nil {
			return reference(err, "/substituteId", "There is no such professional; see GET /v1/professionals.")
		}
		if err := s.mayGain(ctx, Substitution{}, n); err != nil {
			return err
		}
		if err := n.begins(replaced, substitute, s.k.Now()); err != nil {
			return err
		}
		n.MunicipalityID, n.ID, n.Version, n.ChangedAt = replaced.MunicipalityID, uuid.Must(uuid.NewV7()), 1, s.k.Now()
		if err := touchPeople(ctx); err != nil {
			return err
		}
		if err := db.Insert(ctx, &n); err != nil {
			return err
		}
		return s.record(ctx, "substitution.arranged", "substitution", n.ID, nil)
	})
	return n, err
}

// UpdateSubstitution changes the period; an end in the past ends it now. It fails with
// problem.Conflict when it is over, or for a new beginning after it has begun.
func (s *Service) UpdateSubstitution(ctx context.Context, professional uuid.UUID, key etag.Key, edit func(*Substitution)) (one Substitution, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.replaceable(ctx, professional); err != nil {
			return err
		}
		if one, err = findSubstitution(ctx, professional, key.ID); err != nil {
			return err
		}
		if err := etag.Check(key.Match, one); err != nil {
			return err
		}
		before := one
		edit(&one)
		if err := s.mayGain(ctx, before, one); err != nil {
			return err
		}
		if err := before.becomes(&one, s.k.Now()); err != nil {
			return err
		}
		one.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &one)
		if err != nil || len(fields) == 0 {
			return err
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		return s.record(ctx, "substitution.changed", "substitution", one.ID, fields)
	})
	return one, err
}

// replaceable finds a professional for whom the caller may arrange a substitute. Who stands in for him is
// not himself: else a substitute could prolong his own period. Of who holds roles it is he himself or an
// administrator of the municipality: an administrator of the partner would give those roles, to himself
// too.
func (s *Service) replaceable(ctx context.Context, professional uuid.UUID) (Professional, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return Professional{}, err
	}
	p, err := findProfessional(ctx, professional)
	if err != nil {
		return p, err
	}
	if who.Professional == p.ID {
		return p, s.k.Authz.Require(ctx, actManageSubstitution, p.Resource())
	}
	if err := s.k.Authz.Require(ctx, actManageSubstitution, authz.Resource{ID: p.ID, Partner: p.PartnerID}); err != nil {
		return p, err
	}
	if len(p.granted()) == 0 {
		return p, nil
	}
	return p, s.k.Authz.Require(ctx, actManagePartner, p.Resource())
}

// mayGain refuses who would come to stand in for another, or longer, by his own hand: he would come into the
// dossiers of the other without anybody knowing of it.
func (s *Service) mayGain(ctx context.Context, before, after Substitution) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	gains := before.SubstituteID != after.SubstituteID || after.From.Before(before.From) || after.Until.After(before.Until)
	if gains && after.SubstituteID == who.Professional && after.ProfessionalID != who.Professional {
		return problem.Errorf(problem.Forbidden, "Nobody arranges that he stands in for another himself; ask your colleague, or another administrator.")
	}
	return nil
}
