// Package plan holds what partners agreed to do in a dossier: the integral plan with its goals, and actions, each
// with the partner that carries it out, a life domain, a term and in the end a result.
package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Status is where an action stands. Overdue is computed, never stored.
type Status string

// The statuses of an action.
const (
	Open      Status = "open"
	Done      Status = "done"
	Cancelled Status = "cancelled"
)

// Result is what came of an action.
type Result string

// The results.
const (
	Achieved    Result = "achieved"
	Partly      Result = "partly"
	NotAchieved Result = "not-achieved"
)

// Action is one agreement (actie). Its own partner is the one that carries it out.
type Action struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	MeetingID      *uuid.UUID // in which it was agreed
	DecisionID     *uuid.UUID // that it carries out
	GoalID         *uuid.UUID // of the dossier's plan, that it serves
	FrameID        *uuid.UUID // that it carries out
	PartnerID      uuid.UUID
	ProfessionalID *uuid.UUID
	Description    string
	LifeDomain     string    // leefgebied
	Kind           string    // soort: reactive, preventive, enforcement, support or mediation
	Track          string    // spoor: support or enforcement
	Mediator       string    // bemiddelaar; empty unless it is a mediation
	DueDate        time.Time // a date: the last day of the term in the municipality's time zone
	Status         Status
	CreatedBy      *uuid.UUID `etag:"-"` // nil when a system recorded it
	CreatedAt      time.Time
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (a Action) Guarded() uuid.UUID { return a.ID }

// Resource is the action, to decide on.
func (a Action) Resource() authz.Resource {
	return authz.Resource{ID: a.ID, Dossier: a.DossierID, Category: authz.Action, Supplier: a.PartnerID}
}

// Overdue tells whether the action is open and its term has passed; today is a date in the
// municipality's time zone.
func (a Action) Overdue(today time.Time) bool { return a.Status == Open && a.DueDate.Before(today) }

// The acts of internal/kernel/authz/acts.csv that actions know.
const (
	actRead     = "action.read"
	actCreate   = "action.create"
	actChange   = "action.change"   // and reopen, cancel
	actComplete = "action.complete" // and defer, assign
)

// operations are those that the action's state allows.
func (a Action) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getAction", Act: actRead}, {ID: "listCompletions", Act: actRead}, {ID: "listDeferrals", Act: actRead}, {ID: "listAssignments", Act: actRead},
		{ID: "listActionReopenings", Act: actRead}, {ID: "listActionCancellations", Act: actRead},
	}
	if a.Status != Open {
		return append(all, authz.Operation{ID: "reopenAction", Act: actChange})
	}
	return append(all, []authz.Operation{
		{ID: "updateAction", Act: actChange}, {ID: "cancelAction", Act: actChange},
		{ID: "completeAction", Act: actComplete}, {ID: "deferAction", Act: actComplete}, {ID: "assignAction", Act: actComplete},
	}...)
}

func (a Action) mustBeOpen() error {
	if a.Status != Open {
		return problem.Errorf(problem.Conflict, "The action is no longer open; record what is still to be done as a new action.")
	}
	return nil
}

// Change is what changes on an action; nil stays as it is.
type Change struct {
	Description, LifeDomain, Kind, Track, Mediator *string
	DueDate                                        *time.Time
	GoalID                                         *uuid.UUID
	Frame                                          func(**uuid.UUID) // to another, or to none
}

// apply changes an open action. A term that stays is not held against today again; a later one is a
// deferral, which needs a reason.
func (c Change) apply(a *Action, due earliest) error {
	if err := a.mustBeOpen(); err != nil {
		return err
	}
	if c.DueDate != nil && c.DueDate.After(a.DueDate) {
		return problem.Errorf(problem.Conflict, "A later term is a deferral, which needs its reason: POST it to the action's deferrals.")
	}
	if c.DueDate != nil && !c.DueDate.Equal(a.DueDate) {
		if err := due.check(*c.DueDate); err != nil {
			return err
		}
		a.DueDate = *c.DueDate
	}
	set(&a.Description, c.Description)
	set(&a.LifeDomain, c.LifeDomain)
	set(&a.Kind, c.Kind)
	set(&a.Track, c.Track)
	set(&a.Mediator, c.Mediator)
	if c.GoalID != nil {
		a.GoalID = c.GoalID
	}
	if c.Frame != nil {
		c.Frame(&a.FrameID)
	}
	if a.Kind != mediation && c.Mediator == nil {
		a.Mediator = ""
	}
	return a.unmediated("").Err()
}

// mediation is the kind of action in which somebody mediates (domain.md 1.09).
const mediation = "mediation"

// unmediated names a mediation without a mediator, and a mediator of another action.
func (a Action) unmediated(pointer string) (wrong problem.Faults) {
	switch {
	case a.Kind == mediation && a.Mediator == "":
		wrong.Note(pointer+"/mediator", "required", "Say who mediates.")
	case a.Kind != mediation && a.Mediator != "":
		wrong.Note(pointer+"/mediator", "unknown", "Only a mediation has a mediator.")
	}
	return wrong
}

func set(field, to *string) {
	if to != nil {
		*field = *to
	}
}

// earliest is the first day on which a term may end: two dates, of which that of the meeting is
// zero when there was none.
type earliest struct{ today, meeting time.Time }

// check refuses a term that is over before it starts (domain.md 4.19).
func (e earliest) check(due time.Time) error {
	switch {
	case due.Before(e.today):
		return problem.Errorf(problem.Conflict, "The term is over already; give a date from today.")
	case due.Before(e.meeting):
		return problem.Errorf(problem.Conflict, "The term ends before the meeting in which the action is agreed; give a date from the meeting's.")
	}
	return nil
}
