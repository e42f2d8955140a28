package oversight

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/alert"
	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

const latestDecisions = 10

// Service reads across the areas, through their services and under the reader's rights.
type Service struct {
	k        kernel.Kernel
	lists    *configuration.Service
	people   *organisation.Service
	matrix   *matrix.Service
	dossiers *dossier.Service
	plans    *plan.Service
	meetings *meeting.Service

	// Alerts says of what happened who may know it; the server fills it, and Documents.
	Alerts    *alert.Service
	Documents *document.Service
}

// Means are the areas that it looks across.
type Means struct {
	Lists    *configuration.Service
	People   *organisation.Service
	Matrix   *matrix.Service
	Dossiers *dossier.Service
	Plans    *plan.Service
	Meetings *meeting.Service
}

// New makes the service.
func New(k kernel.Kernel, m Means) *Service {
	return &Service{k: k, lists: m.Lists, people: m.People, matrix: m.Matrix, dossiers: m.Dossiers, plans: m.Plans, meetings: m.Meetings}
}

// SituationReport reads the actual situation of a dossier. It fails as reading the dossier does.
func (s *Service) SituationReport(ctx context.Context, id uuid.UUID) (r Report, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if r.Dossier, err = s.dossiers.Get(ctx, id); err != nil {
			return err
		}
		if r.Actions, err = s.plans.Brief(ctx, id); err != nil {
			return err
		}
		today, err := s.plans.Today(ctx)
		if err != nil {
			return err
		}
		figures, err := s.plans.Figures(ctx, []uuid.UUID{id}, today)
		if err != nil {
			return err
		}
		r.Figures, r.State = figures[id], r.Dossier.State()
		if r.Scores, err = s.dossiers.ScoresAt(ctx, id, s.k.Now()); err != nil {
			return err
		}
		if r.Decisions, err = s.meetings.LatestDecisions(ctx, id, latestDecisions); err != nil {
			return err
		}
		items, err := s.dossiers.LatestItems(ctx, id, lastChanges)
		if err != nil {
			return err
		}
		r.AsOf, r.Changes = s.k.Now(), changesOf(items, r.Actions, r.Decisions)
		return nil
	})
	return r, err
}

// DossierFigures counts what the areas uphill of dossiers keep in them; dossier.Service asks it.
func (s *Service) DossierFigures(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]dossier.Figures, error) {
	today, err := s.plans.Today(ctx)
	if err != nil {
		return nil, err
	}
	actions, meetings, changes := s.plans.FiguresLater(ctx, ids, today), s.meetings.NextMeetingsLater(ctx, ids), s.meetings.LastChangesLater(ctx, ids)
	counted, err := actions()
	if err != nil {
		return nil, err
	}
	next, err := meetings()
	if err != nil {
		return nil, err
	}
	deliberated, err := changes()
	if err != nil {
		return nil, err
	}
	all := make(map[uuid.UUID]dossier.Figures, len(ids))
	for _, id := range ids {
		c := counted[id]
		f := dossier.Figures{OpenActions: c.Open, OverdueActions: c.Overdue, LastChangeAt: c.LastChangeAt}
		if at, there := next[id]; there {
			f.NextMeetingAt = &at
		}
		if at, there := deliberated[id]; there && (f.LastChangeAt == nil || at.After(*f.LastChangeAt)) {
			f.LastChangeAt = &at
		}
		all[id] = f
	}
	return all, nil
}
