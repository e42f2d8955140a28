package organisation

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Identity is the person behind a token: its issuer and subject. It is compared exactly.
type Identity struct {
	Issuer  string
	Subject string
}

// Professional is a person who works for a partner.
type Professional struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	PartnerID      uuid.UUID // never changes: who changes employer is registered anew
	Name           string
	Email          string
	// MailRefusedAt is since when mail to the address fails, because its mail server does not know it; nil while it may arrive.
	MailRefusedAt *time.Time `etag:"-"`
	Function      string
	Roles         []identity.Role `gorm:"serializer:json"`
	Language      string          // of mails and documents: nl or en
	// Identities are the tokens with which this person comes in; nil where the caller may not see them.
	Identities []Identity `gorm:"-"`
	// ValidUntil is the last day of access, in the municipality's time zone; nil without an end.
	ValidUntil        *time.Time
	ScreeningUntil    *time.Time // last day on which the screening holds (BGS 1.11)
	SecrecyAcceptedOn *time.Time // statement of secrecy (Wgs 1.11)
	TrainedOn         *time.Time // BGS 1.17
	ChangedAt         time.Time  `etag:"-"`
}

// Guarded implements db.Row.
func (p Professional) Guarded() uuid.UUID { return p.ID }

// Resource is the professional, to decide on.
func (p Professional) Resource() authz.Resource {
	return authz.Resource{ID: p.ID, Partner: p.PartnerID, Self: p.ID}
}

// Has tells whether the professional holds the role in its municipality.
func (p Professional) Has(role identity.Role) bool { return slices.Contains(p.Roles, role) }

// ValidOn tells whether the professional has access on a day.
func (p Professional) ValidOn(day time.Time) bool { return valid(p.ValidUntil, day) }

// valid compares dates only: the last day itself still counts.
func valid(until *time.Time, day time.Time) bool {
	return until == nil || !until.Before(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC))
}

// expiry is the first moment after the last day in a zone.
func expiry(until time.Time, zone *time.Location) time.Time {
	return time.Date(until.Year(), until.Month(), until.Day()+1, 0, 0, 0, 0, zone)
}

// seenBy is the professional as colleagues see him: without what only administrators and he himself
// need to know.
func (p Professional) seenBy(closely bool) Professional {
	if !closely {
		p.Identities, p.ScreeningUntil, p.SecrecyAcceptedOn = nil, nil, nil
	}
	return p
}

// granted are the roles that give rights. The role professional gives none.
func (p Professional) granted() []identity.Role {
	roles := slices.DeleteFunc(slices.Clone(p.Roles), func(r identity.Role) bool { return r == identity.ProfessionalRole })
	slices.Sort(roles)
	return roles
}

// touchesRights tells whether a change gives or takes roles, or lets somebody else come in as who
// holds roles. Both are for an administrator of the municipality alone.
func (p Professional) touchesRights(after Professional) bool {
	if !slices.Equal(p.granted(), after.granted()) {
		return true
	}
	return len(after.granted()) > 0 && !slices.Equal(p.Identities, after.Identities)
}

// normal is the professional in the one form in which he is compared and kept.
func (p Professional) normal() Professional {
	p.Roles, p.Identities = set(p.Roles), set(p.Identities)
	slices.SortFunc(p.Identities, func(a, b Identity) int {
		return strings.Compare(a.Issuer+"\n"+a.Subject, b.Issuer+"\n"+b.Subject)
	})
	if p.Language == "" {
		p.Language = "nl"
	}
	return p
}

// check holds a professional against what he may be.
func (p Professional) check() error {
	var f problem.Faults
	for i, role := range p.Roles {
		if !slices.Contains(roles(), role) {
			f.Note(at("/roles", i), "enum", "Choose roles of GET /v1/code-lists/roles.")
		}
	}
	for i, one := range p.Identities {
		if one.Issuer == "" || one.Subject == "" {
			f.Note(at("/identities", i), "required", "Give the issuer and the subject of the token.")
		}
	}
	return f.Err()
}

// roles is the closed list of roles.
func roles() []identity.Role {
	return []identity.Role{
		identity.MunicipalDirector, identity.ProcessDirector, identity.CaseDirector, identity.Chair, identity.ProfessionalRole,
		identity.Executive, identity.ProcessSupervisor, identity.PrivacyOfficer, identity.Auditor, identity.Administrator,
	}
}

// professionalIdentity is the row of an Identity.
type professionalIdentity struct {
	MunicipalityID string `gorm:"primaryKey"`
	Issuer         string `gorm:"primaryKey"`
	Subject        string `gorm:"primaryKey"`
	ProfessionalID uuid.UUID
}

// Guarded implements db.Row.
func (i professionalIdentity) Guarded() uuid.UUID { return i.ProfessionalID }
