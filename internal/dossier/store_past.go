package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// admittedAt reads the admissions of a dossier that were live at a moment.
func admittedAt(ctx context.Context, d Dossier, at time.Time) (rows []Admission, err error) {
	err = db.Conn(ctx).Raw(admissionsSQL+` and since <= ? and until > ?
		order by array_position(array['participant', 'grant', 'meeting', 'emergency', 'director'], kind), since, id`,
		d.MunicipalityID, d.ID, at, at).Scan(&rows).Error
	return rows, err
}

// exceptionsAt reads the exceptions that counted in a dossier at a moment.
func exceptionsAt(ctx context.Context, dossier uuid.UUID, at time.Time) (rows []Exception, err error) {
	err = db.Mine(ctx, "matrix_exception").Where("dossier_id = ? and since <= ? and (until is null or until > ?) and (revoked_at is null or revoked_at > ?)",
		dossier, at, at, at).Order("id").Find(&rows).Error
	return rows, err
}

// grantsOf reads every grant that there ever was in a dossier, by id.
func grantsOf(ctx context.Context, dossier uuid.UUID) (map[uuid.UUID]Grant, error) {
	var rows []Grant
	err := db.Mine(ctx, "access_grant").Where("dossier_id = ?", dossier).Find(&rows).Error
	all := make(map[uuid.UUID]Grant, len(rows))
	for _, g := range rows {
		all[g.ID] = g
	}
	return all, err
}

// releasesAt reads the releases of an item that counted at a moment.
func releasesAt(ctx context.Context, item uuid.UUID, at time.Time) (rows []Release, err error) {
	err = db.Mine(ctx, "release").Where("item_id = ? and released_at <= ? and (withdrawn_at is null or withdrawn_at > ?) and (until is null or until > ?)",
		item, at, at, at).Order("released_at, id").Find(&rows).Error
	return rows, err
}

// withheldAt reads from which partners an item was withheld at a moment.
func withheldAt(ctx context.Context, item uuid.UUID, at time.Time) (partners []uuid.UUID, err error) {
	err = db.Conn(ctx).Raw(`select partner_id from withheld_then where item_id = ? and withheld_at <= ? and (lifted_at is null or lifted_at > ?)
		order by partner_id`, item, at, at).Scan(&partners).Error
	return partners, err
}

// itemAnywhere finds an item in whichever dossier it is.
func itemAnywhere(ctx context.Context, id uuid.UUID) (i Item, err error) {
	err = db.One(db.Mine(ctx, "item").Where("id = ?", id).Take(&i))
	return i, err
}
