package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Completion is how an action was completed (afronding); never changed afterwards.
type Completion struct {
	MunicipalityID     string    `gorm:"primaryKey" etag:"-"`
	ID                 uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID          uuid.UUID `etag:"-"`
	ActionID           uuid.UUID
	Result             Result
	Agreement          string // of a mediation: agreed or not-agreed; empty for another action
	Note               string
	CompletedBy        *uuid.UUID // nil when a system recorded it
	CompletedPartnerID uuid.UUID
	CompletedAt        time.Time
}

// Guarded implements db.Row: who may complete the action may say how.
func (c Completion) Guarded() uuid.UUID { return c.ActionID }

// Outcome is what came of an action.
type Outcome struct {
	Result    Result
	Agreement string // of a mediation: agreed or not-agreed
	Note      string
}

// check asks of a mediation, and of nothing else, what the parties came to (domain.md 1.09).
func (o Outcome) check(a Action) error {
	switch {
	case a.Kind == mediation && o.Agreement == "":
		return problem.InvalidField("/agreement", "required", "Say what the parties of the mediation came to.")
	case a.Kind != mediation && o.Agreement != "":
		return problem.InvalidField("/agreement", "unknown", "Only a mediation ends with an agreement or without one.")
	}
	return nil
}

// complete ends an open action with a result; there is no done without one (domain.md 4.39).
func (a *Action) complete(who identity.Identity, now time.Time, o Outcome) (Completion, error) {
	if err := a.mustBeOpen(); err != nil {
		return Completion{}, err
	}
	if err := o.check(*a); err != nil {
		return Completion{}, err
	}
	a.Status, a.ChangedAt = Done, now
	return Completion{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: a.DossierID, ActionID: a.ID, Result: o.Result, Agreement: o.Agreement, Note: o.Note,
		CompletedBy: orNil(who.Professional), CompletedPartnerID: who.Partner, CompletedAt: now,
	}, nil
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
