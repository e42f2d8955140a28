package dossier

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Grant lets a professional into a dossier until a moment. It fails with problem.Conflict for the caller
// himself and for who cannot be in the dossier, and when a privacy assertion does not allow it.
func (s *Service) Grant(ctx context.Context, dossier uuid.UUID, n NewGrant) (in Within[Grant], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.decideIn(ctx, dossier, actGrant)
		if err != nil {
			return err
		}
		partner, err := s.checkGrant(ctx, d, n)
		if err != nil {
			return err
		}
		g := n.grant(d, partner.ID, decider(ctx), s.k.Now())
		if err := db.Insert(ctx, &g); err != nil {
			return err
		}
		if err := s.readmit(ctx, d); err != nil {
			return err
		}
		if err := s.recordIn(ctx, d, journal.Event{Name: "grant.made", Subject: aboutGrant(g)}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, g)
		return err
	})
	return in, err
}

func aboutGrant(g Grant) journal.Subject { return journal.Subject{Type: "grant", ID: g.ID} }

// checkGrant holds a grant against who it is for; it gives the partner for which he works.
func (s *Service) checkGrant(ctx context.Context, d Dossier, n NewGrant) (p organisation.Partner, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return p, err
	}
	wrong := n.faults(s.k.Now())
	professional, err := s.people.FindProfessional(ctx, n.ProfessionalID)
	if err == nil {
		p, err = s.people.FindPartner(ctx, professional.PartnerID)
	}
	today := s.k.Now().In(s.people.ZoneOf(ctx))
	if problem.Is(err, problem.NotFound) || err == nil && (!professional.ValidOn(today) || p.Status != organisation.Active) {
		wrong.Note("/professionalId", "reference", "There is no such professional, or he has no access any more.")
		err = nil
	}
	if err := errors.Join(err, wrong.Err()); err != nil {
		return p, err
	}
	if n.givesHimself(who) {
		return p, problem.Errorf(problem.Conflict, "Nobody grants access to himself or to whom he stands in for; ask another director.")
	}
	return p, s.mayHave(ctx, d, p, n.Level, n.Categories...)
}

// ListGrants reads the grants in a dossier, also those that ended, the latest first; for who directs it.
func (s *Service) ListGrants(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Grant]], error) {
	return oversee(ctx, s, dossier, func(ctx context.Context) (Page[Grant], uuid.UUID, error) {
		rows, err := listSince[Grant](ctx, "access_grant", dossier, p)
		rows, next := page.Cut(rows, p.Limit, Grant.place)
		return Page[Grant]{Rows: rows, Next: next}, uuid.Nil, err
	})
}

// GetGrant reads one grant, for who directs the dossier and for whom it lets in.
func (s *Service) GetGrant(ctx context.Context, dossier, id uuid.UUID) (Within[Grant], error) {
	return oversee(ctx, s, dossier, func(ctx context.Context) (Grant, uuid.UUID, error) {
		g, err := findIn[Grant](ctx, "access_grant", dossier, id)
		return g, g.ProfessionalID, err
	})
}

// RevokeGrant ends a grant; the next request of who came in by it fails. One that has ended is
// problem.Conflict.
func (s *Service) RevokeGrant(ctx context.Context, dossier uuid.UUID, key etag.Key, reason string) (in Within[Grant], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.decideIn(ctx, dossier, actGrant)
		if err != nil {
			return err
		}
		g, err := findIn[Grant](ctx, "access_grant", dossier, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, g); err != nil {
			return err
		}
		before := g
		if err := g.revoke(decider(ctx), reason, s.k.Now()); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &g)
		if err != nil {
			return err
		}
		if err := s.readmit(ctx, d); err != nil {
			return err
		}
		if err := s.recordIn(ctx, d, journal.Event{Name: "grant.revoked", Subject: aboutGrant(g), Fields: fields}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, g)
		return err
	})
	return in, err
}
