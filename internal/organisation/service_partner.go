package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// FindPartner reads a partner, inside a transaction. It fails with problem.NotFound.
func (s *Service) FindPartner(ctx context.Context, id uuid.UUID) (Partner, error) {
	return findPartner(ctx, id)
}

// ActivePartners reads every partner that is not suspended, by id, inside a transaction.
func (s *Service) ActivePartners(ctx context.Context) ([]Partner, error) { return activePartners(ctx) }

// ListPartners reads a page of the partners by name.
func (s *Service) ListPartners(ctx context.Context, f PartnerFilter, p page.Request) (rows []Partner, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		all, err := listPartners(ctx, f, p)
		rows, next = page.Cut(all, p.Limit, func(one Partner) page.Cursor { return nameKey(one.Name, one.ID) })
		return err
	})
	return rows, next, err
}

// GetPartner reads one partner. It fails with problem.NotFound.
func (s *Service) GetPartner(ctx context.Context, id uuid.UUID) (p Partner, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		p, err = findPartner(ctx, id)
		return err
	})
	return p, err
}

// CreatePartner registers a partner; an administrator of the municipality may.
func (s *Service) CreatePartner(ctx context.Context, p Partner) (Partner, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p.MunicipalityID, p.ID, p.Version = who.Municipality, uuid.Must(uuid.NewV7()), 1
		p.Status, p.ChangedAt = Active, s.k.Now()
		if err := s.k.Authz.Require(ctx, actManagePartner, p.Resource()); err != nil {
			return err
		}
		if err := s.checkPartner(p); err != nil {
			return err
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		return s.record(ctx, "partner.registered", "partner", p.ID, nil)
	})
	return p, err
}

// UpdatePartner changes or suspends a partner; a suspended one is refused at its next request. It
// fails with problem.Conflict when the caller's own organisation, or the last that directs or
// administers the municipality, would be suspended.
func (s *Service) UpdatePartner(ctx context.Context, key etag.Key, edit func(*Partner)) (p Partner, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if p, err = findPartner(ctx, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManagePartner, p.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, p); err != nil {
			return err
		}
		before := p
		edit(&p)
		return s.savePartner(ctx, before, &p)
	})
	return p, err
}

func (s *Service) savePartner(ctx context.Context, before Partner, p *Partner) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	if err := before.mayBecome(p.Status, who.Partner); err != nil {
		return err
	}
	if err := s.checkPartner(*p); err != nil {
		return err
	}
	p.ChangedAt = s.k.Now()
	return s.keeping(ctx, func() error {
		fields, err := db.Update(ctx, &before, p)
		if err != nil || len(fields) == 0 {
			return err
		}
		return s.record(ctx, "partner.changed", "partner", p.ID, fields)
	})
}

func (s *Service) checkPartner(p Partner) error {
	_, known := s.lists.PartnerType(p.Type)
	return p.check(known)
}
