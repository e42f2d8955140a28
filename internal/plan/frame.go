package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Frame is what was agreed to be kept in a dossier (kader, domain.md 2.03): a condition with its consequence,
// until a day or until it is ended before that. Actions can refer to it.
type Frame struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID // that recorded it
	Condition      string
	Consequence    string
	Until          time.Time  // a date: the last day, in the municipality's time zone
	LifeDomain     string     // empty when it is about no one of them
	MadeBy         *uuid.UUID // nil for a system
	MadeAt         time.Time
	EndedAt        *time.Time
	EndedBy        *uuid.UUID
	EndReason      string
	ChangedAt      time.Time `etag:"-"`
	Active         bool      `gorm:"-"` // whether it holds today
}

// Guarded implements db.Row.
func (f Frame) Guarded() uuid.UUID { return f.ID }

// Resource is the frame, to decide on.
func (f Frame) Resource() authz.Resource {
	return authz.Resource{ID: f.ID, Dossier: f.DossierID, Category: authz.Plan, Supplier: f.PartnerID}
}

func (f Frame) place() page.Cursor { return page.At(f.MadeAt, f.ID) }

// on is the frame as it is on a day.
func (f Frame) on(today time.Time) Frame {
	f.Active = f.EndedAt == nil && !f.Until.Before(today)
	return f
}

// The acts of internal/kernel/authz/acts.csv that agreements around the plan know.
const (
	actReadAgreement = "agreement.read"
	actAgree         = "agreement.make"
	actEndAgreement  = "agreement.end"
	actDecide        = "agreement.decide"
)

// operations are those that the state of the frame allows.
func (f Frame) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getFrame", Act: actReadAgreement}}
	if f.EndedAt != nil {
		return all
	}
	return append(all, authz.Operation{ID: "endFrame", Act: actEndAgreement})
}

// end ends a frame that was not ended yet.
func (f *Frame) end(by *uuid.UUID, at time.Time, reason string) error {
	if f.EndedAt != nil {
		return problem.Errorf(problem.Conflict, "The frame has been ended already.")
	}
	f.EndedAt, f.EndedBy, f.EndReason, f.ChangedAt = &at, by, reason, at
	return nil
}
