package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SeenGoal is a goal as the caller sees it: without the dossier of a member of which he may not know.
type SeenGoal struct {
	Goal
	Result      Result // what came of it last; empty while there is none
	Orientation string
	MemberRef   *dossier.Ref
	Allowed     []string // operations; nil in lists
	Tag         string
}

// GetGoal reads one goal of a plan.
func (s *Service) GetGoal(ctx context.Context, plan, id uuid.UUID) (seen SeenGoal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.readPlan(ctx, plan)
		if err != nil {
			return err
		}
		g, err := oneUnder[Goal](ctx, "goal", "plan_id", plan, id)
		if err != nil {
			return err
		}
		seen, err = s.seeGoal(ctx, p, g)
		return err
	})
	return seen, err
}

// ListGoals reads a page of the goals of a plan, the latest first.
func (s *Service) ListGoals(ctx context.Context, plan uuid.UUID, p page.Request) (seen []SeenGoal, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.readPlan(ctx, plan); err != nil {
			return err
		}
		rows, err := paged[Goal](ctx, "goal", "plan_id", plan, "added_at", p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, Goal.place)
		seen, err = s.seeGoals(ctx, rows)
		return err
	})
	return seen, next, err
}

// seeGoals shows goals of a plan that the caller reads, with what came of them.
func (s *Service) seeGoals(ctx context.Context, rows []Goal) ([]SeenGoal, error) {
	var members []uuid.UUID
	for _, g := range rows {
		if g.MemberDossierID != nil {
			members = append(members, *g.MemberDossierID)
		}
	}
	refs, err := s.dossiers.Refs(ctx, members)
	if err != nil {
		return nil, err
	}
	results, err := latestResults(ctx, rows)
	seen := make([]SeenGoal, len(rows))
	for i, g := range rows {
		seen[i] = SeenGoal{Goal: g, Result: results[g.ID], Orientation: s.Orientation(g.LifeDomain)}
		if g.MemberDossierID != nil {
			if ref, there := refs[*g.MemberDossierID]; there {
				seen[i].MemberRef = &ref
			} else {
				seen[i].MemberDossierID = nil
			}
		}
		seen[i].Tag = etag.Of(seen[i].Goal)
	}
	return seen, err
}

func (s *Service) seeGoal(ctx context.Context, p Plan, g Goal) (SeenGoal, error) {
	seen, err := s.seeGoals(ctx, []Goal{g})
	if err != nil {
		return SeenGoal{}, err
	}
	seen[0].Allowed, err = s.k.Authz.Allowed(ctx, g.Resource(), g.operations(p))
	return seen[0], err
}

// unfinished are the goals of a plan that have no result.
func (s *Service) unfinished(ctx context.Context, p Plan) (missing []Goal, err error) {
	goals, err := goalsOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	results, err := latestResults(ctx, goals)
	for _, g := range goals {
		if results[g.ID] == "" {
			missing = append(missing, g)
		}
	}
	return missing, err
}

// unfitGoal names a goal that an action of this dossier cannot serve.
func (s *Service) unfitGoal(ctx context.Context, a Action, pointer string) (wrong problem.Faults, err error) {
	if a.GoalID == nil {
		return nil, nil
	}
	view, err := s.k.Authz.View(ctx, a.DossierID)
	if err != nil {
		return nil, err
	}
	g, err := findGoalByID(ctx, *a.GoalID)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return nil, err
	}
	if err == nil && g.DossierID == a.DossierID && view.Sees(authz.Plan) {
		p, err := findPlan(ctx, g.PlanID)
		if err != nil || p.running() {
			return nil, err
		}
	}
	wrong.Note(pointer+"/goalId", "reference", "There is no such goal in a running plan of this dossier, or you may not see it.")
	return wrong, nil
}

// aimed refuses a change to a goal that the action cannot serve; one that stays is not asked about again.
func (s *Service) aimed(ctx context.Context, before, a Action) error {
	if same(before.GoalID, a.GoalID) {
		return nil
	}
	wrong, err := s.unfitGoal(ctx, a, "")
	if err != nil {
		return err
	}
	return wrong.Err()
}
