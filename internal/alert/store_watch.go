package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// beginStandstill notes a standstill, for the system; false when it is noted already.
func beginStandstill(ctx context.Context, one standstill, id uuid.UUID, now time.Time) (bool, error) {
	done := db.Conn(ctx).Exec(`insert into standstill (municipality_id, id, since, noticed_at) values (?, ?, ?, ?)
		on conflict (municipality_id) where ended_at is null do nothing`, one.MunicipalityID, id, one.Since, now)
	return done.RowsAffected == 1, done.Error
}

// endStandstill notes that the municipality's has ended, for the system.
func endStandstill(ctx context.Context, now time.Time) error {
	return db.Mine(ctx, "standstill").Where("ended_at is null").Update("ended_at", now).Error
}
