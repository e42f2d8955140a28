package alert

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// changedAccess are ways into dossiers that changed since they were looked at, some at a time.
func changedAccess(ctx context.Context) (rows []watched, err error) {
	err = db.Mine(ctx, "access_watch").Where("changes > seen").Order("dossier_id, holder").Limit(1000).Find(&rows).Error
	return rows, err
}

// setAccess notes whether somebody reads a dossier; false when that changed again meanwhile, or another instance did so.
func setAccess(ctx context.Context, w watched, reads bool) (settled bool, err error) {
	done := db.Mine(ctx, "access_watch").Where("dossier_id = ? and holder = ? and changes = ? and seen < changes", w.DossierID, w.Holder, w.Changes).
		Updates(map[string]any{"reads": reads, "seen": w.Changes})
	return done.RowsAffected == 1, done.Error
}
