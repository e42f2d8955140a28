package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// DecisionsUntil reads the last n decisions about a dossier that were taken until a moment and that the caller may read,
// without their actions. It needs a transaction.
func (s *Service) DecisionsUntil(ctx context.Context, dossier uuid.UUID, n int, at time.Time) (rows []Decision, err error) {
	q := db.Mine(ctx, "decision").Where("dossier_id = ? and decided_at <= ?", dossier, at)
	if err = q.Order("decided_at desc, id desc").Limit(n).Find(&rows).Error; err != nil {
		return nil, err
	}
	return readable(ctx, s, rows)
}
