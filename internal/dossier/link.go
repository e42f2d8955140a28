package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The kinds of link with a rule of their own.
const (
	familyMember    = "family-member"
	groupMember     = "group-member"
	personSituation = "person-situation"
	causeEffect     = "cause-effect"
	kin             = "kin" // two persons of one circle
)

// Link ties two dossiers (koppeling), as its author sees it: a supposition, never an automatic conclusion
// (Wgs 1.9). Of cause-effect DossierID is the cause. It ends with a reason and stays readable.
type Link struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	OtherDossierID uuid.UUID
	Kind           string
	Note           string
	ImpactScore    *int   // of a person on a situation, 1 hardly to 5 decisive
	Strength       string // of cause-effect: weak, moderate, strong
	Ground         string // why two persons are tied (BGS 2.20(2))
	AddedBy        *uuid.UUID
	AddedAt        time.Time
	EndedAt        *time.Time
	EndedBy        *uuid.UUID
	EndReason      string
}

// Guarded implements db.Row.
func (l Link) Guarded() uuid.UUID { return l.DossierID }

// fits tells whether two dossiers of these types can be tied so: a person in a family or group, a person
// in a situation, two persons as kin, and any two as cause and effect or as related.
func (l Link) fits(a, b Type) bool {
	pair := func(x, y Type) bool { return a == x && b == y || a == y && b == x }
	switch l.Kind {
	case familyMember:
		return pair(Family, Person)
	case groupMember:
		return pair(Group, Person)
	case personSituation:
		return pair(Person, Situation)
	case kin:
		return pair(Person, Person)
	}
	return true
}

// misfits names what does not belong to a link of this kind.
func (l Link) misfits() (wrong problem.Faults) {
	if l.ImpactScore != nil && l.Kind != personSituation {
		wrong.Note("/impactScore", "kind", "Only a person in a situation has an impact score.")
	}
	if l.Strength != "" && l.Kind != causeEffect {
		wrong.Note("/strength", "kind", "Only cause and effect has a strength.")
	}
	return wrong
}

// mustRun refuses what cannot be done with a link that has ended.
func (l Link) mustRun() error {
	if l.EndedAt != nil {
		return problem.Errorf(problem.Conflict, "The link has ended; lay it again.")
	}
	return nil
}

// otherThan is the side that a reader of one side is not in.
func (l Link) otherThan(dossier uuid.UUID) uuid.UUID {
	if l.DossierID == dossier {
		return l.OtherDossierID
	}
	return l.DossierID
}
