package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ItemWithdrawal is that a supplier took an item back (intrekking): nobody reads the item any more, and this is
// what its supplier keeps of it.
type ItemWithdrawal struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	ItemID         uuid.UUID
	Category       authz.Category
	SupplierID     uuid.UUID
	Reason         string
	Breach         bool       // it should never have been supplied (AVG 4(12))
	WithdrawnBy    *uuid.UUID // nil when a system did
	WithdrawnAt    time.Time
}

// Guarded implements db.Row: the supplier of the item decides.
func (w ItemWithdrawal) Guarded() uuid.UUID { return w.ItemID }

// resource is the withdrawal, to decide on: it stays its supplier's.
func (w ItemWithdrawal) resource() authz.Resource {
	return authz.Resource{ID: w.ID, Dossier: w.DossierID, Category: w.Category, Supplier: w.SupplierID}
}

func (w ItemWithdrawal) place() page.Cursor { return page.At(w.WithdrawnAt, w.ID) }
