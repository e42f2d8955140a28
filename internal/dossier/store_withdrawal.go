package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// supersede lets an item name the one that replaces it. Its version stays: it says what it said. Two at once is
// problem.Stale for the second.
func supersede(ctx context.Context, old, by Item) error {
	if err := db.Decided(ctx, old); err != nil {
		return err
	}
	done := db.Conn(ctx).Exec("update item set superseded_by = ?, changed_at = ? where municipality_id = ? and id = ? and superseded_by is null",
		by.ID, by.AddedAt, old.MunicipalityID, old.ID)
	if done.Error == nil && done.RowsAffected == 0 {
		return problem.Errorf(problem.Stale, "This was changed by somebody else a moment ago; read it again.")
	}
	return done.Error
}

// withdraw takes an item, with the versions that it corrected, from everybody.
func withdraw(ctx context.Context, item Item, w ItemWithdrawal) error {
	if err := db.Decided(ctx, item); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select withdraw_item(?, ?)", item.ID, w.WithdrawnAt).Error
}

func findItemWithdrawal(ctx context.Context, id uuid.UUID) (w ItemWithdrawal, err error) {
	err = db.One(db.Mine(ctx, "item_withdrawal").Where("id = ?", id).Take(&w))
	return w, err
}

func listItemWithdrawals(ctx context.Context, dossier, item uuid.UUID, p page.Request) (rows []ItemWithdrawal, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "item_withdrawal").Where("dossier_id = ? and item_id = ?", dossier, item), "withdrawn_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
