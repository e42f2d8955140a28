package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

// eventsOf reads what happened in a dossier that the caller may read, before a number, the latest first. Of each event
// it is still to be said whether he may know it.
func eventsOf(ctx context.Context, dossier uuid.UUID, until *time.Time, before int64, many int) (events []delivery.Event, err error) {
	q := db.Mine(ctx, "dossier_events").Where("dossier_id = ? and seq < ?", dossier, before)
	if until != nil {
		q = q.Where("at <= ?", *until)
	}
	err = q.Order("seq desc").Limit(many).Find(&events).Error
	return events, err
}
