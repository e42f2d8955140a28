package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Withholding is that the supplier keeps an item from one partner, whatever would show it (achterhouden,
// Wgs 1.5). The item itself knows from whom it is withheld now; this is the history.
type Withholding struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	ItemID         uuid.UUID
	PartnerID      uuid.UUID
	Reason         string
	WithheldBy     *uuid.UUID // nil when a system did
	WithheldAt     time.Time
	LiftedBy       *uuid.UUID
	LiftedAt       *time.Time
	LiftingReason  string
}

// Guarded implements db.Row: the supplier of the item decides.
func (w Withholding) Guarded() uuid.UUID { return w.ItemID }

func newWithholding(i Item, partner uuid.UUID, reason string, by *uuid.UUID, now time.Time) Withholding {
	return Withholding{
		MunicipalityID: i.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: i.DossierID, ItemID: i.ID, PartnerID: partner, Reason: reason,
		WithheldBy: by, WithheldAt: now,
	}
}

// lift ends it.
func (w *Withholding) lift(by *uuid.UUID, reason string, now time.Time) error {
	if w.LiftedAt != nil {
		return problem.Errorf(problem.Conflict, "The withholding was lifted before.")
	}
	w.LiftedAt, w.LiftedBy, w.LiftingReason = &now, by, reason
	return nil
}

func (w Withholding) place() page.Cursor { return page.At(w.WithheldAt, w.ID) }
