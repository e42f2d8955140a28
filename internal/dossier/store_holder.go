package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// allChanges reads every change of regie of a dossier.
func allChanges(ctx context.Context, dossier uuid.UUID) (rows []RegieChange, err error) {
	err = db.Mine(ctx, "regie_change").Where("dossier_id = ?", dossier).Order("decided_at, id").Find(&rows).Error
	return rows, err
}

// atTable lists the dossiers at a table that are not closed, in the order of their ids. It needs a transaction of
// the product itself.
func atTable(ctx context.Context, table uuid.UUID) (ids []uuid.UUID, err error) {
	err = db.Mine(ctx, "dossier").Where("table_id = ? and status not in ?", table, []Status{Closed, Rejected}).Order("id").Pluck("id", &ids).Error
	return ids, err
}

// findRegieDefaults reads what the caller's municipality proposes, the product's own table in a language when that is
// nothing.
func findRegieDefaults(ctx context.Context, tag language.Tag) (r RegieDefault, err error) {
	err = db.One(db.Mine(ctx, "regie_default").Take(&r))
	if !problem.Is(err, problem.NotFound) {
		return r, err
	}
	who, err := identity.From(ctx)
	return regieDefaults(who.Municipality, tag), err
}
