package organisation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// FindProfessional reads a professional without his identities, inside a transaction. It fails with
// problem.NotFound.
func (s *Service) FindProfessional(ctx context.Context, id uuid.UUID) (Professional, error) {
	return findProfessional(ctx, id)
}

// HoldProfessional is FindProfessional where what follows from his roles is written: they do not change until
// the transaction ends, and a change of them finds what was written.
func (s *Service) HoldProfessional(ctx context.Context, id uuid.UUID) (Professional, error) {
	return holdProfessional(ctx, id)
}

// ListProfessionals reads a page of the professionals by name, as the caller may see them.
func (s *Service) ListProfessionals(ctx context.Context, f ProfessionalFilter, p page.Request) (rows []Professional, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		all, err := listProfessionals(ctx, f, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(all, p.Limit, func(one Professional) page.Cursor { return nameKey(one.Name, one.ID) })
		if err := withIdentities(ctx, rows); err != nil {
			return err
		}
		for i := range rows {
			if rows[i], err = s.seen(ctx, rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, next, err
}

// GetProfessional reads one professional, as the caller may see him. It fails with problem.NotFound.
func (s *Service) GetProfessional(ctx context.Context, id uuid.UUID) (p Professional, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		found, err := findWhole(ctx, id)
		if err != nil {
			return err
		}
		p, err = s.seen(ctx, found)
		return err
	})
	return p, err
}

// seen is a professional as the caller may see him: whole to himself and to who administers him.
func (s *Service) seen(ctx context.Context, p Professional) (Professional, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return p, err
	}
	manages, err := s.may(ctx, actManageProfessional, p.Resource())
	return p.seenBy(manages || who.Professional == p.ID), err
}

// CreateProfessional registers a professional; an administrator of the municipality or of the
// partner may. It fails with problem.Forbidden when another than the first gives roles, and with
// problem.Conflict when an identity is bound to somebody else.
func (s *Service) CreateProfessional(ctx context.Context, p Professional) (Professional, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p = p.normal()
		p.MunicipalityID, p.ID, p.Version, p.ChangedAt = who.Municipality, uuid.Must(uuid.NewV7()), 1, s.k.Now()
		if err := s.k.Authz.Require(ctx, actManageProfessional, p.Resource()); err != nil {
			return err
		}
		if err := s.checkProfessional(ctx, Professional{}, p); err != nil {
			return err
		}
		if _, err := findPartner(ctx, p.PartnerID); err != nil {
			return reference(err, "/partnerId", "There is no such partner; see GET /v1/partners.")
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		if err := replaceIdentities(ctx, Professional{}, p); err != nil {
			return err
		}
		return s.record(ctx, "professional.registered", "professional", p.ID, nil)
	})
	return p, err
}

// UpdateProfessional changes a professional; an end of validity holds at his next request. It fails
// as CreateProfessional, and with problem.Conflict when nobody would be left who directs or
// administers the municipality.
func (s *Service) UpdateProfessional(ctx context.Context, key etag.Key, edit func(*Professional)) (p Professional, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if p, err = findWhole(ctx, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageProfessional, p.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, p); err != nil {
			return err
		}
		before := p
		before.Roles, before.Identities = slices.Clone(p.Roles), slices.Clone(p.Identities)
		edit(&p)
		p = p.normal()
		if p.Email != before.Email {
			p.MailRefusedAt = nil
		}
		if err := s.checkProfessional(ctx, before, p); err != nil {
			return err
		}
		p.ChangedAt = s.k.Now()
		return s.keeping(ctx, func() error { return s.saveProfessional(ctx, before, &p) })
	})
	return p, err
}

func (s *Service) saveProfessional(ctx context.Context, before Professional, p *Professional) error {
	fields, err := db.Update(ctx, &before, p)
	if err != nil || len(fields) == 0 {
		return err
	}
	if err := replaceIdentities(ctx, before, *p); err != nil {
		return err
	}
	return s.record(ctx, "professional.changed", "professional", p.ID, fields)
}

// checkProfessional holds a change against the rules. Roles are the municipality's to give, as
// partners are; so is who comes in as somebody with roles.
func (s *Service) checkProfessional(ctx context.Context, before, after Professional) error {
	if err := after.check(); err != nil {
		return err
	}
	if !before.touchesRights(after) {
		return nil
	}
	return s.k.Authz.Require(ctx, actManagePartner, after.Resource())
}

// reference says at which place of the body something is named that is not there.
func reference(err error, pointer, detail string) error {
	if problem.Is(err, problem.NotFound) {
		return problem.InvalidField(pointer, "reference", detail)
	}
	return err
}

// RefuseMail notes that the mail server of an address does not know it, in a transaction of the system. It tells whether that
// is news: false when it was noted before or the professional has another address by now.
func (s *Service) RefuseMail(ctx context.Context, professional uuid.UUID, address string) (news bool, err error) {
	return refuseMail(ctx, professional, address, s.k.Now())
}

// TryMailAgain lets mail to a professional be tried whatever its server said, in a transaction of the system.
func (s *Service) TryMailAgain(ctx context.Context, professional uuid.UUID) error {
	return tryMailAgain(ctx, professional)
}
