package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ItemFilter is what a list of items is limited to; nil does not limit.
type ItemFilter struct {
	Category                    *authz.Category
	LifeDomain                  *string
	SupplierID                  *uuid.UUID
	ObservedFrom, ObservedUntil *time.Time // dates, both included
	BatchID                     *uuid.UUID
	Superseded                  bool // those that were corrected, in place of those that count
}

func findItem(ctx context.Context, dossier, id uuid.UUID) (i Item, err error) {
	err = db.One(db.Mine(ctx, "item").Where("dossier_id = ? and id = ?", dossier, id).Take(&i))
	return i, err
}

func findItems(ctx context.Context, dossier uuid.UUID, ids []uuid.UUID) (rows []Item, err error) {
	err = db.Mine(ctx, "item").Where("dossier_id = ? and id = any(?)", dossier, db.IDs(ids)).Order("id").Find(&rows).Error
	return rows, err
}

func listItems(ctx context.Context, dossier uuid.UUID, f ItemFilter, p page.Request) (rows []Item, err error) {
	q := db.Mine(ctx, "item").Where("dossier_id = ? and (superseded_by is not null) = ?", dossier, f.Superseded)
	if f.BatchID != nil {
		q = q.Where("batch_id = ?", *f.BatchID)
	}
	if f.Category != nil {
		q = q.Where("category = ?", *f.Category)
	}
	if f.LifeDomain != nil {
		q = q.Where("life_domain = ?", *f.LifeDomain)
	}
	if f.SupplierID != nil {
		q = q.Where("supplier_id = ?", *f.SupplierID)
	}
	if f.ObservedFrom != nil {
		q = q.Where("observed_on >= ?", *f.ObservedFrom)
	}
	if f.ObservedUntil != nil {
		q = q.Where("observed_on <= ?", *f.ObservedUntil)
	}
	if q, err = db.NewestFirst(q, "added_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// itemsOnDomains reads the items of a dossier that count and are about a life domain.
func itemsOnDomains(ctx context.Context, dossier uuid.UUID) (rows []Item, err error) {
	err = db.Mine(ctx, "item").Where("dossier_id = ? and superseded_by is null and life_domain <> ''", dossier).Find(&rows).Error
	return rows, err
}

// releasedToMe tells which of the items are released to the caller's partner now.
func releasedToMe(ctx context.Context, items []Item) (map[uuid.UUID]bool, error) {
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.ID
	}
	return idSet(ctx, "select distinct item_id from my_releases where item_id = any(?)", ids)
}

// visible tells which rows of a table the caller may read.
func visible(ctx context.Context, table string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return idSet(ctx, "select id from "+table+" where municipality_id = (select me_municipality()) and id = any(?)", ids)
}

// visibleLater is visible that goes with the next query.
func visibleLater(ctx context.Context, table string, ids []uuid.UUID) func() (map[uuid.UUID]bool, error) {
	if len(ids) == 0 {
		return func() (map[uuid.UUID]bool, error) { return map[uuid.UUID]bool{}, nil }
	}
	answer := db.Later[struct{ ID uuid.UUID }](db.Conn(ctx).Raw("select id from "+table+" where municipality_id = (select me_municipality()) and id = any(?)", db.IDs(ids)))
	return func() (map[uuid.UUID]bool, error) {
		rows, err := answer.Rows()
		set := make(map[uuid.UUID]bool, len(rows))
		for _, row := range rows {
			set[row.ID] = true
		}
		return set, err
	}
}

// idSet is the set of ids that a query finds among ids.
func idSet(ctx context.Context, query string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	set := map[uuid.UUID]bool{}
	if len(ids) == 0 {
		return set, nil
	}
	var found []uuid.UUID
	err := db.Conn(ctx).Raw(query, db.IDs(ids)).Find(&found).Error
	for _, id := range found {
		set[id] = true
	}
	return set, err
}

func findRelease(ctx context.Context, id uuid.UUID) (r Release, err error) {
	err = db.One(db.Mine(ctx, "release").Where("id = ?", id).Take(&r))
	return r, err
}

func listReleases(ctx context.Context, item uuid.UUID, p page.Request) (rows []Release, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "release").Where("item_id = ?", item), "released_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
