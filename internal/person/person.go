// Package person holds the persons of a municipality and whom dossiers are about: subjects, each a person in a role
// for a period. A person is read by who sees, in a dossier, whom it is about.
package person

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// Person is one person (persoon) in the register of the municipality.
type Person struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	SupplierID        uuid.UUID // the partner that registered it
	RegisteredBy      uuid.UUID `etag:"-"`
	RegisteredAt      time.Time
	ChangedAt         time.Time `etag:"-"`
	GivenNames        string
	Prefix            string
	FamilyName        string
	BirthDate         *time.Time // a date
	Gender            string     // empty when not recorded
	Nationality       string     // ISO 3166-1 alpha-2, for identification only (BGS 1.9)
	BSNSealed         []byte     `etag:"-"` // the citizen service number, encrypted (UAVG 46; Wgs 2.29); another key makes it another
	BSNIndex          []byte     // the same for the same number
	BSNGround         string
	Address           *Address `gorm:"serializer:json"`
	AddressSecret     bool
	AddressSupplierID *uuid.UUID
	Phone             string
	Email             string
	Keys              []string `gorm:"serializer:json" etag:"-"` // by which the name is found
	Attached          bool     `gorm:"->" etag:"-"`              // whether it is a subject anywhere; the database says so

	Restricted bool `gorm:"->" etag:"-"` // by the person concerned (AVG 18); the database sees to it that nobody reads it

	MergedIntoID *uuid.UUID `gorm:"-"` // the person into which it was merged, as far as the caller may read that one
}

// Address is where a person lives (adres).
type Address struct {
	Street, HouseNumber, Postcode, Town string
}

// Guarded implements db.Row.
func (p Person) Guarded() uuid.UUID { return p.ID }

// Name is the person's name as it is spoken.
func (p Person) Name() string {
	return strings.Join(strings.Fields(p.GivenNames+" "+p.Prefix+" "+p.FamilyName), " ")
}

// place is where its citizen service number is sealed for.
func (p Person) place() secret.Place {
	return secret.Place{Municipality: p.MunicipalityID, Record: p.ID, Field: "person.bsn"}
}

// Resource is the person, to decide on: as a subject of a dossier, or, before it is one, of who registered it.
func (p Person) Resource(in *Subject) authz.Resource {
	if in == nil {
		return authz.Resource{ID: p.ID, Category: authz.Identity, Self: p.RegisteredBy}
	}
	return authz.Resource{ID: p.ID, Dossier: in.DossierID, Category: in.Category, Supplier: p.SupplierID}
}

// The acts of internal/kernel/authz/acts.csv that persons and subjects know.
const (
	actRegister = "person.register"
	actChange   = "person.change"
	actDossier  = "dossier.change"
)

// rename makes the keys by which the name is found.
func (p *Person) rename() {
	p.Keys = nil
	for _, key := range keysOf(p.GivenNames + " " + p.FamilyName) {
		p.Keys = append(p.Keys, p.MunicipalityID+":"+key)
	}
}

// seenBy is the person as somebody of a partner sees it: a secret address only who supplied it, the number only who
// sees category bsn.
func (p Person) seenBy(partner uuid.UUID, bsn bool) Person {
	if p.AddressSecret && (p.AddressSupplierID == nil || *p.AddressSupplierID != partner) {
		p.Address = nil
	}
	if !bsn {
		p.BSNSealed, p.BSNIndex, p.BSNGround = nil, nil, ""
	}
	p.Keys = nil
	return p
}

// readdress refuses to change a secret address to who did not supply it.
func (p *Person) readdress(before Person, partner uuid.UUID) error {
	if before.AddressSecret && before.AddressSupplierID != nil && *before.AddressSupplierID != partner {
		return problem.Errorf(problem.Conflict, "The address is secret; only the organisation that supplied it changes it.")
	}
	p.AddressSupplierID = &partner
	return nil
}

const bsnLength = 9

// validBSN is the eleven-test of a citizen service number; nine zeros, which pass it, are none.
func validBSN(number string) bool {
	if len(number) != bsnLength || number == strings.Repeat("0", bsnLength) {
		return false
	}
	sum := 0
	for i, digit := range number {
		if digit < '0' || digit > '9' {
			return false
		}
		weight := bsnLength - i
		if weight == 1 {
			weight = -1
		}
		sum += int(digit-'0') * weight
	}
	return sum%11 == 0
}

// LooksLikeBSN tells whether digits could be a citizen service number: nine that pass the eleven-test.
func LooksLikeBSN(digits string) bool { return validBSN(digits) }

// masked shows the last three digits of a citizen service number.
func masked(number []byte) string {
	return strings.Repeat("*", bsnLength-3) + string(number[len(number)-3:])
}
