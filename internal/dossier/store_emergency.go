package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// behind is what must be known of a dossier that the caller may not see, to decide whether he may let
// himself in.
type behind struct {
	ID       uuid.UUID
	Type     Type
	Basis    Basis
	Status   Status
	Shielded bool
}

// behindNumber finds a dossier by its number, past the policies; none when there is no such number.
func behindNumber(ctx context.Context, number string) (rows []behind, err error) {
	err = db.Conn(ctx).Raw("select * from emergency_dossier(?)", number).Scan(&rows).Error
	return rows, err
}

// sooner is the moment by the clock that is behind, the product's or the database's: what begins or ends
// then has begun or ended by both.
func sooner(ctx context.Context, now time.Time) (time.Time, error) {
	clock, err := moment(ctx)
	if clock.Before(now) {
		return clock, err
	}
	return now, err
}

// breakGlass writes the admission of somebody who lets himself in; the policy allows nothing but that.
func breakGlass(ctx context.Context, a Admission) error {
	if err := db.Decided(ctx, a); err != nil {
		return err
	}
	a.ID = uuid.Must(uuid.NewV7())
	return db.Neutral(db.Conn(ctx).Exec(breakSQL, a.values()...).Error)
}

// takenBeside tells whether who takes an access took another to the same dossier at the same moment. The
// dossier has to be held.
func takenBeside(ctx context.Context, e EmergencyAccess) (again bool, err error) {
	err = db.Conn(ctx).Raw(`select exists (select from emergency_access where municipality_id = ? and dossier_id = ? and professional_id = ? and id <> ?
		and until > statement_timestamp())`, e.MunicipalityID, e.DossierID, e.ProfessionalID, e.ID).Scan(&again).Error
	return again, err
}

// takenSince counts the accesses that a professional took since a moment.
func takenSince(ctx context.Context, professional uuid.UUID, since time.Time) (n int64, err error) {
	err = db.Mine(ctx, "emergency_access").Where("professional_id = ? and since > ?", professional, since).Count(&n).Error
	return n, err
}

// inEmergency tells whether the caller knows a dossier by emergency access alone.
func inEmergency(ctx context.Context, dossier uuid.UUID) (only bool, err error) {
	err = db.Conn(ctx).Raw("select coalesce(bool_and(kind = ?), false) from my_admissions where dossier_id = ?", authz.ByEmergency, dossier).Scan(&only).Error
	return only, err
}

func findEmergency(ctx context.Context, dossier, id uuid.UUID) (e EmergencyAccess, err error) {
	err = db.One(db.Mine(ctx, "emergency_access").Where("dossier_id = ? and id = ?", dossier, id).Take(&e))
	return e, err
}

// EmergencyFilter is what a list of emergency accesses is limited to; nil does not limit.
type EmergencyFilter struct {
	DossierID      *uuid.UUID
	ProfessionalID *uuid.UUID
	Review         *string // open, overdue or done
}

// listEmergencies reads accesses, the latest first; today is the date in the municipality.
func listEmergencies(ctx context.Context, f EmergencyFilter, today time.Time, p page.Request) (rows []EmergencyAccess, err error) {
	q := db.Mine(ctx, "emergency_access")
	if f.DossierID != nil {
		q = q.Where("dossier_id = ?", *f.DossierID)
	}
	if f.ProfessionalID != nil {
		q = q.Where("professional_id = ?", *f.ProfessionalID)
	}
	if f.Review != nil {
		switch *f.Review {
		case "done":
			q = q.Where("reviewed_at is not null")
		case "overdue":
			q = q.Where("reviewed_at is null and review_due < ?", today)
		default:
			q = q.Where("reviewed_at is null")
		}
	}
	if q, err = db.NewestFirst(q, "since", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
