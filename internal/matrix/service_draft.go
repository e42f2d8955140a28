package matrix

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Seen is the draft as its maker sees it, with what he may do with it.
type Seen struct {
	Draft
	Allowed []string
	Tag     string
}

// Condition is under what a draft may be replaced: If-Match, or that there is none (If-None-Match: *).
type Condition struct {
	Match  string
	Absent bool
}

// Draft gives the draft. It fails with problem.NotFound when there is none.
func (s *Service) Draft(ctx context.Context) (seen Seen, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		d, err := findDraft(ctx, who.Municipality)
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

// Replace puts these cells in the place of all cells of the draft, or begins one: begun tells which. It
// fails with problem.Invalid on a cell that is unknown or given twice, problem.Stale and
// problem.MatchRequired on the condition, and problem.Conflict where residents would get too much.
func (s *Service) Replace(ctx context.Context, c Condition, sent []NewCell) (seen Seen, begun bool, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		before, err := findDraft(ctx, who.Municipality)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return err
		}
		begun = err != nil
		if err := c.check(before, begun); err != nil {
			return err
		}
		cells, err := s.newCells(ctx, sent)
		if err != nil {
			return err
		}
		if begun {
			seen, err = s.begin(ctx, newDraft(who, cells, s.k.Now()))
			return err
		}
		after := before
		after.replace(who, cells, s.k.Now())
		seen, err = s.save(ctx, before, after)
		return err
	})
	return seen, begun, err
}

func (c Condition) check(d Draft, absent bool) error {
	switch {
	case !absent && c.Absent:
		return problem.Errorf(problem.Stale, "There is a draft already; read it.")
	case !absent:
		return etag.Check(c.Match, d)
	case c.Match != "":
		return problem.Errorf(problem.Stale, "There is no draft any more; leave out If-Match to begin one.")
	}
	return nil
}

// newCells checks all cells of a draft.
func (s *Service) newCells(ctx context.Context, sent []NewCell) ([]authz.Cell, error) {
	var f problem.Faults
	cells, typeOf, err := s.check(ctx, &f, "/cells", sent)
	if err != nil {
		return nil, err
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return ordered(cells), allBounded(cells, typeOf)
}

// Change sets and removes cells of the draft. It fails as Replace does, with problem.NotFound when there
// is no draft, and with problem.Conflict when a cell to remove is not there.
func (s *Service) Change(ctx context.Context, match string, set, remove []NewCell) (seen Seen, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		before, err := findDraft(ctx, who.Municipality)
		if err != nil {
			return err
		}
		if err := etag.Check(match, before); err != nil {
			return err
		}
		after := before
		cells, err := s.changedCells(ctx, before.Cells, set, remove)
		if err != nil {
			return err
		}
		after.replace(who, cells, s.k.Now())
		seen, err = s.save(ctx, before, after)
		return err
	})
	return seen, err
}

func (s *Service) changedCells(ctx context.Context, cells []authz.Cell, set, remove []NewCell) ([]authz.Cell, error) {
	var f problem.Faults
	more, typeOf, err := s.check(ctx, &f, "/set", set)
	if err != nil {
		return nil, err
	}
	less, _, err := s.check(ctx, &f, "/remove", remove)
	if err != nil {
		return nil, err
	}
	if len(f) == 0 {
		disjoint(&f, more, less)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	if err := allBounded(more, typeOf); err != nil {
		return nil, err
	}
	return changed(cells, more, less)
}

// Discard throws the draft away; what is in force stays. It fails with problem.NotFound when there is none.
func (s *Service) Discard(ctx context.Context, match string) error {
	return s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		d, err := claimDraft(ctx, who.Municipality)
		if err != nil {
			return err
		}
		if err := etag.Check(match, d); err != nil {
			return err
		}
		if err := db.Delete(ctx, &d); err != nil {
			return err
		}
		return s.record(ctx, "matrix.draft-discarded", d)
	})
}

// draft runs fn in a transaction of who may do the act with the matrix: the municipal director. That
// comes before the draft is looked for, so that nobody else learns whether there is one.
func (s *Service) draft(ctx context.Context, act string, fn func(context.Context, identity.Identity) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, act, resource()); err != nil {
			return err
		}
		return fn(ctx, who)
	})
}

func (s *Service) begin(ctx context.Context, d Draft) (Seen, error) {
	if err := db.Insert(ctx, &d); err != nil {
		return Seen{}, err
	}
	if err := s.record(ctx, "matrix.draft-begun", d, "cells"); err != nil {
		return Seen{}, err
	}
	return s.see(ctx, d)
}

func (s *Service) save(ctx context.Context, before, after Draft) (Seen, error) {
	fields, err := db.Update(ctx, &before, &after)
	if err != nil {
		return Seen{}, err
	}
	if len(fields) == 0 {
		return s.see(ctx, before)
	}
	if err := s.record(ctx, "matrix.draft-changed", after, fields...); err != nil {
		return Seen{}, err
	}
	return s.see(ctx, after)
}

func (s *Service) record(ctx context.Context, event string, d Draft, fields ...string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "matrix-draft", ID: d.ID}, Fields: fields})
}

func (s *Service) see(ctx context.Context, d Draft) (Seen, error) {
	allowed, err := s.k.Authz.Allowed(ctx, resource(), d.operations())
	return Seen{Draft: d, Allowed: allowed, Tag: etag.Of(d)}, err
}
