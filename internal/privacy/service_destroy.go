package privacy

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RetainDue makes a run in every municipality where something is due: the rules decide, as the law does (Wgs 1.8(7), BGS 1.16).
// One that waits to be carried out comes first.
func (s *Service) RetainDue(ctx context.Context) error {
	municipalities, err := s.k.DB.Municipalities(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, municipality := range municipalities {
		if err := s.retain(identity.With(ctx, identity.System(municipality, retaining)), municipality); err != nil {
			failed = errors.Join(failed, fmt.Errorf("retention of %s: %w", municipality, err))
		}
	}
	return failed
}

func (s *Service) retain(ctx context.Context, municipality string) error {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := db.Alone(ctx, municipality, retaining); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		waiting, err := scheduledWaits(ctx)
		if err != nil || waiting {
			return err
		}
		if err := s.announce(ctx); err != nil {
			return err
		}
		candidates, err := s.dueByItself(ctx)
		if err != nil || len(candidates) == 0 {
			return err
		}
		now := s.k.Now()
		r := s.newRun(municipality, today)
		r.Scheduled, r.Candidates, r.DecidedAt = true, candidates, &now
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		return s.recordRun(ctx, "retention-run.decided", r)
	})
	if problem.Is(err, problem.TooManyRequests) {
		return nil // another instance does it
	}
	return err
}

// CarryOut destroys what decided runs list, one dossier in a transaction. It may run in many instances, and goes on where it
// was stopped. One that fails does not hold up the others, and is tried again.
func (s *Service) CarryOut(ctx context.Context) error {
	var runs []struct {
		MunicipalityID string
		ID             uuid.UUID
	}
	if err := s.k.DB.Lookup(ctx, &runs, "select * from decided_runs()"); err != nil {
		return err
	}
	var failed error
	for _, r := range runs {
		if err := s.carryOut(identity.With(ctx, identity.System(r.MunicipalityID, retaining)), r.MunicipalityID, r.ID); err != nil && !problem.Is(err, problem.TooManyRequests) { // then another instance does it
			failed = errors.Join(failed, fmt.Errorf("retention run %s: %w", r.ID, err))
		}
	}
	return failed
}

func (s *Service) carryOut(ctx context.Context, municipality string, id uuid.UUID) error {
	var run RetentionRun
	err := s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		run, err = findRun(ctx, id)
		return err
	})
	for _, c := range run.Candidates {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = errors.Join(err, s.alone(ctx, municipality, func(ctx context.Context) error { return s.destroy(ctx, run, c) }))
	}
	if err != nil {
		return err
	}
	return s.alone(ctx, municipality, func(ctx context.Context) error { return s.finish(ctx, id) })
}

// alone does something in a transaction while no other instance destroys in the municipality.
func (s *Service) alone(ctx context.Context, municipality string, do func(context.Context) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := db.Alone(ctx, municipality, retaining); err != nil {
			return err
		}
		return do(ctx)
	})
}

// destroy destroys one dossier of a run, unless it is no longer due, has come under a legal hold or is gone.
func (s *Service) destroy(ctx context.Context, run RetentionRun, c Candidate) error {
	if _, err := s.m.Dossiers.Hold(ctx, c.DossierID); err != nil {
		if problem.Is(err, problem.NotFound) {
			return nil
		}
		return err
	}
	clock, err := s.m.Dossiers.Clock(ctx, c.DossierID)
	if err != nil {
		return err
	}
	f, err := s.facts(ctx, &c.DossierID)
	if err != nil {
		return err
	}
	r := f.of(clock)
	if !r.Due || len(r.Holds) > 0 || r.Kind != c.Kind {
		return nil
	}
	certificate := uuid.Must(uuid.NewV7())
	if err := destroyDossier(ctx, run, certificate, r, s.k.Now()); err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{Name: "dossier.destroyed", Subject: journal.Subject{Type: "destruction-certificate", ID: certificate}})
}

func (s *Service) finish(ctx context.Context, id uuid.UUID) error {
	before, err := findRun(ctx, id)
	if err != nil || before.FinishedAt != nil {
		return err
	}
	after, now := before, s.k.Now()
	after.FinishedAt, after.ChangedAt = &now, now
	if _, err := db.Update(ctx, &before, &after); err != nil {
		return err
	}
	return s.recordRun(ctx, "retention-run.done", after)
}
