package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findStep(ctx context.Context, action uuid.UUID, kind StepKind, id uuid.UUID) (step Step, err error) {
	err = db.One(db.Mine(ctx, "action_step").Where("action_id = ? and kind = ? and id = ?", action, kind, id).Take(&step))
	return step, err
}

func listSteps(ctx context.Context, action uuid.UUID, kind StepKind, p page.Request) (rows []Step, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "action_step").Where("action_id = ? and kind = ?", action, kind), "decided_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
