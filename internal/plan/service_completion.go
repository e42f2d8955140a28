package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Complete ends an open action with its result; case director and chair are told. It fails with
// problem.Conflict when the action is no longer open, and with problem.Invalid for a mediation of which it
// does not say whether the parties agreed.
func (s *Service) Complete(ctx context.Context, key etag.Key, o Outcome) (done Completion, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		a, d, err := s.claim(ctx, key, actComplete)
		if err != nil {
			return err
		}
		before := a
		if done, err = a.complete(who, s.k.Now(), o); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &a)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &done); err != nil {
			return err
		}
		e := owned("action.completed", fields, a)
		e.With = append(e.With, journal.Subject{Type: "completion", ID: done.ID})
		return s.record(ctx, d, a, e)
	})
	return done, err
}

// Completions reads a page of how an action was completed, the latest first.
func (s *Service) Completions(ctx context.Context, action uuid.UUID, p page.Request) (rows []Completion, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.read(ctx, action); err != nil {
			return err
		}
		if rows, err = listCompletions(ctx, action, p); err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(c Completion) page.Cursor { return page.At(c.CompletedAt, c.ID) })
		return nil
	})
	return rows, next, err
}

// Completion reads one completion of an action.
func (s *Service) Completion(ctx context.Context, action, id uuid.UUID) (c Completion, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.read(ctx, action); err != nil {
			return err
		}
		c, err = findCompletion(ctx, action, id)
		return err
	})
	return c, err
}
