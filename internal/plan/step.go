package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// StepKind is what a step did to an action.
type StepKind string

// The kinds of step.
const (
	Deferral     StepKind = "deferral"     // uitstel
	Assignment   StepKind = "assignment"   // toewijzing
	Reopening    StepKind = "reopening"    // heropening
	Cancellation StepKind = "cancellation" // vervallenverklaring
)

// Step is what was decided about an action after it was agreed (stap), with its reason; never changed
// afterwards. What a step of its kind does not change is nil.
type Step struct {
	MunicipalityID       string    `gorm:"primaryKey" etag:"-"`
	ID                   uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID            uuid.UUID `etag:"-"`
	ActionID             uuid.UUID
	Kind                 StepKind
	Reason               string
	FormerDueDate        *time.Time // dates
	DueDate              *time.Time
	FormerPartnerID      *uuid.UUID
	FormerProfessionalID *uuid.UUID
	PartnerID            *uuid.UUID
	ProfessionalID       *uuid.UUID
	DecidedBy            *uuid.UUID // nil when a system decided
	DecidedPartnerID     uuid.UUID
	DecidedAt            time.Time
}

// TableName is the table of steps.
func (Step) TableName() string { return "action_step" }

// Guarded implements db.Row: who may change the action may say how.
func (s Step) Guarded() uuid.UUID { return s.ActionID }

// step begins a step of an action; the action is yet to change.
func (a *Action) step(who identity.Identity, now time.Time, kind StepKind, reason string) Step {
	a.ChangedAt = now
	return Step{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: a.DossierID, ActionID: a.ID, Kind: kind, Reason: reason,
		DecidedBy: orNil(who.Professional), DecidedPartnerID: who.Partner, DecidedAt: now,
	}
}

// deferTo moves the term of an open action to a later day.
func (a *Action) deferTo(s *Step, to time.Time, due earliest) error {
	if err := a.mustBeOpen(); err != nil {
		return err
	}
	if !to.After(a.DueDate) {
		return problem.Errorf(problem.Conflict, "A deferral gives a later term; change the action to bring its term forward.")
	}
	if err := due.check(to); err != nil {
		return err
	}
	s.FormerDueDate, s.DueDate = new(a.DueDate), &to
	a.DueDate = to
	return nil
}

// assign hands an open action to another partner or professional.
func (a *Action) assign(s *Step, partner uuid.UUID, professional *uuid.UUID) error {
	if err := a.mustBeOpen(); err != nil {
		return err
	}
	if partner == a.PartnerID && same(professional, a.ProfessionalID) {
		return problem.Errorf(problem.Conflict, "The action is theirs already; name another partner or professional.")
	}
	s.FormerPartnerID, s.FormerProfessionalID = new(a.PartnerID), a.ProfessionalID
	s.PartnerID, s.ProfessionalID = &partner, professional
	a.PartnerID, a.ProfessionalID = partner, professional
	return nil
}

func same(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

// reopen opens an action that was done or cancelled.
func (a *Action) reopen() error {
	if a.Status == Open {
		return problem.Errorf(problem.Conflict, "The action is still open.")
	}
	a.Status = Open
	return nil
}

// cancel ends an open action that is not to be carried out any more.
func (a *Action) cancel() error {
	if err := a.mustBeOpen(); err != nil {
		return err
	}
	a.Status = Cancelled
	return nil
}
