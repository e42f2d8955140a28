package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RegieChange records who directs a dossier and in which AVE phase (regiewijziging); what it does
// not name stays as it was.
type RegieChange struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	Phase          *int
	CaseDirectorID *uuid.UUID
	ChairID        *uuid.UUID
	Criteria       []string `gorm:"serializer:json"`
	Reason         string
	ReviewDate     *time.Time
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// Guarded implements db.Row.
func (c RegieChange) Guarded() uuid.UUID { return c.DossierID }

// apply makes the change; from phase 3 a case director is needed.
func (c RegieChange) apply(d *Dossier) error {
	if c.Phase == nil && c.CaseDirectorID == nil && c.ChairID == nil {
		return problem.InvalidField("", "empty", "Name a phase, a case director or a chair.")
	}
	if c.CaseDirectorID != nil {
		d.CaseDirectorID = c.CaseDirectorID
	}
	if c.ChairID != nil {
		d.ChairID = c.ChairID
	}
	if c.Phase != nil {
		d.RegiePhase = *c.Phase
	}
	if d.RegiePhase >= 3 && d.CaseDirectorID == nil {
		return problem.Errorf(problem.Conflict, "From AVE phase 3 a dossier has a case director; appoint one in this change.")
	}
	return nil
}

// Closure is the decision that ends a dossier, with its result (afsluiting).
type Closure struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	FromStatus     Status    `etag:"-"`
	Result         string    // achieved, partly or not-achieved
	Outcomes       []Outcome `gorm:"serializer:json"`
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// Outcome is one end result.
type Outcome struct {
	Description string `json:"description"`
	Result      string `json:"result"`
}

// Guarded implements db.Row.
func (c Closure) Guarded() uuid.UUID { return c.DossierID }

func (c Closure) endedBy(d Dossier) uuid.UUID { return d.endedBy(c.DecidedBy, c.DecidedAt) }

// apply closes and shields the dossier (Wgs 2.31(8)).
func (c *Closure) apply(d *Dossier) {
	c.FromStatus, d.Status = d.Status, Closed
	at := c.DecidedAt
	d.ShieldedAt = &at
}

// Link ties two dossiers together (koppeling); each side shows the other only to who may see both.
type Link struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	OtherDossierID uuid.UUID
	Kind           string
	Note           string
	AddedBy        *uuid.UUID
	AddedAt        time.Time
}

// Guarded implements db.Row.
func (l Link) Guarded() uuid.UUID { return l.DossierID }

// fits tells whether two dossiers of these types can be tied so: a person in a family or group, a person
// in a situation, and any two as cause and effect or as related.
func (l Link) fits(a, b Type) bool {
	pair := func(x, y Type) bool { return a == x && b == y || a == y && b == x }
	switch l.Kind {
	case "family-member":
		return pair(Family, Person)
	case "group-member":
		return pair(Group, Person)
	case "person-situation":
		return pair(Person, Situation)
	}
	return true
}

// otherThan is the side that a reader of one side is not in.
func (l Link) otherThan(dossier uuid.UUID) uuid.UUID {
	if l.DossierID == dossier {
		return l.OtherDossierID
	}
	return l.DossierID
}
