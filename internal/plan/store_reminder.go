package plan

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// callsAtOnce is of how many actions a rung is told in one transaction.
const callsAtOnce = 200

// untold reads open actions, in dossiers that run, of which a rung is to be told and was not.
func untold(ctx context.Context, c call) (rows []Action, err error) {
	q := db.Mine(ctx, "action").Joins("join dossier d on d.municipality_id = action.municipality_id and d.id = action.dossier_id").
		Where("action.status = 'open' and d.shielded_at is null and d.status not in ('closed', 'rejected') and action.due_date between ? and ?", c.from, c.to).
		Where(`not exists (select from action_reminder r where r.municipality_id = action.municipality_id and r.action_id = action.id
			and r.due_date = action.due_date and r.rung = ?)`, c.rung)
	err = q.Select("action.*").Order("action.due_date, action.id").Limit(callsAtOnce).Find(&rows).Error
	return rows, err
}
