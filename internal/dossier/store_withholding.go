package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findWithholding(ctx context.Context, id uuid.UUID) (w Withholding, err error) {
	err = db.One(db.Mine(ctx, "withholding").Where("id = ?", id).Take(&w))
	return w, err
}

func listWithholdings(ctx context.Context, item uuid.UUID, p page.Request) (rows []Withholding, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "withholding").Where("item_id = ?", item), "withheld_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// withheldNow reads from whom an item is withheld now.
func withheldNow(ctx context.Context, item uuid.UUID) (rows []Withholding, err error) {
	err = db.Mine(ctx, "withholding").Where("item_id = ? and lifted_at is null", item).Order("withheld_at, id").Find(&rows).Error
	return rows, err
}

// withhold adds a partner to those from whom an item is withheld. The item's version and times stay: to who
// sees it, nothing changed.
func withhold(ctx context.Context, item Item, partner uuid.UUID) error {
	return setWithheld(ctx, "withheld_partners || to_jsonb(?::text)", item, partner)
}

func withholdNoMore(ctx context.Context, item Item, partner uuid.UUID) error {
	return setWithheld(ctx, "withheld_partners - ?::text", item, partner)
}

func setWithheld(ctx context.Context, value string, item Item, partner uuid.UUID) error {
	if err := db.Decided(ctx, item); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("update item set withheld_partners = "+value+" where municipality_id = ? and id = ?",
		partner.String(), item.MunicipalityID, item.ID).Error
}
