package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findDataBreach(ctx context.Context, id uuid.UUID) (b DataBreach, err error) {
	err = db.One(db.Mine(ctx, "data_breach").Where("id = ?", id).Take(&b))
	return b, err
}

func listDataBreaches(ctx context.Context, p page.Request) (rows []DataBreach, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "data_breach"), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// breachOf is the number of a dossier, empty when it is not there for who asks or does not hold the item that is named.
func breachOf(ctx context.Context, dossier uuid.UUID, item *uuid.UUID) (number string, err error) {
	q := db.Mine(ctx, "dossier").Select("number").Where("id = ?", dossier)
	if item != nil {
		q = q.Where("exists (?)", db.Mine(ctx, "item").Select("1").Where("dossier_id = ? and id = ?", dossier, *item))
	}
	err = q.Scan(&number).Error
	return number, err
}

// breachesPastTerm are those discovered before a moment that were neither reported nor have a reason why not, and of which nobody was
// told yet; held until the transaction ends. One that another instance holds is left to it.
func breachesPastTerm(ctx context.Context, discovered time.Time) (rows []DataBreach, err error) {
	err = db.Mine(ctx, "data_breach").Where("reported_at is null and not_reported_reason = '' and overdue_told_at is null and discovered_at < ?", discovered).
		Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}).Find(&rows).Error
	return rows, err
}
