package person

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// hold makes sure that nobody else changes or merges persons until the transaction ends.
func hold(ctx context.Context, ids ...uuid.UUID) error {
	var held []uuid.UUID
	return db.Mine(ctx, "person").Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = any(?)", db.IDs(ids)).Order("id").Pluck("id", &held).Error
}

// mergesOf are the merges in force of registrations into others, of which the caller may read both.
func mergesOf(ctx context.Context, others []uuid.UUID) (rows []Merge, err error) {
	err = db.Mine(ctx, "person_merge").Where("other_id = any(?) and reversed_at is null", db.IDs(others)).Find(&rows).Error
	return rows, err
}

// mergesInto are the merges in force of others into persons, of which the caller may read both.
func mergesInto(ctx context.Context, survivors []uuid.UUID) (rows []Merge, err error) {
	err = db.Mine(ctx, "person_merge").Where("survivor_id = any(?) and reversed_at is null", db.IDs(survivors)).Find(&rows).Error
	return rows, err
}

func findMerge(ctx context.Context, person, id uuid.UUID) (m Merge, err error) {
	err = db.One(db.Mine(ctx, "person_merge").Where("id = ? and (survivor_id = ? or other_id = ?)", id, person, person).Take(&m))
	return m, err
}

func listMerges(ctx context.Context, person uuid.UUID, p page.Request) (rows []Merge, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "person_merge").Where("(survivor_id = ? or other_id = ?)", person, person), "merged_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
