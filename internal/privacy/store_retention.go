package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findRun(ctx context.Context, id uuid.UUID) (r RetentionRun, err error) {
	err = db.One(db.Mine(ctx, "retention_run").Where("id = ?", id).Take(&r))
	return r, err
}

func listRuns(ctx context.Context, p page.Request) (rows []RetentionRun, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "retention_run"), "started_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func listCertificates(ctx context.Context, run uuid.UUID, p page.Request) (rows []Certificate, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "destruction_certificate").Where("run_id = ?", run), "destroyed_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// scheduledWaits tells whether a run of the product itself is still to be carried out.
func scheduledWaits(ctx context.Context) (waits bool, err error) {
	var n int64
	err = db.Mine(ctx, "retention_run").Where("scheduled and finished_at is null").Count(&n).Error
	return n > 0, err
}

// destroyDossier destroys a candidate of a decided run with everything of it and writes its certificate, for the system.
func destroyDossier(ctx context.Context, run RetentionRun, certificate uuid.UUID, r Retention, now time.Time) error {
	if err := db.Decided(ctx, run); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select destroy_dossier(?, ?, ?, ?, ?)", certificate, run.ID, r.DossierID, r.Months, now).Error
}
