package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Completion is how an action was completed (afronding); never changed afterwards.
type Completion struct {
	MunicipalityID     string    `gorm:"primaryKey" etag:"-"`
	ID                 uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID          uuid.UUID `etag:"-"`
	ActionID           uuid.UUID
	Result             Result
	Note               string
	CompletedBy        *uuid.UUID // nil when a system recorded it
	CompletedPartnerID uuid.UUID
	CompletedAt        time.Time
}

// Guarded implements db.Row: who may complete the action may say how.
func (c Completion) Guarded() uuid.UUID { return c.ActionID }

// complete ends an open action with a result; there is no done without one (domain.md 4.39).
func (a *Action) complete(who identity.Identity, now time.Time, result Result, note string) (Completion, error) {
	if err := a.mustBeOpen(); err != nil {
		return Completion{}, err
	}
	a.Status, a.ChangedAt = Done, now
	return Completion{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: a.DossierID, ActionID: a.ID, Result: result, Note: note,
		CompletedBy: orNil(who.Professional), CompletedPartnerID: who.Partner, CompletedAt: now,
	}, nil
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
