package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// findProfessional reads a professional without his identities.
func findProfessional(ctx context.Context, id uuid.UUID) (Professional, error) {
	return find[Professional](ctx, "professional", id)
}

// holdProfessional finds a professional and keeps him from changing; others may hold him too.
func holdProfessional(ctx context.Context, id uuid.UUID) (p Professional, err error) {
	err = db.One(mine(ctx, "professional").Clauses(clause.Locking{Strength: clause.LockingStrengthShare}).Where("professional.id = ?", id).Take(&p))
	return p, err
}

// findWhole reads a professional with his identities.
func findWhole(ctx context.Context, id uuid.UUID) (Professional, error) {
	p, err := findProfessional(ctx, id)
	if err != nil {
		return p, err
	}
	rows := []Professional{p}
	err = withIdentities(ctx, rows)
	return rows[0], err
}

// ProfessionalFilter is what a list of professionals is limited to; nil does not limit.
type ProfessionalFilter struct {
	PartnerID    *uuid.UUID
	Role, Domain *string
}

func listProfessionals(ctx context.Context, f ProfessionalFilter, p page.Request) ([]Professional, error) {
	q := mine(ctx, "professional")
	if f.PartnerID != nil {
		q = q.Where("partner_id = ?", *f.PartnerID)
	}
	if f.Role != nil {
		q = q.Where("roles @> to_jsonb(?::text)", *f.Role)
	}
	if f.Domain != nil {
		q = q.Where("partner_id in (?)", mine(ctx, "partner").Select("id").Where("domain = ?", *f.Domain))
	}
	return byName[Professional](q, "professional", p)
}

// withIdentities fills in with which tokens these professionals come in; never nil.
func withIdentities(ctx context.Context, people []Professional) error {
	place := make(map[uuid.UUID]int, len(people))
	ids := make([]uuid.UUID, len(people))
	for i := range people {
		place[people[i].ID], ids[i], people[i].Identities = i, people[i].ID, []Identity{}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []professionalIdentity
	err := mine(ctx, "professional_identity").Where("professional_id in ?", ids).Order("issuer, subject").Find(&rows).Error
	for _, row := range rows {
		of := &people[place[row.ProfessionalID]]
		of.Identities = append(of.Identities, Identity{Issuer: row.Issuer, Subject: row.Subject})
	}
	for i := range people {
		people[i] = people[i].normal()
	}
	return err
}

// replaceIdentities binds a professional to other tokens.
func replaceIdentities(ctx context.Context, before, after Professional) error {
	row := func(i Identity) *professionalIdentity {
		return &professionalIdentity{MunicipalityID: after.MunicipalityID, Issuer: i.Issuer, Subject: i.Subject, ProfessionalID: after.ID}
	}
	for _, old := range missing(before.Identities, after.Identities) {
		if err := db.Delete(ctx, row(old)); err != nil {
			return err
		}
	}
	for _, added := range missing(after.Identities, before.Identities) {
		if err := db.Insert(ctx, row(added)); err != nil {
			return err
		}
	}
	return nil
}

const lastDaysSQL = `select role, max(coalesce(r.valid_until, date '9999-12-31')) as day
 from professional r join partner p on p.municipality_id = r.municipality_id and p.id = r.partner_id
 cross join lateral jsonb_array_elements_text(r.roles) role
 where r.municipality_id = ? and p.status = 'active' and (role = ? or role = ? and p.type = ?)
   and exists (select from professional_identity i where i.municipality_id = r.municipality_id and i.professional_id = r.id)
 group by role`

// lastDays is until when somebody can come in as municipal director, and as administrator of the
// municipality.
func lastDays(ctx context.Context) (map[identity.Role]time.Time, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Role identity.Role
		Day  time.Time
	}
	err = db.Conn(ctx).Raw(lastDaysSQL, who.Municipality, identity.MunicipalDirector, identity.Administrator, directing).Scan(&rows).Error
	days := make(map[identity.Role]time.Time, len(rows))
	for _, row := range rows {
		days[row.Role] = row.Day
	}
	return days, err
}

// refuseMail marks the address of a professional, unless it is marked or another.
func refuseMail(ctx context.Context, id uuid.UUID, address string, now time.Time) (bool, error) {
	done := mine(ctx, "professional").Where("id = ? and email = ? and mail_refused_at is null", id, address).Update("mail_refused_at", now)
	return done.RowsAffected == 1, done.Error
}

func tryMailAgain(ctx context.Context, id uuid.UUID) error {
	return mine(ctx, "professional").Where("id = ? and mail_refused_at is not null", id).Update("mail_refused_at", nil).Error
}
