package dossier

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RecordTriage records the criteria and the advice; not all met is recorded as such. It changes nothing else.
func (s *Service) RecordTriage(ctx context.Context, key etag.Key, t Triage) (in Within[Triage], err error) {
	_, err = s.change(ctx, key, actDirect, "dossier.triaged", func(ctx context.Context, d *Dossier) ([]journal.Subject, error) {
		if err := s.checkTriage(t.Criteria); err != nil {
			return nil, err
		}
		t.weigh()
		if t.DecidedBy, t.DecidedAt, err = s.decides(ctx); err != nil {
			return nil, err
		}
		t.MunicipalityID, t.ID, t.DossierID = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID
		if err := db.Insert(ctx, &t); err != nil {
			return nil, err
		}
		in, err = within(ctx, s, *d, t)
		return []journal.Subject{{Type: "triage", ID: t.ID}}, err
	})
	return in, err
}

// checkTriage asks each criterion of BGS 2.20(1) once.
func (s *Service) checkTriage(criteria []Criterion) error {
	var wrong problem.Faults
	asked := map[string]bool{}
	for i, c := range criteria {
		at := fmt.Sprintf("/criteria/%d/criterion", i)
		switch {
		case !s.lists.Has("regie-criteria", c.Criterion):
			wrong.Note(at, "reference", "There is no such criterion; see GET /v1/code-lists/regie-criteria.")
		case asked[c.Criterion]:
			wrong.Note(at, "twice", "Answer each criterion once.")
		}
		asked[c.Criterion] = true
	}
	return wrong.Err()
}

// latestTriage is the last triage of a dossier; nil when there is none.
func latestTriage(ctx context.Context, dossier uuid.UUID) (*Triage, error) {
	rows, err := historyOf[Triage](ctx, "triage", dossier, page.Request{Limit: 1})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// ChangeStatus takes a dossier one step on, or does not take it on, which shields it at once. It fails with
// problem.Conflict when the step is not possible: active needs a triage, and under the Wgs one in which all
// criteria are met (BGS 2.20).
func (s *Service) ChangeStatus(ctx context.Context, key etag.Key, c StatusChange) (in Within[StatusChange], err error) {
	_, err = s.change(ctx, key, actDirect, "dossier.status-changed", func(ctx context.Context, d *Dossier) ([]journal.Subject, error) {
		if c.DecidedBy, c.DecidedAt, err = s.decides(ctx); err != nil {
			return nil, err
		}
		c.MunicipalityID, c.ID, c.DossierID, c.FromStatus = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID, d.Status
		if err := c.check(c.DecidedAt.In(s.people.ZoneOf(ctx))); err != nil {
			return nil, err
		}
		if err := c.apply(d); err != nil {
			return nil, err
		}
		if err := s.mayBeActive(ctx, *d, c); err != nil {
			return nil, err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return nil, err
		}
		if in, err = within(ctx, s, *d, c); err != nil {
			return nil, err
		}
		if d.Status == Rejected {
			err = s.readmit(ctx, *d)
		}
		return []journal.Subject{{Type: "status-change", ID: c.ID}}, err
	})
	return in, err
}

func (s *Service) mayBeActive(ctx context.Context, d Dossier, c StatusChange) error {
	if d.Status != Active {
		return nil
	}
	latest, err := latestTriage(ctx, d.ID)
	switch {
	case err != nil:
		return err
	case c.FromStatus == InTriage && latest == nil:
		return problem.Errorf(problem.Conflict, "Record the triage first.")
	case d.Basis == Wgs && !latest.meets():
		return problem.Errorf(problem.Conflict, "The Wgs needs a triage in which all four criteria are met (BGS 2.20); record one first.")
	}
	return nil
}

// ListTriages reads the triages of a dossier, the latest first.
func (s *Service) ListTriages(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Triage]], error) {
	return decisionsOf[Triage](ctx, s, "triage", dossier, p)
}

// GetTriage reads one triage.
func (s *Service) GetTriage(ctx context.Context, dossier, id uuid.UUID) (Within[Triage], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Triage, error) { return findIn[Triage](ctx, "triage", dossier, id) })
}

// ListStatusChanges reads how the status of a dossier changed, the latest first.
func (s *Service) ListStatusChanges(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[StatusChange]], error) {
	return decisionsOf[StatusChange](ctx, s, "status_change", dossier, p)
}

// GetStatusChange reads one change of status; who did not take on the dossier reads that decision.
func (s *Service) GetStatusChange(ctx context.Context, dossier, id uuid.UUID) (Within[StatusChange], error) {
	return endingIn[StatusChange](ctx, s, "status_change", dossier, id)
}

func decisionsOf[T placed](ctx context.Context, s *Service, table string, dossier uuid.UUID, p page.Request) (Within[Page[T]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]T, error) { return historyOf[T](ctx, table, dossier, p) })
}

// endingIn reads a decision that may have ended the dossier: who took the one that did, reads it after that too.
func endingIn[T interface{ endedBy(Dossier) uuid.UUID }](ctx context.Context, s *Service, table string, dossier, id uuid.UUID) (in Within[T], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		row, err := findIn[T](ctx, table, dossier, id)
		if problem.KindOf(err) == problem.NotFound {
			if err := s.k.Authz.Require(ctx, actRead, d.Resource()); err != nil {
				return err
			}
			return err
		}
		if err != nil {
			return err
		}
		r := d.Resource()
		r.Self = row.endedBy(d)
		if err := s.k.Authz.Require(ctx, actReadEnding, r); err != nil {
			return err
		}
		in, err = within(ctx, s, d, row)
		return err
	})
	return in, err
}
