package matrix

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// actAssert is the act of making and withdrawing privacy assertions.
const actAssert = "matrix.assert"

// The statuses of an assertion. Only an active one counts.
const (
	AssertionActive    = "active"
	AssertionWithdrawn = "withdrawn"
)

// Assertion is what must never be, whatever the matrix says (privacyafspraak): the partners that it means
// never have one of these acts on one of these categories.
type Assertion struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	Name           string
	Reason         string
	PartnerTypes   []string    `gorm:"serializer:json"`
	PartnerDomain  string      // empty means none by domain
	PartnerIDs     []uuid.UUID `gorm:"serializer:json"`
	DossierTypes   []string    `gorm:"serializer:json"` // all of them when empty
	Categories     []string    `gorm:"serializer:json"` // slugs
	Acts           []string    `gorm:"serializer:json"` // as the contract names them
	Status         string
	CreatedBy      *uuid.UUID // nil when a system of the municipality did
	CreatedAt      time.Time
	ChangedAt      time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Assertion) TableName() string { return "privacy_assertion" }

// Guarded implements db.Row.
func (a Assertion) Guarded() uuid.UUID { return a.ID }

// Resource is the assertion, to decide on.
func (a Assertion) Resource() authz.Resource { return authz.Resource{ID: a.ID} }

// Party is for whom a right is: a partner, or, with the zero ID, every partner of a type.
type Party struct {
	ID     uuid.UUID
	Name   string // the slug of a type
	Type   string
	Domain string // of the partner's own record, or of the type in its list
}

// Means tells whether the assertion is about the party.
func (a Assertion) Means(p Party) bool {
	return slices.Contains(a.PartnerTypes, p.Type) || a.PartnerDomain != "" && a.PartnerDomain == p.Domain ||
		p.ID != uuid.Nil && slices.Contains(a.PartnerIDs, p.ID)
}

// Forbids is the acts that whom it means may never have on a category in a kind of dossier; none where it
// says nothing. One that is withdrawn forbids nothing.
func (a Assertion) Forbids(dossierType string, c authz.Category) authz.Act {
	if a.Status != AssertionActive || !slices.Contains(a.Categories, c.Slug()) ||
		len(a.DossierTypes) > 0 && !slices.Contains(a.DossierTypes, dossierType) {
		return 0
	}
	return authz.ActsNamed(a.Acts)
}

// normal is the assertion in the one form in which it is compared and kept: without doubles.
func (a Assertion) normal() Assertion {
	a.PartnerTypes, a.PartnerIDs, a.DossierTypes = single(a.PartnerTypes), single(a.PartnerIDs), single(a.DossierTypes)
	a.Categories, a.Acts = single(a.Categories), single(a.Acts)
	return a
}

// sameRule tells whether two assertions forbid the same to the same.
func (a Assertion) sameRule(b Assertion) bool {
	return slices.Equal(a.PartnerTypes, b.PartnerTypes) && a.PartnerDomain == b.PartnerDomain && slices.Equal(a.PartnerIDs, b.PartnerIDs) &&
		slices.Equal(a.DossierTypes, b.DossierTypes) && slices.Equal(a.Categories, b.Categories) && slices.Equal(a.Acts, b.Acts) && a.Status == b.Status
}

// check says everything that is wrong with an assertion; typeOf tells the type of a partner, empty when
// there is none, and known whether a partner type exists. What the contract bounds is not looked at again.
func (a Assertion) check(typeOf func(uuid.UUID) string, known func(string) bool) error {
	var f problem.Faults
	if len(a.PartnerTypes)+len(a.PartnerIDs) == 0 && a.PartnerDomain == "" {
		f.Note("", "one-of", "Give at least one of partnerTypes, partnerDomain and partnerIds.")
	}
	for i, slug := range a.PartnerTypes {
		if !known(slug) {
			f.Note(entry("/partnerTypes", i), "reference", "There is no such partner type; see GET /v1/code-lists/partner-types.")
		}
	}
	for i, id := range a.PartnerIDs {
		if typeOf(id) == "" {
			f.Note(entry("/partnerIds", i), "reference", "There is no such partner; see GET /v1/partners.")
		}
	}
	for i, slug := range a.Categories {
		if _, err := authz.ParseCategory(slug); err != nil {
			f.Note(entry("/categories", i), "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
	}
	return f.Err()
}

// breach is a right that an assertion says can never be, in a matrix.
type breach struct {
	assertion   Assertion
	party       Party
	dossierType string
	category    authz.Category
	level       authz.Level
}

// where is who would have which level on what.
func (b breach) where() string {
	return fmt.Sprintf("%s, %s, %s = %s", b.party.Name, b.dossierType, b.category.Slug(), b.level)
}

// named is where with the assertion that is broken.
func (b breach) named() string { return fmt.Sprintf("%q: %s", b.assertion.Name, b.where()) }

// examples is the first breaches, in words that need no translation.
func examples(found []breach, tell func(breach) string) string {
	const most = 3
	var all []string
	for _, b := range found[:min(len(found), most)] {
		all = append(all, tell(b))
	}
	return strings.Join(all, "; ")
}

// entry points at one place in an array.
func entry(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

// single is the list without doubles and never nil, so that it is the same in every comparison.
func single[T comparable](list []T) []T {
	unique := make([]T, 0, len(list))
	for _, one := range list {
		if !slices.Contains(unique, one) {
			unique = append(unique, one)
		}
	}
	return unique
}
