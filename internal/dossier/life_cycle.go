package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Triage is whether the criteria for the Care and Safety House are met, each substantiated (BGS 2.20(3)),
// and what is advised.
type Triage struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	Criteria       []Criterion `gorm:"serializer:json"`
	CriteriaMet    bool        // all of them
	Advice         string      // accept, reject or refer
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// Criterion is the answer to one criterion.
type Criterion struct {
	Criterion      string `json:"criterion"`
	Answer         string `json:"answer"` // met or not-met
	Substantiation string `json:"substantiation"`
}

// Guarded implements db.Row.
func (t Triage) Guarded() uuid.UUID { return t.DossierID }

func (t Triage) place() page.Cursor { return page.At(t.DecidedAt, t.ID) }

// weigh tells from its criteria whether all are met.
func (t *Triage) weigh() {
	t.CriteriaMet = !slices.ContainsFunc(t.Criteria, func(c Criterion) bool { return c.Answer != "met" })
}

// StatusChange is a decision on where a dossier stands in its life. Aftercare has a last day and a
// perspective goal.
type StatusChange struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID       uuid.UUID
	FromStatus      Status
	ToStatus        Status
	Until           *time.Time // a date, of aftercare
	PerspectiveGoal string
	Reason          string
	DecidedBy       uuid.UUID
	DecidedAt       time.Time
}

// Guarded implements db.Row.
func (c StatusChange) Guarded() uuid.UUID { return c.DossierID }

func (c StatusChange) place() page.Cursor { return page.At(c.DecidedAt, c.ID) }

func (c StatusChange) endedBy(d Dossier) uuid.UUID { return d.endedBy(c.DecidedBy, c.DecidedAt) }

// endedBy is who ended the dossier, when this decision did; nobody when it did not.
func (d Dossier) endedBy(by uuid.UUID, at time.Time) uuid.UUID {
	if d.ShieldedAt == nil || !d.ShieldedAt.Equal(at) {
		return uuid.Nil
	}
	return by
}

// check names what is missing for aftercare, or is given without it.
func (c StatusChange) check(today time.Time) error {
	var wrong problem.Faults
	given := map[string]bool{"/until": c.Until != nil, "/perspectiveGoal": c.PerspectiveGoal != ""}
	for _, name := range []string{"/until", "/perspectiveGoal"} {
		switch {
		case c.ToStatus == Aftercare && !given[name]:
			wrong.Note(name, "required", "Aftercare has a last day and a perspective goal.")
		case c.ToStatus != Aftercare && given[name]:
			wrong.Note(name, "status", "This belongs to aftercare only.")
		}
	}
	if c.Until != nil && c.ToStatus == Aftercare && !c.Until.After(today) {
		wrong.Note("/until", "past", "Choose a day that is still to come.")
	}
	return wrong.Err()
}

// apply takes the step; a dossier that is not taken on is shielded from then on.
func (c StatusChange) apply(d *Dossier) error {
	if next := d.next(); !slices.Contains(next, c.ToStatus) {
		return problem.Errorf(problem.Conflict, "From this status a dossier can become: %v. It ends by POST …/closures.", next)
	}
	d.Status = c.ToStatus
	if c.ToStatus == Rejected {
		at := c.DecidedAt
		d.ShieldedAt = &at
	}
	return nil
}

// next are the statuses that a dossier can get by a change of status.
func (d Dossier) next() []Status {
	switch d.Status {
	case Intake:
		return []Status{InTriage, Rejected}
	case InTriage:
		return []Status{Active, Rejected}
	case Active:
		return []Status{Aftercare}
	case Aftercare:
		return []Status{Active}
	}
	return []Status{}
}

// BasisChange is a decision on the legal basis of a dossier, with the purpose from then on.
type BasisChange struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID       uuid.UUID
	FromBasis       Basis
	Basis           Basis
	Purpose         string
	EndedPartnerIDs []uuid.UUID `gorm:"serializer:json"` // third parties who took part until then (Wgs 2.27)
	Reason          string
	DecidedBy       uuid.UUID
	DecidedAt       time.Time
}

// Guarded implements db.Row.
func (c BasisChange) Guarded() uuid.UUID { return c.DossierID }

func (c BasisChange) place() page.Cursor { return page.At(c.DecidedAt, c.ID) }

// apply puts the dossier on its new basis. The latest triage decides on the Wgs (BGS 2.20).
func (c BasisChange) apply(d *Dossier, latest *Triage) error {
	switch {
	case c.Basis == d.Basis:
		return problem.Errorf(problem.Conflict, "The dossier has this legal basis; change its purpose with PATCH.")
	case c.Basis == Wams:
		return problem.Errorf(problem.Conflict, "The Wams is not in force; choose another legal basis.")
	case c.Basis == Wgs && !latest.meets():
		return problem.Errorf(problem.Conflict, "The Wgs needs a triage in which all four criteria are met (BGS 2.20); record one first.")
	}
	d.Basis, d.Purpose = c.Basis, c.Purpose
	return nil
}

// meets tells whether there is a triage and all its criteria are met.
func (t *Triage) meets() bool { return t != nil && t.CriteriaMet }

// Reopening is a decision to open a closed dossier again, on a ground.
type Reopening struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	ClosureID      *uuid.UUID
	Ground         string // relapse, new-signal, review or correction
	Status         Status // with which it goes on
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// Guarded implements db.Row.
func (r Reopening) Guarded() uuid.UUID { return r.DossierID }

func (r Reopening) place() page.Cursor { return page.At(r.DecidedAt, r.ID) }

// mayReopen refuses what is not closed. What was not taken on is destroyed (Wgs 1.8(7)).
func (d Dossier) mayReopen() error {
	switch d.Status {
	case Closed:
		return nil
	case Rejected:
		return problem.Errorf(problem.Conflict, "This dossier was not taken on; open a new one.")
	}
	return problem.Errorf(problem.Conflict, "The dossier is not closed.")
}

// apply opens the dossier again: out of aftercare it is active, else what it was when it closed.
func (r *Reopening) apply(d *Dossier, closures []Closure) {
	r.Status = Active
	if len(closures) > 0 {
		r.ClosureID = &closures[0].ID
		if from := closures[0].FromStatus; from != Aftercare {
			r.Status = from
		}
	}
	d.Status, d.ShieldedAt = r.Status, nil
}

// lifeOperations are those on the decisions in the life of a dossier.
func lifeOperations(open bool) []authz.Operation {
	all := []authz.Operation{
		{ID: "listTriages", Act: actRead}, {ID: "listStatusChanges", Act: actRead}, {ID: "listBasisChanges", Act: actRead}, {ID: "listReopenings", Act: actRead},
	}
	if !open {
		return all
	}
	return append(all, authz.Operation{ID: "recordTriage", Act: actDirect}, authz.Operation{ID: "changeStatus", Act: actDirect},
		authz.Operation{ID: "changeBasis", Act: actDirect})
}
