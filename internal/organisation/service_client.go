package organisation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListClients reads a page of the clients by name: all for an administrator of the municipality, their
// own for one of a partner. It fails with problem.Forbidden for others.
func (s *Service) ListClients(ctx context.Context, partner *uuid.UUID, p page.Request) (rows []Client, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageClient, authz.Resource{Partner: who.Partner}); err != nil {
			return err
		}
		all, err := s.may(ctx, actManageClient, authz.Resource{})
		if err != nil || !all && partner != nil && *partner != who.Partner {
			return err
		}
		if !all {
			partner = &who.Partner
		}
		found, err := listClients(ctx, partner, p)
		rows, next = page.Cut(found, p.Limit, func(one Client) page.Cursor { return nameKey(one.Name, one.ID) })
		return err
	})
	return rows, next, err
}

// GetClient reads one client. It fails with problem.NotFound, also for a client of another partner.
func (s *Service) GetClient(ctx context.Context, id uuid.UUID) (c Client, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		c, err = s.claimClient(ctx, id)
		return err
	})
	return c, err
}

// claimClient finds a client that the caller may manage.
func (s *Service) claimClient(ctx context.Context, id uuid.UUID) (Client, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return Client{}, err
	}
	c, err := findClient(ctx, id)
	if err != nil {
		return c, err
	}
	manages, err := s.may(ctx, actManageClient, c.Resource())
	if err != nil {
		return c, err
	}
	if !manages && c.PartnerID != who.Partner {
		return c, db.NotFound()
	}
	return c, s.k.Authz.Require(ctx, actManageClient, c.Resource())
}

// CreateClient registers a system of a partner; an administrator of the municipality or of the
// partner may.
func (s *Service) CreateClient(ctx context.Context, c Client) (Client, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		c.MunicipalityID, c.ID, c.Version, c.ChangedAt = who.Municipality, uuid.Must(uuid.NewV7()), 1, s.k.Now()
		c.Status, c.Categories = Active, set(c.Categories)
		if err := s.k.Authz.Require(ctx, actManageClient, c.Resource()); err != nil {
			return err
		}
		if err := c.check(); err != nil {
			return err
		}
		if _, err := findPartner(ctx, c.PartnerID); err != nil {
			return reference(err, "/partnerId", "There is no such partner; see GET /v1/partners.")
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		return s.record(ctx, "client.registered", "client", c.ID, nil)
	})
	return c, err
}

// UpdateClient changes or withdraws a client; a withdrawn one is refused at its next request, and
// cannot be changed any more: problem.Conflict.
func (s *Service) UpdateClient(ctx context.Context, key etag.Key, edit func(*Client)) (c Client, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if c, err = s.claimClient(ctx, key.ID); err != nil {
			return err
		}
		if err := etag.Check(key.Match, c); err != nil {
			return err
		}
		if err := c.mayChange(); err != nil {
			return err
		}
		before := c
		before.Categories = slices.Clone(c.Categories)
		edit(&c)
		c.Categories, c.ChangedAt = set(c.Categories), s.k.Now()
		if err := c.check(); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &c)
		if err != nil || len(fields) == 0 {
			return err
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		return s.record(ctx, "client.changed", "client", c.ID, fields)
	})
	return c, err
}
