package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// retaining is the purpose for which the product itself reads and destroys what is due.
const retaining = "retention"

// RetentionRuns are runs as their reader sees them.
type RetentionRuns struct {
	Rows    []RetentionRun
	Next    *string
	Allowed []string // of a single one
}

// Certificates are a page of them.
type Certificates struct {
	Rows []Certificate
	Next *string
}

// StartRetentionRun makes a dry run: what is due today, without destroying anything. It fails with problem.Forbidden.
func (s *Service) StartRetentionRun(ctx context.Context) (in RetentionRuns, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		r := s.newRun(who.Municipality, today)
		r.StartedBy = who.Person()
		if err := s.k.Authz.Require(ctx, actDecideRetention, r.Resource()); err != nil {
			return err
		}
		if r.Candidates, err = s.dueApart(ctx, who.Municipality); err != nil {
			return err
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		if err := s.recordRun(ctx, "retention-run.started", r); err != nil {
			return err
		}
		in, err = s.retentionRun(ctx, r, today)
		return err
	})
	return in, err
}

func (s *Service) newRun(municipality string, today time.Time) RetentionRun {
	return RetentionRun{MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, AsOf: today, StartedAt: s.k.Now(), ChangedAt: s.k.Now()}
}

// dueApart finds what is due as the product itself does: who decides on it reads no dossier, and learns no more than numbers.
func (s *Service) dueApart(ctx context.Context, municipality string) (all []Candidate, err error) {
	ctx = identity.With(db.Apart(ctx), identity.System(municipality, retaining))
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		all, err = s.due(ctx)
		return err
	})
	return all, err
}

// due is what is due today, the oldest first, for the system.
func (s *Service) due(ctx context.Context) (all []Candidate, err error) {
	all, err = s.dueWithin(ctx, 0)
	return all[:min(len(all), mostCandidates)], err
}

// dueWithin is what is due so many days from now or before, the oldest first, for the system.
func (s *Service) dueWithin(ctx context.Context, days int) (all []Candidate, err error) {
	f, err := s.facts(ctx, nil)
	if err != nil {
		return nil, err
	}
	clocks, err := s.m.Dossiers.Clocks(ctx, calendar.Months(f.today, -shortest(f.rules)).AddDate(0, 0, 4+days))
	if err != nil {
		return nil, err
	}
	last := f.today.AddDate(0, 0, days)
	for _, c := range clocks {
		if r := f.of(c); !last.Before(r.DueOn) && len(r.Holds) == 0 {
			all = append(all, Candidate{DossierID: r.DossierID, Number: r.Number, Kind: r.Kind, DueOn: r.DueOn})
		}
	}
	return all, nil
}

// DecideRetentionRun decides that what a dry run lists is destroyed; CarryOut does it. It fails with problem.Conflict for one
// that was decided, is not of today or lists nothing.
func (s *Service) DecideRetentionRun(ctx context.Context, key etag.Key, reason string) (in RetentionRuns, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actDecideRetention, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findRun(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		after := before
		if err := after.decide(reason, who.Person(), today, s.k.Now()); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		if _, err := db.Update(ctx, &before, &after); err != nil {
			return err
		}
		if err := s.recordRun(ctx, "retention-run.decided", after); err != nil {
			return err
		}
		in, err = s.retentionRun(ctx, after, today)
		return err
	})
	return in, err
}

// RetentionRun reads one run.
func (s *Service) RetentionRun(ctx context.Context, id uuid.UUID) (in RetentionRuns, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		r, today, err := s.readRun(ctx, id)
		if err != nil {
			return err
		}
		in, err = s.retentionRun(ctx, r, today)
		return err
	})
	return in, err
}

func (s *Service) readRun(ctx context.Context, id uuid.UUID) (r RetentionRun, today time.Time, err error) {
	if err := s.k.Authz.Require(ctx, actReadRetention, authz.Resource{}); err != nil {
		return r, today, err
	}
	if r, err = findRun(ctx, id); err != nil {
		return r, today, err
	}
	_, today, err = s.now(ctx)
	return r, today, err
}

// RetentionRuns reads a page of runs, the latest first.
func (s *Service) RetentionRuns(ctx context.Context, p page.Request) (in RetentionRuns, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRetention, authz.Resource{}); err != nil {
			return err
		}
		rows, err := listRuns(ctx, p)
		in.Rows, in.Next = page.Cut(rows, p.Limit, RetentionRun.place)
		return err
	})
	return in, err
}

// Certificates reads a page of what a run destroyed, the latest first.
func (s *Service) Certificates(ctx context.Context, run uuid.UUID, p page.Request) (in Certificates, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, _, err := s.readRun(ctx, run); err != nil {
			return err
		}
		rows, err := listCertificates(ctx, run, p)
		in.Rows, in.Next = page.Cut(rows, p.Limit, Certificate.place)
		return err
	})
	return in, err
}

// retentionRun puts beside one run what its reader may do.
func (s *Service) retentionRun(ctx context.Context, r RetentionRun, today time.Time) (in RetentionRuns, err error) {
	in = RetentionRuns{Rows: []RetentionRun{r}}
	in.Allowed, err = s.k.Authz.Allowed(ctx, r.Resource(), r.operations(today))
	return in, err
}

// recordRun audits a step of a run, which is told in no dossier.
func (s *Service) recordRun(ctx context.Context, event string, r RetentionRun) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "retention-run", ID: r.ID}})
}
