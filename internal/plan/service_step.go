package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Defer moves the term of an open action to a later day, with the reason; it needs its owner or the
// case director. It fails with problem.Conflict for a term that is not later.
func (s *Service) Defer(ctx context.Context, key etag.Key, to Term, reason string) (Step, error) {
	return s.decide(ctx, key, move{Deferral, actComplete, "action.deferred", reason}, func(ctx context.Context, a *Action, _ dossier.Dossier, step *Step) error {
		due, err := s.earliestOf(ctx, *a)
		if err != nil {
			return err
		}
		last := to.last(due)
		if last.IsZero() {
			return problem.InvalidField("/dueDate", "term", oneTerm)
		}
		return a.deferTo(step, last, due)
	})
}

// Assign hands an open action to another partner or professional, with the reason; it needs its owner or
// the case director. It fails with problem.Invalid for who does not take part by name, and with
// problem.Forbidden for who could not read the action afterwards.
func (s *Service) Assign(ctx context.Context, key etag.Key, partner uuid.UUID, professional *uuid.UUID, reason string) (Step, error) {
	return s.decide(ctx, key, move{Assignment, actComplete, "action.assigned", reason}, func(ctx context.Context, a *Action, d dossier.Dossier, step *Step) error {
		if err := a.assign(step, partner, professional); err != nil {
			return err
		}
		carriers, err := s.carriers(ctx, d)
		if err != nil {
			return err
		}
		if err := unfitCarrier(*a, carriers, "").Err(); err != nil {
			return err
		}
		return s.mustKeep(ctx, *a)
	})
}

// mustKeep lets nobody give away what he could not read any more afterwards.
func (s *Service) mustKeep(ctx context.Context, a Action) error {
	view, err := s.k.Authz.View(ctx, a.DossierID)
	if err != nil {
		return err
	}
	if !view.Reads(a.Resource()) {
		return problem.Errorf(problem.Forbidden, "Here you can only hand over actions inside your own organisation; ask the case director.")
	}
	return nil
}

// Reopen opens a done or cancelled action again, with the reason; how it was completed stays.
func (s *Service) Reopen(ctx context.Context, key etag.Key, reason string) (Step, error) {
	return s.decide(ctx, key, move{Reopening, actChange, "action.reopened", reason}, func(_ context.Context, a *Action, _ dossier.Dossier, _ *Step) error {
		return a.reopen()
	})
}

// Cancel ends an open action that is not to be carried out any more, with the reason.
func (s *Service) Cancel(ctx context.Context, key etag.Key, reason string) (Step, error) {
	return s.decide(ctx, key, move{Cancellation, actChange, "action.cancelled", reason}, func(_ context.Context, a *Action, _ dossier.Dossier, _ *Step) error {
		return a.cancel()
	})
}

// move is a step that is to be made: by which act, told as which event.
type move struct {
	kind               StepKind
	act, event, reason string
}

// decide is the one way in which a step is made: found, allowed, changed, saved, recorded.
func (s *Service) decide(ctx context.Context, key etag.Key, m move, rule func(context.Context, *Action, dossier.Dossier, *Step) error) (step Step, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		a, d, err := s.claim(ctx, key, m.act)
		if err != nil {
			return err
		}
		before := a
		step = a.step(who, s.k.Now(), m.kind, m.reason)
		if err := rule(ctx, &a, d, &step); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &a)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &step); err != nil {
			return err
		}
		e := owned(m.event, fields, before, a)
		e.With = append(e.With, journal.Subject{Type: "action-step", ID: step.ID})
		return s.record(ctx, d, a, e)
	})
	return step, err
}

// Steps reads a page of the steps of one kind of an action, the latest first.
func (s *Service) Steps(ctx context.Context, action uuid.UUID, kind StepKind, p page.Request) (rows []Step, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.read(ctx, action); err != nil {
			return err
		}
		if rows, err = listSteps(ctx, action, kind, p); err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(one Step) page.Cursor { return page.At(one.DecidedAt, one.ID) })
		return nil
	})
	return rows, next, err
}

// Step reads one step of an action.
func (s *Service) Step(ctx context.Context, action uuid.UUID, kind StepKind, id uuid.UUID) (step Step, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.read(ctx, action); err != nil {
			return err
		}
		step, err = findStep(ctx, action, kind, id)
		return err
	})
	return step, err
}
