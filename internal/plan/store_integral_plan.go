package plan

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// findPlan reads a plan that the caller may read.
func findPlan(ctx context.Context, id uuid.UUID) (p Plan, err error) {
	err = db.One(db.Mine(ctx, "plan").Where("id = ?", id).Take(&p))
	return p, err
}

// holdPlan reads a plan as findPlan does, and lets nobody else change it or what belongs to it until the transaction
// ends: what is agreed is what becomes final.
func holdPlan(ctx context.Context, id uuid.UUID) (p Plan, err error) {
	err = db.One(db.Mine(ctx, "plan").Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&p))
	return p, err
}

// plansOf reads the running plans of dossiers, a final one before its next draft.
func plansOf(ctx context.Context, dossiers ...uuid.UUID) (rows []Plan, err error) {
	if len(dossiers) == 0 {
		return nil, nil
	}
	err = db.Mine(ctx, "plan").Where("dossier_id = any(?) and status <> 'superseded'", db.IDs(dossiers)).Order("dossier_id, number").Find(&rows).Error
	return rows, err
}

// lastNumber is the number of the last plan of a dossier, 0 before the first.
func lastNumber(ctx context.Context, dossier uuid.UUID) (last int, err error) {
	err = db.Mine(ctx, "plan").Where("dossier_id = ?", dossier).Select("coalesce(max(number), 0)").Scan(&last).Error
	return last, err
}

// paged reads a page of what belongs to something, the latest first.
func paged[T any](ctx context.Context, table, under string, id uuid.UUID, latest string, p page.Request) (rows []T, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, table).Where(under+" = ?", id), latest, p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// oneUnder reads one record that belongs to something.
func oneUnder[T any](ctx context.Context, table, under string, parent, id uuid.UUID) (row T, err error) {
	err = db.One(db.Mine(ctx, table).Where(under+" = ? and id = ?", parent, id).Take(&row))
	return row, err
}

// goalsOf reads all goals of a plan.
func goalsOf(ctx context.Context, plan uuid.UUID) (rows []Goal, err error) {
	err = db.Mine(ctx, "goal").Where("plan_id = ?", plan).Order("id").Find(&rows).Error
	return rows, err
}

func findGoalByID(ctx context.Context, id uuid.UUID) (g Goal, err error) {
	err = db.One(db.Mine(ctx, "goal").Where("id = ?", id).Take(&g))
	return g, err
}

// latestResults reads what came last of goals.
func latestResults(ctx context.Context, goals []Goal) (map[uuid.UUID]Result, error) {
	ids := make([]uuid.UUID, len(goals))
	for i, g := range goals {
		ids[i] = g.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []GoalResult
	err := db.Mine(ctx, "goal_result").Select("distinct on (goal_id) *").Where("goal_id = any(?)", db.IDs(ids)).
		Order("goal_id, recorded_at desc, id desc").Find(&rows).Error
	latest := make(map[uuid.UUID]Result, len(rows))
	for _, r := range rows {
		latest[r.GoalID] = r.Result
	}
	return latest, err
}

// latestCommitments reads what partners said last to a plan.
func latestCommitments(ctx context.Context, plan uuid.UUID) (rows []Commitment, err error) {
	err = db.Mine(ctx, "commitment").Select("distinct on (partner_id) *").Where("plan_id = ?", plan).
		Order("partner_id, recorded_at desc, id desc").Find(&rows).Error
	return rows, err
}

// actionsUnder reads the actions of dossiers that a plan counts: those that are not cancelled.
func actionsUnder(ctx context.Context, dossiers ...uuid.UUID) (rows []Action, err error) {
	err = db.Mine(ctx, "action").Where("dossier_id = any(?) and status <> 'cancelled'", db.IDs(dossiers)).Order("due_date, id").Find(&rows).Error
	return rows, err
}
