package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func participantsOf(ctx context.Context, dossier uuid.UUID) (rows []Participant, err error) {
	err = db.Mine(ctx, "participant").Where("dossier_id = ?", dossier).Order("starts_at, id").Find(&rows).Error
	return rows, err
}

func findParticipant(ctx context.Context, dossier, id uuid.UUID) (p Participant, err error) {
	err = db.One(db.Mine(ctx, "participant").Where("dossier_id = ? and id = ?", dossier, id).Take(&p))
	return p, err
}

func listParticipants(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []Participant, err error) {
	q := db.Mine(ctx, "participant").Where("dossier_id = ?", dossier)
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("(starts_at, id) > (?, ?)", at, p.After.ID)
	}
	err = q.Order("starts_at, id").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

// admitSQL lets what begins now by the product's clock begin now by the database's: that is the one that
// the policies ask, and it may be behind.
const admitSQL = `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, until, profile, roles,
 granted, granted_released, shielded) values (?,?,?,?,?,?,?::timestamptz + least(statement_timestamp() - ?::timestamptz, '0'),coalesce(?::timestamptz, 'infinity'),?,?,?,?,?)
 on conflict (municipality_id, dossier_id, holder, kind) do update set since = excluded.since, until = excluded.until,
 profile = excluded.profile, roles = excluded.roles, granted = excluded.granted, granted_released = excluded.granted_released,
 shielded = excluded.shielded`

// saveAdmissions makes the admissions of a dossier what they should be, and ends the others.
func saveAdmissions(ctx context.Context, all []Admission, now time.Time) error {
	if err := db.Decided(ctx, Participant{DossierID: all[0].DossierID}); err != nil {
		return err
	}
	conn := db.Conn(ctx)
	holders := make([]uuid.UUID, len(all))
	for i, a := range all {
		holders[i] = a.Holder
		err := conn.Exec(admitSQL, a.MunicipalityID, uuid.Must(uuid.NewV7()), a.DossierID, a.PartnerID, a.Holder, a.Kind, a.Since, now, a.Until,
			a.Profile, a.Roles, a.Granted, a.GrantedReleased, a.Shielded).Error
		if err != nil {
			return db.Neutral(err)
		}
	}
	return conn.Exec(`update admission set until = statement_timestamp() where municipality_id = ? and dossier_id = ?
		and kind = 'participant' and holder not in ? and until > statement_timestamp()`,
		all[0].MunicipalityID, all[0].DossierID, holders).Error
}
