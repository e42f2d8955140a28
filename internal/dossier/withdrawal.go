package dossier

import (
	"context"
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

// Breach is that a supplier took back what should never have been shared (datalek; AVG 4(12)).
type Breach struct {
	Act      string         // by which it was allowed to take it back
	Of       authz.Resource // on which that was decided
	Item     *uuid.UUID
	Document *uuid.UUID
	At       time.Time
}

// breach is the breach that the withdrawal of an item tells, if any.
func (s *Service) breach(ctx context.Context, item Item, w ItemWithdrawal) error {
	if !w.Breach {
		return nil
	}
	return s.Breached(ctx, Breach{Act: actCorrect, Of: item.Resource(), Item: &w.ItemID, At: w.WithdrawnAt})
}
