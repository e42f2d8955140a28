package person

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Subject is whom a dossier is about (betrokkene): a person in a role for a period (domain.md 4.11).
type Subject struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version         int64     `etag:"-"`
	DossierID       uuid.UUID
	PersonID        uuid.UUID
	Category        authz.Category // identity, of a group name-list
	Role            string
	RelatedPersonID *uuid.UUID // of whom it is the parent, child, partner or sibling
	StartsOn        time.Time  // a date, as EndsOn, which is the last day; nil without one
	EndsOn          *time.Time
	AddedBy         uuid.UUID
	AddedAt         time.Time
	ChangedAt       time.Time `etag:"-"`
	Restricted      bool      `gorm:"->" etag:"-"` // by the person concerned (AVG 18); the database sees to it that nobody reads it
}

// Guarded implements db.Row: who may change the dossier's core may change whom it is about.
func (s Subject) Guarded() uuid.UUID { return s.DossierID }

func (s Subject) place() page.Cursor { return page.At(s.AddedAt, s.ID) }

// categoryOf is the category that protects whom a dossier of this type is about.
func categoryOf(dossierType string) authz.Category {
	if dossierType == "group" {
		return authz.NameList
	}
	return authz.Identity
}

// The roles between which there is no circle.
const (
	parent = "parent"
	child  = "child"
)

// unfit names what is wrong with a subject beside those that the dossier has.
func (s Subject) unfit(others []Subject) (wrong problem.Faults) {
	if s.EndsOn != nil && s.EndsOn.Before(s.StartsOn) {
		wrong.Note("/until", "order", "The last day lies on or after the first.")
	}
	if s.RelatedPersonID == nil {
		return wrong
	}
	for _, o := range others {
		if o.PersonID == *s.RelatedPersonID {
			return wrong
		}
	}
	wrong.Note("/relatedPersonId", "reference", "There is no such subject in the dossier.")
	return wrong
}

// fits refuses the same role of a person twice at a time, and parents and children in a circle.
func (s Subject) fits(others []Subject) error {
	for _, o := range others {
		if o.ID != s.ID && o.PersonID == s.PersonID && o.Role == s.Role && samePerson(o.RelatedPersonID, s.RelatedPersonID) && s.overlaps(o) {
			return problem.Errorf(problem.Conflict, "The person has this role in the dossier already at that time.")
		}
	}
	above, below, kin := s.lineage()
	if kin && ascends(others, above, below, map[uuid.UUID]bool{}) {
		return circle()
	}
	return nil
}

func samePerson(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

func (s Subject) overlaps(o Subject) bool {
	return (o.EndsOn == nil || !o.EndsOn.Before(s.StartsOn)) && (s.EndsOn == nil || !s.EndsOn.Before(o.StartsOn))
}

// lineage is who stands above whom; not kin when the role says nothing of it.
func (s Subject) lineage() (above, below uuid.UUID, kin bool) {
	switch {
	case s.RelatedPersonID == nil:
		return above, below, false
	case s.Role == parent:
		return s.PersonID, *s.RelatedPersonID, true
	case s.Role == child:
		return *s.RelatedPersonID, s.PersonID, true
	}
	return above, below, false
}

// ascends tells whether one descends from the other: whether below is above already.
func ascends(others []Subject, one, other uuid.UUID, seen map[uuid.UUID]bool) bool {
	if one == other {
		return true
	}
	if seen[one] {
		return false
	}
	seen[one] = true
	for _, o := range others {
		above, below, kin := o.lineage()
		if kin && below == one && ascends(others, above, other, seen) {
			return true
		}
	}
	return false
}

// operations are those that the state of its dossier allows.
func (s Subject) operations(open bool) []authz.Operation {
	all := []authz.Operation{{ID: "getSubject", Act: "dossier.read"}}
	if open {
		all = append(all, authz.Operation{ID: "updateSubject", Act: actDossier})
	}
	return all
}
