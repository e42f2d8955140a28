package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// pastStanding is what the records said of a professional, or of a partner alone, at a moment.
type pastStanding struct {
	ProfessionalID uuid.UUID // zero for a partner
	PartnerID      uuid.UUID
	Since          *time.Time
	Roles          []identity.Role `gorm:"serializer:json"`
	ValidUntil     *time.Time
	PartnerType    string
	PartnerStatus  string
	PartnerSince   time.Time
}

// ofThen takes, of the rows that say since when something was so, the last that counted at a moment, and the
// first of later where there was none yet.
const ofThen = `(since <= ?) desc, case when since <= ? then since end desc, since`

const professionalsThenSQL = `select s.professional_id, s.partner_id, s.since, s.roles, s.valid_until, p.type as partner_type, p.status as partner_status,
  p.since as partner_since
 from (select distinct on (professional_id) * from professional_standing
   where municipality_id = ? and professional_id = any(?) order by professional_id, ` + ofThen + `) s
 join lateral (select type, status, since from partner_standing
   where municipality_id = s.municipality_id and partner_id = s.partner_id order by ` + ofThen + ` limit 1) p on true`

func professionalsThen(ctx context.Context, ids []uuid.UUID, at time.Time) (rows []pastStanding, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(professionalsThenSQL, who.Municipality, db.IDs(ids), at, at, at, at).Scan(&rows).Error
	return rows, err
}

const partnersThenSQL = `select distinct on (partner_id) partner_id, type as partner_type, status as partner_status, since as partner_since
 from partner_standing where municipality_id = ? and partner_id = any(?) order by partner_id, ` + ofThen

func partnersThen(ctx context.Context, ids []uuid.UUID, at time.Time) (rows []pastStanding, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(partnersThenSQL, who.Municipality, db.IDs(ids), at, at).Scan(&rows).Error
	return rows, err
}

const holdingThenSQL = `select professional_id from (select distinct on (professional_id) * from professional_standing
   where municipality_id = ? and since <= ? order by professional_id, since desc) s
 where roles @> ?::jsonb order by professional_id`

// holdingThen reads who had a role at a moment.
func holdingThen(ctx context.Context, role identity.Role, at time.Time) (ids []uuid.UUID, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(holdingThenSQL, who.Municipality, at, `["`+string(role)+`"]`).Scan(&ids).Error
	return ids, err
}
