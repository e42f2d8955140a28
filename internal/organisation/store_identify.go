package organisation

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Municipality is a municipality by its CBS code and name.
type Municipality struct {
	ID   string `gorm:"column:municipality_id"`
	Name string `gorm:"column:municipality_name"`
}

// standing is what the records of one municipality say of a token, from one moment.
type standing struct {
	Municipality   string `gorm:"-"`
	People         int64
	TimeZone       string
	PartnerID      uuid.UUID
	PartnerType    string
	PartnerStatus  string
	Oin            string
	ProfessionalID uuid.UUID       // zero for a system
	Roles          []identity.Role `gorm:"serializer:json"`
	ValidUntil     *time.Time

	ScreeningUntil       *time.Time
	SecrecyAcceptedOn    *time.Time
	TrainedOn            *time.Time
	SecrecyRequirement   string
	ScreeningRequirement string
	TrainingRequirement  string

	ClientID        uuid.UUID // zero without a registered client
	ClientPartnerID uuid.UUID
	ClientStatus    string
	Categories      []string `gorm:"serializer:json"`
	LastUsedAt      *time.Time
}

// requirementColumns are what is asked of a professional r by the settings e, and what he has.
const requirementColumns = `r.screening_until, r.secrecy_accepted_on, r.trained_on, coalesce(e.secrecy_requirement, 'block') as secrecy_requirement,
  coalesce(e.screening_requirement, 'block') as screening_requirement, coalesce(e.training_requirement, 'warn') as training_requirement`

// standingSQL reads everything in one statement, so that all of it is as old as the stamp beside it.
const standingSQL = `select s.people, m.time_zone, p.id as partner_id, p.type as partner_type, p.status as partner_status,
  coalesce(p.oin, '') as oin, r.id as professional_id, r.roles, r.valid_until, ` + requirementColumns + `, c.id as client_id, c.partner_id as client_partner_id,
  coalesce(c.status, '') as client_status, c.categories, c.last_used_at
 from municipality_stamp s
 join municipality m on m.id = s.municipality_id
 left join municipality_setting e on e.municipality_id = s.municipality_id
 left join professional_identity i on @person and i.municipality_id = s.municipality_id and i.issuer = @issuer and i.subject = @subject
 left join professional r on r.municipality_id = s.municipality_id and r.id = i.professional_id
 left join client c on c.municipality_id = s.municipality_id and c.id = @client
 join partner p on p.municipality_id = s.municipality_id
  and case when @person then p.id = r.partner_id when c.id is not null then p.id = c.partner_id else p.oin = @oin end
 where s.municipality_id = @municipality`

// standingsOf reads as whom a token may act in a municipality: once, or more often for an
// organisation number that several partners share.
func standingsOf(ctx context.Context, t Token, municipality string) (rows []standing, err error) {
	err = db.Conn(ctx).Raw(standingSQL, sql.Named("person", t.Person), sql.Named("issuer", t.Issuer), sql.Named("subject", t.Subject),
		sql.Named("client", t.client()), sql.Named("oin", t.OIN), sql.Named("municipality", municipality)).Scan(&rows).Error
	for i := range rows {
		rows[i].Municipality = municipality
	}
	return rows, err
}

// homesOfPerson asks in which municipalities a person is bound.
func homesOfPerson(ctx context.Context, at *db.DB, i Identity) (homes []Municipality, err error) {
	err = at.Lookup(ctx, &homes, "select distinct municipality_id, municipality_name from find_person(?, ?) order by 1", i.Issuer, i.Subject)
	return homes, err
}

// homesOfClient asks in which municipality a client is registered.
func homesOfClient(ctx context.Context, at *db.DB, client uuid.UUID) (homes []Municipality, err error) {
	err = at.Lookup(ctx, &homes, "select municipality_id, municipality_name from find_client(?)", client)
	return homes, err
}

// homesOfOIN asks in which municipalities an organisation number takes part.
func homesOfOIN(ctx context.Context, at *db.DB, oin string) (homes []Municipality, err error) {
	err = at.Lookup(ctx, &homes, "select distinct municipality_id, municipality_name from find_oin(?) order by 1", oin)
	return homes, err
}

const standingOfProfessionalSQL = `select s.people, m.time_zone, p.id as partner_id, p.type as partner_type, p.status as partner_status,
  coalesce(p.oin, '') as oin, r.id as professional_id, r.roles, r.valid_until, ` + requirementColumns + `
 from municipality_stamp s
 join municipality m on m.id = s.municipality_id
 left join municipality_setting e on e.municipality_id = s.municipality_id
 join professional r on r.municipality_id = s.municipality_id and r.id = @professional
 join partner p on p.municipality_id = s.municipality_id and p.id = r.partner_id
 where s.municipality_id = @municipality`

// standingOfProfessional reads what standingsOf does, of a professional by his id.
func standingOfProfessional(ctx context.Context, municipality string, professional uuid.UUID) (rows []standing, err error) {
	err = db.Conn(ctx).Raw(standingOfProfessionalSQL, sql.Named("professional", professional), sql.Named("municipality", municipality)).Scan(&rows).Error
	for i := range rows {
		rows[i].Municipality = municipality
	}
	return rows, err
}

const standingOfPartnerSQL = `select s.people, m.time_zone, p.id as partner_id, p.type as partner_type, p.status as partner_status,
  coalesce(p.oin, '') as oin, p.id as professional_id, '[]'::jsonb as roles
 from municipality_stamp s
 join municipality m on m.id = s.municipality_id
 join partner p on p.municipality_id = s.municipality_id and p.id = @partner
 where s.municipality_id = @municipality`

// standingOfPartner reads what standingsOf does, of a professional of a partner who is nobody in particular.
func standingOfPartner(ctx context.Context, municipality string, partner uuid.UUID) (rows []standing, err error) {
	err = db.Conn(ctx).Raw(standingOfPartnerSQL, sql.Named("partner", partner), sql.Named("municipality", municipality)).Scan(&rows).Error
	for i := range rows {
		rows[i].Municipality = municipality
	}
	return rows, err
}

// oinOf reads the organisation number of the partner of a type, of the first registered when there are several.
func oinOf(ctx context.Context, kind string) (oin string, err error) {
	err = mine(ctx, "partner").Where("type = ? and oin is not null", kind).Order("id").Limit(1).Pluck("oin", &oin).Error
	return oin, err
}
