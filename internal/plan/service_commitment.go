package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Commit records what a partner says to a draft: by itself, or as the case director heard it.
func (s *Service) Commit(ctx context.Context, plan uuid.UUID, c Commitment) (Commitment, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p, err := s.readPlan(ctx, plan)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actCommit, p.of(c.PartnerID)); err != nil {
			return err
		}
		c.MunicipalityID, c.ID, c.DossierID, c.PlanID = p.MunicipalityID, uuid.Must(uuid.NewV7()), p.DossierID, p.ID
		c.RecordedBy, c.RecordedPartnerID, c.RecordedAt = orNil(who.Professional), who.Partner, s.k.Now()
		if err := c.check(); err != nil {
			return err
		}
		d, err := s.mustTake(ctx, p, Draft)
		if err != nil {
			return err
		}
		carriers, err := s.carriers(ctx, d)
		if err != nil {
			return err
		}
		if _, takesPart := carriers[c.PartnerID]; !takesPart {
			return problem.InvalidField("/partnerId", "reference", "This partner takes no part in the dossier, or nobody of it by name; add it as a participant first.")
		}
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		return s.recordPlan(ctx, d, p, "plan.committed", nil, journal.Subject{Type: "commitment", ID: c.ID})
	})
	return c, err
}

// inPlan reads something that belongs to a plan which the caller may read.
func inPlan[T any](ctx context.Context, s *Service, plan uuid.UUID, read func(context.Context) (T, error)) (row T, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.readPlan(ctx, plan); err != nil {
			return err
		}
		row, err = read(ctx)
		return err
	})
	return row, err
}

// Commitment reads one commitment or refusal.
func (s *Service) Commitment(ctx context.Context, plan, id uuid.UUID) (Commitment, error) {
	return inPlan(ctx, s, plan, func(ctx context.Context) (Commitment, error) {
		return oneUnder[Commitment](ctx, "commitment", "plan_id", plan, id)
	})
}

// Commitments reads a page of what partners said to a plan, the latest first.
func (s *Service) Commitments(ctx context.Context, plan uuid.UUID, p page.Request) (rows []Commitment, next *string, err error) {
	rows, err = inPlan(ctx, s, plan, func(ctx context.Context) ([]Commitment, error) {
		return paged[Commitment](ctx, "commitment", "plan_id", plan, "recorded_at", p)
	})
	rows, next = page.Cut(rows, p.Limit, Commitment.place)
	return rows, next, err
}

// GoalResult reads one result of a goal.
func (s *Service) GoalResult(ctx context.Context, plan, goal, id uuid.UUID) (GoalResult, error) {
	return inPlan(ctx, s, plan, func(ctx context.Context) (GoalResult, error) {
		if _, err := oneUnder[Goal](ctx, "goal", "plan_id", plan, goal); err != nil {
			return GoalResult{}, err
		}
		return oneUnder[GoalResult](ctx, "goal_result", "goal_id", goal, id)
	})
}

// GoalResults reads a page of what came of a goal, the latest first.
func (s *Service) GoalResults(ctx context.Context, plan, goal uuid.UUID, p page.Request) (rows []GoalResult, next *string, err error) {
	rows, err = inPlan(ctx, s, plan, func(ctx context.Context) ([]GoalResult, error) {
		if _, err := oneUnder[Goal](ctx, "goal", "plan_id", plan, goal); err != nil {
			return nil, err
		}
		return paged[GoalResult](ctx, "goal_result", "goal_id", goal, "recorded_at", p)
	})
	rows, next = page.Cut(rows, p.Limit, GoalResult.place)
	return rows, next, err
}
