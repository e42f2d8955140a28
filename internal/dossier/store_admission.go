package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// waysOf reads everything from which the admissions of a dossier follow now and later.
func waysOf(ctx context.Context, dossier uuid.UUID, now time.Time) (w ways, err error) {
	if w.participants, err = participantsOf(ctx, dossier); err != nil {
		return w, err
	}
	in := func(table string) *gorm.DB { return db.Mine(ctx, table).Where("dossier_id = ?", dossier) }
	holds := "(until is null or until > ?) and revoked_at is null"
	if err = in("matrix_exception").Where(holds, now).Find(&w.exceptions).Error; err != nil {
		return w, err
	}
	if err = in("access_grant").Where(holds, now).Find(&w.grants).Error; err != nil {
		return w, err
	}
	if err = in("meeting_access").Where("until > ?", now).Find(&w.meetings).Error; err != nil {
		return w, err
	}
	err = in("emergency_access").Where("until > ?", now).Find(&w.emergencies).Error
	return w, err
}

// lasting reads the slices of a dossier that have not ended by the database's clock, and what that says:
// it is the one that the policies ask.
func lasting(ctx context.Context, municipality string, dossier uuid.UUID) (rows []Admission, now time.Time, err error) {
	if now, err = moment(ctx); err != nil {
		return nil, now, err
	}
	err = db.Conn(ctx).Raw(admissionsSQL+" and until > greatest(since, ?)", municipality, dossier, now).Scan(&rows).Error
	return rows, now, err
}

// admissionsSQL reads the slices of a dossier.
const admissionsSQL = `select municipality_id, id, dossier_id, partner_id, holder, kind, source, since, nullif(until, 'infinity') as until, profile, roles,
 granted, granted_released, granted_own, granted_add, granted_edit_own, granted_edit_all, denied, shielded
 from admission where municipality_id = ? and dossier_id = ?`

// moment is what the database's clock says, by which the policies decide.
func moment(ctx context.Context) (now time.Time, err error) {
	err = db.Conn(ctx).Raw("select statement_timestamp()").Scan(&now).Error
	return now.UTC(), err
}

// saveAdmissions makes what lasts in a dossier what it should be from now on; what was stays. `now` is the
// moment by the product's clock, by which the wanted slices were made. New slices come before those that run
// end: who writes must know the dossier until the last statement. What never begins makes room for them.
func saveAdmissions(ctx context.Context, wanted []Admission, now time.Time) error {
	d := wanted[0]
	if err := db.Decided(ctx, d); err != nil {
		return err
	}
	there, clock, err := lasting(ctx, d.MunicipalityID, d.DossierID)
	if err != nil {
		return err
	}
	add, never, end := differences(there, begun(wanted, now, clock), clock)
	if err := endAt(ctx, d.MunicipalityID, never, clock); err != nil {
		return err
	}
	conn := db.Conn(ctx)
	for i := range add {
		add[i].ID = uuid.Must(uuid.NewV7())
		if err := conn.Exec(admitSQL, add[i].values()...).Error; err != nil {
			return db.Neutral(err)
		}
	}
	return endAt(ctx, d.MunicipalityID, end, clock)
}

// endAt ends slices at a moment; one that begins later never does.
func endAt(ctx context.Context, municipality string, slices []uuid.UUID, moment time.Time) error {
	if len(slices) == 0 {
		return nil
	}
	return db.Conn(ctx).Exec("update admission set until = greatest(since, ?) where municipality_id = ? and id = any(?)",
		moment, municipality, db.IDs(slices)).Error
}

// breakSQL adds a slice, and asks no policy but that on what is added: who lets himself in does not know the
// dossier yet.
const breakSQL = `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, source, since, until, profile, roles,
 granted, granted_released, granted_own, granted_add, granted_edit_own, granted_edit_all, denied, shielded)
 values (?,?,?,?,?,?,?,?,coalesce(?::timestamptz, 'infinity'),?,?,?,?,?,?,?,?,?,?)`

// admitSQL meets a slice that begins at the same moment only where that one never began.
const admitSQL = breakSQL + ` on conflict (municipality_id, dossier_id, holder, kind, source, since) do update set
 until = excluded.until, profile = excluded.profile, roles = excluded.roles, granted = excluded.granted, granted_released = excluded.granted_released, granted_own = excluded.granted_own,
 granted_add = excluded.granted_add, granted_edit_own = excluded.granted_edit_own, granted_edit_all = excluded.granted_edit_all,
 denied = excluded.denied, shielded = excluded.shielded`

func (a Admission) values() []any {
	return []any{
		a.MunicipalityID, a.ID, a.DossierID, a.PartnerID, a.Holder, a.Kind, a.Source, a.Since, a.Until, a.Profile, a.Roles,
		a.Granted, a.GrantedReleased, a.GrantedOwn, a.GrantedAdd, a.GrantedEditOwn, a.GrantedEditAll, a.Denied, a.Shielded,
	}
}

// begun cuts slices to what lasts from now on: what began earlier by the product's clock begins now by
// the database's.
func begun(wanted []Admission, now, clock time.Time) (all []Admission) {
	for _, a := range wanted {
		if a.Until != nil && !a.Until.After(now) {
			continue
		}
		if !a.Since.After(now) {
			a.Since = clock
		}
		all = append(all, a)
	}
	return all
}

// differences tells which slices are to be added, which never begin, and which end now. A slice that runs
// goes on when what is wanted from now on is the same until the same moment.
func differences(there, wanted []Admission, clock time.Time) (add []Admission, never, end []uuid.UUID) {
	kept := make([]bool, len(wanted))
	for _, old := range there {
		goesOn := false
		for i, a := range wanted {
			starts := a.Since.Equal(old.Since) || a.Since.Equal(clock) && !old.Since.After(clock)
			if !kept[i] && starts && sameTime(a.Until, old.Until) && a.same(old) {
				kept[i], goesOn = true, true
				break
			}
		}
		switch {
		case goesOn:
		case old.Since.After(clock):
			never = append(never, old.ID)
		default:
			end = append(end, old.ID)
		}
	}
	for i, a := range wanted {
		if !kept[i] {
			add = append(add, a)
		}
	}
	return add, never, end
}

func sameTime(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// partnerIn is a partner that takes part in a dossier.
type partnerIn struct{ DossierID, PartnerID uuid.UUID }

func partnersIn(ctx context.Context, dossiers []uuid.UUID, at time.Time) (rows []partnerIn, err error) {
	err = db.Mine(ctx, "admission").Distinct("dossier_id", "partner_id").
		Where("dossier_id = any(?) and holder = partner_id and since <= ? and until > ?", db.IDs(dossiers), at, at).Find(&rows).Error
	return rows, err
}
