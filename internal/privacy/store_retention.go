package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
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

// listDecisions are the terms that the municipality decided on, the latest of each kind.
func listDecisions(ctx context.Context) (rows []RuleDecision, err error) {
	err = db.Mine(ctx, "retention_decision").Select("distinct on (kind) retention_decision.*").Order("kind, decided_at desc, id desc").Find(&rows).Error
	return rows, err
}

// listExtensions are those of one dossier, or of all, in the order in which they were decided, for the system.
func listExtensions(ctx context.Context, dossier *uuid.UUID) (rows []RetentionExtension, err error) {
	q := db.Mine(ctx, "retention_extension").Order("decided_at, id")
	if dossier != nil {
		q = q.Where("dossier_id = ?", *dossier)
	}
	err = q.Find(&rows).Error
	return rows, err
}

// openHolds are those that were not ended, of one dossier or of all, for the system.
func openHolds(ctx context.Context, dossier *uuid.UUID) (rows []LegalHold, err error) {
	q := db.Mine(ctx, "legal_hold").Where("ended_at is null").Order("placed_at, id")
	if dossier != nil {
		q = q.Where("dossier_id = ?", *dossier)
	}
	err = q.Find(&rows).Error
	return rows, err
}

func findHold(ctx context.Context, id uuid.UUID) (h LegalHold, err error) {
	err = db.One(db.Mine(ctx, "legal_hold").Where("id = ?", id).Take(&h))
	return h, err
}

func listHolds(ctx context.Context, p page.Request) (rows []LegalHold, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "legal_hold"), "placed_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// warn notes that it is told that a dossier is due; false when that was told of the same day.
func warn(ctx context.Context, c Candidate, now time.Time) (first bool, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return false, err
	}
	done := db.Conn(ctx).Exec(`insert into retention_warning (municipality_id, dossier_id, due_on, warned_at) values (?, ?, ?, ?)
		on conflict (municipality_id, dossier_id) do update set due_on = excluded.due_on, warned_at = excluded.warned_at
		where retention_warning.due_on <> excluded.due_on`, who.Municipality, c.DossierID, c.DueOn, now)
	return done.RowsAffected == 1, done.Error
}

// announcedBefore are the dossiers of which it was told before a moment.
func announcedBefore(ctx context.Context, at time.Time) (ids []uuid.UUID, err error) {
	err = db.Mine(ctx, "retention_warning").Where("warned_at <= ?", at).Pluck("dossier_id", &ids).Error
	return ids, err
}
