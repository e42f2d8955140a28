// Package identity says who acts: a person or a system, for which partner organisation, in which
// municipality. It is put in the context once and read everywhere; nobody acts without one.
package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Role is a task of a professional in the municipality's own records; never read from a token.
type Role string

// The roles (contract.md, Enumerations).
const (
	MunicipalDirector Role = "municipal-director" // gemeentelijk regisseur
	ProcessDirector   Role = "process-director"   // procesregisseur
	CaseDirector      Role = "case-director"      // casusregisseur
	Chair             Role = "chair"              // voorzitter
	ProfessionalRole  Role = "professional"       // professional
	Executive         Role = "executive"          // bestuurder
	ProcessSupervisor Role = "process-supervisor" // procesbegeleider
	PrivacyOfficer    Role = "privacy-officer"    // functionaris gegevensbescherming
	Auditor           Role = "auditor"            // auditor
	Administrator     Role = "administrator"      // functioneel beheerder
)

// Requirement is what a professional fulfils before he works with dossiers (toelatingseis).
type Requirement string

// The requirements (list requirements).
const (
	Secrecy   Requirement = "secrecy-statement" // Wgs 1.11
	Screening Requirement = "screening"         // BGS 1.11
	Training  Requirement = "training"          // BGS 1.17
)

// Versions stamps what an identity was made from: the people (partners, professionals, clients) and
// the published matrix of its municipality. A transaction refuses an identity with older stamps.
type Versions struct {
	People int64
	Matrix int64
}

// Identity is who acts. The zero value acts for nobody and sees nothing.
type Identity struct {
	Municipality string // CBS code, "GM0861"
	Partner      uuid.UUID
	PartnerType  string    // slug, "police"
	Professional uuid.UUID // zero for a system of a partner
	Client       uuid.UUID // zero for a person who came through an issuer without a registered client
	Roles        []Role
	// Categories limits a system to these information categories; nil means no limit.
	Categories []string
	// Substitutes are the professionals for whom this one stands in, each for a period.
	Substitutes []Substitution
	// TokenExpires is when the token behind this identity ends (UTC).
	TokenExpires time.Time
	// Unmet are the requirements of the municipality that a professional does not meet: he may then do nothing with dossiers.
	Unmet []Requirement
	// Sight is what the published matrix lets this identity see, as settings for the database.
	Sight    Sight
	Versions Versions
	// Purpose names a system task of the product itself ("sequencer"); empty for requests.
	Purpose string
	// Viewer is who looks through this identity to see what it sees (preview); nil when it acts itself.
	// An identity that is looked through only reads.
	Viewer *Identity
	// Renew makes this identity anew from the records, when its versions are behind.
	Renew func(context.Context) (Identity, error)
}

// Substitution is a period in which this identity stands in for another professional.
type Substitution struct {
	For   uuid.UUID
	From  time.Time
	Until time.Time
}

// Has tells whether the identity holds the role in its municipality.
func (i Identity) Has(role Role) bool {
	for _, r := range i.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Caller is who makes the request: the viewer in a preview, else the identity itself.
func (i Identity) Caller() Identity {
	if i.Viewer != nil {
		return *i.Viewer
	}
	return i
}

// IsPerson tells whether a professional acts, and not a system.
func (i Identity) IsPerson() bool { return i.Professional != uuid.Nil }

// Person is the professional who acts; nil for a system.
func (i Identity) Person() *uuid.UUID {
	if !i.IsPerson() {
		return nil
	}
	return &i.Professional
}

// ActsFor lists the professionals in whose name this identity acts at a moment: itself, and those
// for whom it stands in. Empty for a system.
func (i Identity) ActsFor(at time.Time) []uuid.UUID {
	if !i.IsPerson() {
		return nil
	}
	ids := []uuid.UUID{i.Professional}
	for _, s := range i.Substitutes {
		if !at.Before(s.From) && at.Before(s.Until) {
			ids = append(ids, s.For)
		}
	}
	return ids
}

// Is tells whether this identity acts as the professional at the moment, itself or as substitute.
func (i Identity) Is(professional uuid.UUID, at time.Time) bool {
	if professional == uuid.Nil {
		return false
	}
	for _, id := range i.ActsFor(at) {
		if id == professional {
			return true
		}
	}
	return false
}

// InNameOf is for whom this identity stands in at the moment, of the professionals who may do what it
// does; zero when it is one of them itself, or stands in for none. Later ones come first.
func (i Identity) InNameOf(at time.Time, professionals ...*uuid.UUID) (instead uuid.UUID) {
	for _, id := range professionals {
		switch {
		case id == nil:
		case *id == i.Professional:
			return uuid.Nil
		case i.Is(*id, at):
			instead = *id
		}
	}
	return instead
}

// System is the product itself at work in one municipality: sequencer, delivery, retention. It is
// fenced by the municipality only; an architecture test lists the packages that may call it.
func System(municipality, purpose string) Identity {
	return Identity{Municipality: municipality, Purpose: purpose}
}

// IsSystem tells whether the product itself acts.
func (i Identity) IsSystem() bool { return i.Purpose != "" }

type key struct{}

// With puts the identity in the context.
func With(ctx context.Context, i Identity) context.Context {
	return context.WithValue(ctx, key{}, i)
}

// From reads the identity; without one it fails with problem.Unauthenticated.
func From(ctx context.Context) (Identity, error) {
	i, ok := ctx.Value(key{}).(Identity)
	if !ok || i.Municipality == "" {
		return Identity{}, problem.Errorf(problem.Unauthenticated, "Send a bearer token.")
	}
	return i, nil
}
