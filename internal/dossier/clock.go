package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// Clock is what the retention of a dossier runs by (Wgs 1.8(7), BGS 1.16). Times are UTC.
type Clock struct {
	ID         uuid.UUID
	Number     string
	Basis      Basis
	Status     Status
	OpenedAt   time.Time  // its first processing
	RejectedAt *time.Time // of a rejected one
	ClosedAt   *time.Time // of a closed one
}

// Rejected and Closed tell where it is.
func (c Clock) Rejected() bool { return c.Status == Rejected }

// Closed tells whether the dossier is closed.
func (c Clock) Closed() bool { return c.Status == Closed }

const clockColumns = `dossier.id, dossier.number, dossier.basis, dossier.status, dossier.opened_at,
 (select max(s.decided_at) from status_change s where s.municipality_id = dossier.municipality_id and s.dossier_id = dossier.id and s.to_status = 'rejected') as rejected_at,
 (select max(c.decided_at) from closure c where c.municipality_id = dossier.municipality_id and c.dossier_id = dossier.id) as closed_at`

// Clock is that of one dossier that the caller sees. It fails with problem.NotFound.
func (s *Service) Clock(ctx context.Context, id uuid.UUID) (c Clock, err error) {
	err = db.One(db.Mine(ctx, "dossier").Select(clockColumns).Where("dossier.id = ?", id).Take(&c))
	return c, err
}

// Clocks are those of rejected dossiers and of those opened before a moment, the oldest first. It needs a transaction of the
// product itself: an ordinary caller finds only what he sees.
func (s *Service) Clocks(ctx context.Context, before time.Time) (all []Clock, err error) {
	err = db.Mine(ctx, "dossier").Select(clockColumns).Where("dossier.opened_at < ? or dossier.status = 'rejected'", before).
		Order("dossier.opened_at, dossier.id").Find(&all).Error
	return all, err
}

// SuppliersOf are the partners that supplied to a dossier, for the product itself.
func (s *Service) SuppliersOf(ctx context.Context, id uuid.UUID) (all []uuid.UUID, err error) {
	err = db.Mine(ctx, "item").Where("dossier_id = ?", id).Distinct().Order("supplier_id").Pluck("supplier_id", &all).Error
	return all, err
}
