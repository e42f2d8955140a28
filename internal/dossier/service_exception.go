package dossier

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// MakeException lets another level count for a partner on a category than the matrix says, from now on.
// It fails with problem.Conflict when one holds already, when the partner cannot take part or never has
// such a level, when it gives something to the caller's own partner, and when a privacy assertion does not
// allow it.
func (s *Service) MakeException(ctx context.Context, dossier uuid.UUID, n NewException) (in Within[Exception], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.decideIn(ctx, dossier, actExcept)
		if err != nil {
			return err
		}
		if err := s.checkException(ctx, d, n); err != nil {
			return err
		}
		e := n.exception(d, decider(ctx), s.k.Now())
		if err := db.Insert(ctx, &e); err != nil {
			return err
		}
		if err := s.readmit(ctx, d); err != nil {
			return err
		}
		if err := s.recordIn(ctx, d, journal.Event{Name: "exception.made", Subject: aboutException(e)}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, e)
		return err
	})
	return in, err
}

func aboutException(e Exception) journal.Subject {
	return journal.Subject{Type: "matrix-exception", ID: e.ID}
}

// decideIn holds an open dossier in which the caller decides on who sees what.
func (s *Service) decideIn(ctx context.Context, dossier uuid.UUID, act string) (Dossier, error) {
	d, err := hold(ctx, dossier)
	if err != nil {
		return d, err
	}
	if err := s.k.Authz.Require(ctx, act, d.Resource()); err != nil {
		return d, err
	}
	return d, d.mustBeOpen()
}

// decider is the person who acts; nil for a system.
func decider(ctx context.Context) *uuid.UUID {
	who, err := identity.From(ctx)
	if err != nil {
		return nil
	}
	return who.Person()
}

func (s *Service) checkException(ctx context.Context, d Dossier, n NewException) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	wrong := n.faults(s.k.Now())
	partner, err := s.people.FindPartner(ctx, n.PartnerID)
	if problem.Is(err, problem.NotFound) {
		wrong.Note("/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
		err = nil
	}
	if err := errors.Join(err, wrong.Err()); err != nil {
		return err
	}
	if n.givesToOwn(who) {
		return problem.Errorf(problem.Conflict, "Nobody gives anything to his own organisation by an exception; ask another director.")
	}
	if err := s.mayHave(ctx, d, partner, n.Level, n.Category); err != nil {
		return err
	}
	w, err := waysOf(ctx, d.ID, s.k.Now())
	if err != nil {
		return err
	}
	for _, e := range w.exceptions {
		if e.PartnerID == n.PartnerID && e.Category == n.Category {
			return problem.Errorf(problem.Conflict, "An exception holds already for this partner and category; revoke it first.")
		}
	}
	return nil
}

// mayHave refuses a partner that cannot be in the dossier at all (Wgs 2.27), and levels that its type or a
// privacy assertion rules out.
func (s *Service) mayHave(ctx context.Context, d Dossier, p organisation.Partner, level authz.Level, categories ...authz.Category) error {
	if err := s.mayTakePart(d, p); err != nil {
		return err
	}
	for _, c := range categories {
		if err := matrix.Bounded(p.Type, c, level); err != nil {
			return err
		}
		if err := s.cells.Permits(ctx, p.ID, string(d.Type), c, level); err != nil {
			return err
		}
	}
	return nil
}

// ListExceptions reads the exceptions in a dossier, also those that ended, the latest first; for who
// directs it.
func (s *Service) ListExceptions(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Exception]], error) {
	return oversee(ctx, s, dossier, func(ctx context.Context) (Page[Exception], uuid.UUID, error) {
		rows, err := listSince[Exception](ctx, "matrix_exception", dossier, p)
		rows, next := page.Cut(rows, p.Limit, Exception.place)
		return Page[Exception]{Rows: rows, Next: next}, uuid.Nil, err
	})
}

// GetException reads one exception, for who directs the dossier.
func (s *Service) GetException(ctx context.Context, dossier, id uuid.UUID) (Within[Exception], error) {
	return oversee(ctx, s, dossier, func(ctx context.Context) (Exception, uuid.UUID, error) {
		e, err := findIn[Exception](ctx, "matrix_exception", dossier, id)
		return e, uuid.Nil, err
	})
}

// RevokeException ends an exception; what the matrix says counts again from the next request on. One that
// has ended is problem.Conflict.
func (s *Service) RevokeException(ctx context.Context, dossier uuid.UUID, key etag.Key, reason string) (in Within[Exception], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.decideIn(ctx, dossier, actExcept)
		if err != nil {
			return err
		}
		e, err := findIn[Exception](ctx, "matrix_exception", dossier, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, e); err != nil {
			return err
		}
		before := e
		if err := e.revoke(decider(ctx), reason, s.k.Now()); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &e)
		if err != nil {
			return err
		}
		if err := s.readmit(ctx, d); err != nil {
			return err
		}
		if err := s.recordIn(ctx, d, journal.Event{Name: "exception.revoked", Subject: aboutException(e), Fields: fields}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, e)
		return err
	})
	return in, err
}

// oversee reads something of who may see a dossier, for who directs it and for whom it concerns, as read
// tells. Who may not is refused whether it is there or not.
func oversee[T any](ctx context.Context, s *Service, at uuid.UUID, read func(context.Context) (T, uuid.UUID, error)) (in Within[T], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, at)
		if err != nil {
			return err
		}
		row, concerns, missing := read(ctx)
		if missing != nil && !problem.Is(missing, problem.NotFound) {
			return missing
		}
		about := d.Resource()
		about.Self = concerns
		if err := s.k.Authz.Require(ctx, actAccess, about); err != nil {
			return err
		}
		if missing != nil {
			return missing
		}
		in, err = within(ctx, s, d, row)
		return err
	})
	return in, err
}
