package person

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Consent is what a person, or who represents it, consented to in a dossier that is about it (toestemming; AVG 4(11), 7).
type Consent struct {
	MunicipalityID       string    `gorm:"primaryKey" etag:"-"`
	ID                   uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version              int64     `etag:"-"`
	PersonID             uuid.UUID
	DossierID            uuid.UUID
	Category             authz.Category // that of the subject
	SupplierID           uuid.UUID      // the partner that recorded it
	Purpose              string
	GivenOn              time.Time // a date, as Until, which is the last day; nil without one
	GivenBy              string    // person, parent or representative
	Until                *time.Time
	RecordedBy           *uuid.UUID // nil for a system
	RecordedAt           time.Time
	WithdrawnAt          *time.Time
	WithdrawnBy          string // as GivenBy; empty until it is withdrawn
	WithdrawalRecordedBy *uuid.UUID
	ChangedAt            time.Time `etag:"-"`
	Restricted           bool      `gorm:"->" etag:"-"` // by the person concerned (AVG 18); the database sees to it that nobody reads it
}

// Guarded implements db.Row.
func (c Consent) Guarded() uuid.UUID { return c.ID }

func (c Consent) place() page.Cursor { return page.At(c.RecordedAt, c.ID) }

// resource is the consent, to decide on: who may change the person may record what it consents to, and that it no
// longer does.
func (c Consent) resource() authz.Resource {
	return authz.Resource{ID: c.ID, Dossier: c.DossierID, Category: c.Category, Supplier: c.SupplierID}
}

// Active tells whether the consent counts on a day: given, not withdrawn, and not past its last day.
func (c Consent) Active(today time.Time) bool {
	return c.WithdrawnAt == nil && !c.GivenOn.After(today) && (c.Until == nil || !c.Until.Before(today))
}

// unfit names what is wrong with a consent on the day on which it is recorded.
func (c Consent) unfit(today time.Time) (wrong problem.Faults) {
	if c.GivenOn.After(today) {
		wrong.Note("/givenOn", "future", "A consent is recorded when it has been given.")
	}
	if c.Until != nil && c.Until.Before(c.GivenOn) {
		wrong.Note("/until", "order", "The last day lies on or after the day on which it was given.")
	}
	return wrong
}

// withdraw ends a consent at once (AVG 7(3)). It fails with problem.Conflict when that happened already.
func (c *Consent) withdraw(by string, recorder *uuid.UUID, at time.Time) error {
	if c.WithdrawnAt != nil {
		return problem.Errorf(problem.Conflict, "The consent is withdrawn already.")
	}
	c.WithdrawnAt, c.WithdrawnBy, c.WithdrawalRecordedBy, c.ChangedAt = &at, by, recorder, at
	return nil
}

// operations are those that its state allows.
func (c Consent) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getConsent", Act: "dossier.read"}}
	if c.WithdrawnAt == nil {
		all = append(all, authz.Operation{ID: "withdrawConsent", Act: actChange})
	}
	return all
}
