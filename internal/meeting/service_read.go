package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenDeliberation is a deliberation with what stands beside it.
type SeenDeliberation struct {
	Deliberation
	Ref dossier.Ref
	Tag string
}

// SeenDecision is a decision with what stands beside it.
type SeenDecision struct {
	Decision
	Ref dossier.Ref
	Tag string
}

// content is what is recorded under an agenda item.
type content interface {
	Resource() authz.Resource
	place() page.Cursor
}

// ListDeliberations reads a page of what was deliberated under an agenda item, the latest first.
func (s *Service) ListDeliberations(ctx context.Context, item uuid.UUID, p page.Request) (seen []SeenDeliberation, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		var rows []Deliberation
		if rows, next, err = pageUnder[Deliberation](ctx, s, "deliberation", item, p); err != nil {
			return err
		}
		seen, err = s.seeDeliberations(ctx, rows...)
		return err
	})
	return seen, next, err
}

// ListDecisions reads a page of the decisions under an agenda item, the latest first.
func (s *Service) ListDecisions(ctx context.Context, item uuid.UUID, p page.Request) (seen []SeenDecision, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		var rows []Decision
		if rows, next, err = pageUnder[Decision](ctx, s, "decision", item, p); err != nil {
			return err
		}
		seen, err = s.seeDecisions(ctx, rows...)
		return err
	})
	return seen, next, err
}

// GetDeliberation reads one deliberation. It fails with problem.NotFound.
func (s *Service) GetDeliberation(ctx context.Context, item, id uuid.UUID) (seen SeenDeliberation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := findUnder[Deliberation](ctx, "deliberation", item, id)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actDeliberated, d.Resource()); err != nil {
			return err
		}
		all, err := s.seeDeliberations(ctx, d)
		if err != nil {
			return err
		}
		seen = all[0]
		return nil
	})
	return seen, err
}

// GetDecision reads one decision with the actions that the caller may see. It fails with
// problem.NotFound.
func (s *Service) GetDecision(ctx context.Context, item, id uuid.UUID) (seen SeenDecision, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := findUnder[Decision](ctx, "decision", item, id)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actDeliberated, d.Resource()); err != nil {
			return err
		}
		all, err := s.seeDecisions(ctx, d)
		if err != nil {
			return err
		}
		seen = all[0]
		return nil
	})
	return seen, err
}

// pageUnder reads a page of what was recorded under an agenda item. Who sees nothing there is told why:
// the item is not his to know, or its deliberation is not his to read, or there is nothing.
func pageUnder[T content](ctx context.Context, s *Service, table string, item uuid.UUID, p page.Request) (rows []T, next *string, err error) {
	if rows, err = listUnder[T](ctx, table, item, p); err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		i, err := findAgendaItem(ctx, item)
		if err != nil || i.DossierID == nil {
			return nil, nil, err
		}
		return nil, nil, s.k.Authz.Require(ctx, actDeliberated, i.content(i.ID, Meeting{}))
	}
	rows, next = page.Cut(rows, p.Limit, T.place)
	rows, err = readable(ctx, s, rows)
	return rows, next, err
}

// readable drops what the rule in memory refuses.
func readable[T content](ctx context.Context, s *Service, rows []T) ([]T, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.Resource().Dossier
	}
	views, err := s.k.Authz.Views(ctx, ids...)
	if err != nil {
		return nil, err
	}
	kept := make([]T, 0, len(rows))
	for _, row := range rows {
		if !views[row.Resource().Dossier].Reads(row.Resource()) {
			s.k.Authz.Dropped(ctx, "deliberation or decision")
			continue
		}
		kept = append(kept, row)
	}
	return kept, nil
}

func (s *Service) seeDeliberations(ctx context.Context, rows ...Deliberation) ([]SeenDeliberation, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i] = d.DossierID
	}
	refs, err := s.dossiers.Refs(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen := make([]SeenDeliberation, len(rows))
	for i, d := range rows {
		seen[i] = SeenDeliberation{Deliberation: d, Ref: refs[d.DossierID], Tag: etag.Of(d)}
	}
	return seen, nil
}

// seeDecisions adds to decisions the actions that carry them out.
func (s *Service) seeDecisions(ctx context.Context, rows ...Decision) ([]SeenDecision, error) {
	ids, dossiers := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i], dossiers[i] = d.ID, d.DossierID
	}
	refs, err := s.dossiers.Refs(ctx, dossiers)
	if err != nil {
		return nil, err
	}
	actions, err := s.plans.ByDecision(ctx, ids)
	if err != nil {
		return nil, err
	}
	later, err := supersessions(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen := make([]SeenDecision, len(rows))
	for i, d := range rows {
		if by, superseded := later[d.ID]; superseded {
			d.SupersededBy = &by
		}
		d.Actions = actions[d.ID]
		for _, a := range d.Actions {
			d.ActionTags = append(d.ActionTags, a.Tag)
		}
		seen[i] = SeenDecision{Decision: d, Ref: refs[d.DossierID], Tag: etag.Of(d)}
	}
	return seen, nil
}

// NextMeetings tells per dossier when the first coming meeting with it on the agenda starts, of the
// meetings that the caller may see.
func (s *Service) NextMeetings(ctx context.Context, dossiers []uuid.UUID) (next map[uuid.UUID]time.Time, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		next, err = s.NextMeetingsLater(ctx, dossiers)()
		return err
	})
	return next, err
}

// NextMeetingsLater is NextMeetings for who asks more: its query goes along with the next. It needs a
// transaction.
func (s *Service) NextMeetingsLater(ctx context.Context, dossiers []uuid.UUID) func() (map[uuid.UUID]time.Time, error) {
	coming := nextMeetings(ctx, dossiers, s.k.Now())
	return func() (map[uuid.UUID]time.Time, error) {
		rows, err := coming.Rows()
		if err != nil {
			return nil, err
		}
		views, err := s.k.Authz.Views(ctx, dossiers...)
		if err != nil {
			return nil, err
		}
		next := byDossier(rows)
		for id := range next {
			if !views[id].Reads(authz.Resource{Dossier: id, Category: authz.Core}) {
				s.k.Authz.Dropped(ctx, "next meeting")
				delete(next, id)
			}
		}
		return next, nil
	}
}

// LastChangesLater tells per dossier when the latest deliberation or decision that the caller may read
// was recorded. Its query goes along with the next. It needs a transaction.
func (s *Service) LastChangesLater(ctx context.Context, dossiers []uuid.UUID) func() (map[uuid.UUID]time.Time, error) {
	last := lastChanges(ctx, dossiers)
	return func() (map[uuid.UUID]time.Time, error) {
		rows, err := last.Rows()
		return byDossier(rows), err
	}
}

// LatestDecisions reads the last n decisions about a dossier that the caller may read, without
// their actions.
func (s *Service) LatestDecisions(ctx context.Context, dossier uuid.UUID, n int) (rows []Decision, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if rows, err = latestDecisions(ctx, dossier, n); err != nil {
			return err
		}
		rows, err = readable(ctx, s, rows)
		return err
	})
	return rows, err
}

// Visible tells which of the meetings the caller may see. It needs a transaction.
func (s *Service) Visible(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return visible(ctx, ids)
}

// VisibleProposals tells which of these proposals for an agenda the caller may read. It needs a transaction.
func (s *Service) VisibleProposals(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return inSight(ctx, "agenda_proposal", ids)
}
