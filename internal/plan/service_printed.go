package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Printed is a plan with what stands beside it on paper.
type Printed struct {
	Plan    SeenPlan
	Goals   []SeenGoal
	Actions []Seen // of the dossier, the earliest term first
}

// Printed reads a plan, its goals and the actions of its dossier, each as the caller reads them by themselves. It
// fails as GetPlan does.
func (s *Service) Printed(ctx context.Context, id uuid.UUID) (p Printed, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if p.Plan, err = s.GetPlan(ctx, id); err != nil {
			return err
		}
		p.Goals, err = whole(func(r page.Request) ([]SeenGoal, *string, error) { return s.ListGoals(ctx, id, r) })
		if err != nil {
			return err
		}
		p.Actions, err = whole(func(r page.Request) ([]Seen, *string, error) {
			return s.List(ctx, Filter{DossierID: &p.Plan.DossierID}, r)
		})
		return err
	})
	return p, err
}

// whole reads all pages of a list.
func whole[T any](read func(page.Request) ([]T, *string, error)) (all []T, err error) {
	limit, next := page.Max, (*string)(nil)
	for {
		r, err := page.Parse(&limit, next)
		if err != nil {
			return nil, err
		}
		rows, after, err := read(r)
		if err != nil {
			return nil, err
		}
		if all = append(all, rows...); after == nil {
			return all, nil
		}
		next = after
	}
}
