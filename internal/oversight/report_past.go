package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SituationReportAt reads the situation of a dossier as it was at a moment, by the decisions, the actions and what became of
// them until then, as far as the caller may read these now. It fails as reading the dossier does, and with
// problem.Invalid for a moment to come or before the dossier was opened.
func (s *Service) SituationReportAt(ctx context.Context, id uuid.UUID, at time.Time) (r Report, err error) {
	if at.After(s.k.Now()) {
		return r, problem.InvalidParameter("query", "at", "future", "What will be is not known; ask about now or before.")
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if r.Dossier, err = s.dossiers.Get(ctx, id); err != nil {
			return err
		}
		if at.Before(r.Dossier.OpenedAt) {
			return problem.InvalidParameter("query", "at", "before", "The dossier was not opened yet; ask about a later moment.")
		}
		if r.State, err = s.dossiers.StateAt(ctx, r.Dossier.Dossier, at); err != nil {
			return err
		}
		if r.Actions, r.Figures, err = s.plans.Then(ctx, id, at); err != nil {
			return err
		}
		if r.Scores, err = s.dossiers.ScoresAt(ctx, id, at); err != nil {
			return err
		}
		if r.Decisions, err = s.meetings.DecisionsUntil(ctx, id, latestDecisions, at); err != nil {
			return err
		}
		items, err := s.dossiers.ItemsUntil(ctx, id, lastChanges, at)
		if err != nil {
			return err
		}
		r.Dossier.Figures.NextMeetingAt = nil
		r.AsOf, r.Changes = at.UTC(), changesOf(items, r.Actions, r.Decisions)
		r.Actions = r.Actions[:min(len(r.Actions), page.Max)]
		return nil
	})
	return r, err
}
