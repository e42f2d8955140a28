package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Rung is a place on the ladder of who is told of the term of an action (escalatieladder).
type Rung string

// The rungs, from the bottom: the owner before the end of the term, the others after it.
const (
	Owner             Rung = "owner"
	CaseDirector      Rung = "case-director"
	Chair             Rung = "chair"
	MunicipalDirector Rung = "municipal-director"
)

// Reminder is that a rung was told of a term of an action; there is one for each term and rung.
type Reminder struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	DossierID      uuid.UUID
	ActionID       uuid.UUID
	Rung           Rung
	DueDate        time.Time   // a date: the term
	Told           []uuid.UUID `gorm:"serializer:json"` // professionals, with who stood in for them
	ToldAt         time.Time
}

// TableName implements gorm's Tabler.
func (Reminder) TableName() string { return "action_reminder" }

// Guarded implements db.Row.
func (r Reminder) Guarded() uuid.UUID { return r.ActionID }

// call is which open actions a rung is told of on a day: those with a term in a span of dates.
type call struct {
	rung     Rung
	from, to time.Time // dates, both included; a zero from is any
}

// calls are those of a day. The owner hears of a term that ends within so many days or today, the others of one
// that is over for so many working days.
func calls(today time.Time, set organisation.Setting) []call {
	all := []call{{rung: Owner, from: today, to: today.AddDate(0, 0, set.ReminderDays)}}
	for i, rung := range []Rung{CaseDirector, Chair, MunicipalDirector} {
		all = append(all, call{rung: rung, to: calendar.Latest(today, set.EscalationDays[i])})
	}
	return all
}

// event is how a call is told.
func (c call) event() string {
	if c.rung == Owner {
		return "action.reminded"
	}
	return "action.escalated"
}

// people are those on a rung for an action; nobody where it is not held.
func (r Rung) people(a Action, t town) []uuid.UUID {
	switch r {
	case Owner:
		if a.ProfessionalID != nil {
			return []uuid.UUID{*a.ProfessionalID}
		}
		return t.carriers[a.DossierID][a.PartnerID]
	case CaseDirector:
		return held(t.dossiers[a.DossierID].CaseDirectorID)
	case Chair:
		return held(t.dossiers[a.DossierID].ChairID)
	}
	return t.directors
}

func held(id *uuid.UUID) []uuid.UUID {
	if id == nil {
		return nil
	}
	return []uuid.UUID{*id}
}

// town is who there is to be told, in one turn of the clock.
type town struct {
	dossiers  map[uuid.UUID]dossier.Dossier
	carriers  map[uuid.UUID]map[uuid.UUID][]uuid.UUID // professionals by dossier and partner
	standIns  map[uuid.UUID][]uuid.UUID
	directors []uuid.UUID
}

// told are those who hear of an action on a rung or, while nobody is on it, on the next one, with who stands in for
// them.
func (t town) told(r Rung, a Action) []uuid.UUID {
	ladder := []Rung{Owner, CaseDirector, Chair, MunicipalDirector}
	for _, one := range ladder[slices.Index(ladder, r):] {
		if people := one.people(a, t); len(people) > 0 {
			return t.withStandIns(people)
		}
	}
	return []uuid.UUID{}
}

func (t town) withStandIns(people []uuid.UUID) []uuid.UUID {
	all := append([]uuid.UUID{}, people...)
	for _, id := range people {
		all = append(all, t.standIns[id]...)
	}
	return all
}
