package oversight

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// The acts on checks of internal/kernel/authz/acts.csv.
const (
	actCheck     = "assertion.check"
	actReadCheck = "assertion-check.read"
)

// The occasions of a check.
const (
	nightly  = "nightly"
	onDemand = "on-demand"
)

// mostBreaches bounds what a check keeps; how many there were is counted apart.
const mostBreaches = 100

// Check is that the privacy assertions were held against all rights in force at a moment; it never changes.
type Check struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	At             time.Time
	Occasion       string
	Assertions     int      // how many counted
	Found          int      // how many breaches there were
	Breaches       []Breach `gorm:"serializer:json" etag:"-"` // the first of them
}

// TableName implements gorm's Tabler.
func (Check) TableName() string { return "privacy_assertion_check" }

// Guarded implements db.Row.
func (c Check) Guarded() uuid.UUID { return c.ID }

// Resource is the check, to decide on.
func (c Check) Resource() authz.Resource { return authz.Resource{ID: c.ID} }

// Breach is a right in force that an assertion says can never be. It names nobody and no dossier but by id
// and number.
type Breach struct {
	AssertionID    uuid.UUID  `json:"assertionId"`
	AssertionName  string     `json:"assertionName"`
	DossierID      uuid.UUID  `json:"dossierId"`
	DossierNumber  string     `json:"dossierNumber"`
	PartnerID      uuid.UUID  `json:"partnerId"`
	ProfessionalID *uuid.UUID `json:"professionalId"` // nil for the systems of the partner
	Category       string     `json:"category"`
	Acts           []string   `json:"acts"`
	Source         string     `json:"source"`
}

// What gives a right.
const (
	byMatrix    = "matrix"
	byException = "exception"
	byGrant     = "grant"
	byRole      = "role"
)

// kin are admissions that give everybody of a partner the same: what is asked of one is asked of all.
type kin struct {
	Partner         uuid.UUID `json:"partner"` // of who comes in by it
	Kind            string    `json:"kind"`
	Profile         int       `json:"profile"`
	Roles           int       `json:"roles"`
	Granted         int64     `json:"granted"`
	GrantedReleased int64     `json:"granted_released"`
	GrantedOwn      int64     `json:"granted_own"`
	GrantedAdd      int64     `json:"granted_add"`
	GrantedEditOwn  int64     `json:"granted_edit_own"`
	GrantedEditAll  int64     `json:"granted_edit_all"`
	Denied          int64     `json:"denied"`
	Many            int       `json:"-"` // how many people or systems in how many dossiers
}

func (k kin) admission() authz.Admission {
	return authz.Admission{
		Kind: k.Kind, Profile: k.Profile, Roles: k.Roles, Granted: k.Granted, GrantedReleased: k.GrantedReleased, GrantedOwn: k.GrantedOwn,
		GrantedAdd: k.GrantedAdd, GrantedEditOwn: k.GrantedEditOwn, GrantedEditAll: k.GrantedEditAll, Denied: k.Denied,
	}
}

// broken is what admissions of one kin give and an assertion says can never be.
type broken struct {
	assertion matrix.Assertion
	category  authz.Category
	acts      authz.Act
	source    string
}

// breaks holds what a kin gives the party with this sight against the assertions that mean it.
func (k kin) breaks(p matrix.Party, sight identity.Sight, rules []matrix.Assertion) (all []broken) {
	gives := k.admission().Effective(sight)
	for _, a := range rules {
		if !a.Means(p) {
			continue
		}
		for _, c := range authz.Categories() {
			if acts := authz.ActsOn(gives, c) & a.Forbids(authz.TypeOf(k.Profile), c); acts != 0 {
				all = append(all, broken{assertion: a, category: c, acts: acts, source: k.source(sight, c, acts)})
			}
		}
	}
	return all
}

// source is what gives these acts: the cells of the matrix, else the role in the dossier, else what the
// director gave in it.
func (k kin) source(sight identity.Sight, c authz.Category, acts authz.Act) string {
	alone := func(a authz.Admission) bool { return authz.ActsOn(a.Effective(sight), c)&acts != 0 }
	switch {
	case alone(authz.Admission{Profile: k.Profile, Denied: k.Denied}):
		return byMatrix
	case alone(authz.Admission{Profile: k.Profile, Denied: c.Bit(), Roles: k.Roles}):
		return byRole
	case k.Kind == authz.ByGrant && k.Denied&c.Bit() == 0:
		return byGrant
	}
	return byException
}

// isDue tells whether a nightly check is due: none was made since the last three o'clock at night.
func isDue(last *time.Time, now time.Time, zone *time.Location) bool {
	const hour = 3
	local := now.In(zone)
	night := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, zone)
	if local.Before(night) {
		night = time.Date(local.Year(), local.Month(), local.Day()-1, hour, 0, 0, 0, zone)
	}
	return last == nil || last.Before(night)
}
