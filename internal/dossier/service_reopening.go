package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Reopen opens a closed dossier again: who was in it when it closed, and would be still, reads it from then
// on. It fails with problem.Shielded for who was in it and may not decide on this, and with
// problem.Conflict when the dossier is not closed.
func (s *Service) Reopen(ctx context.Context, dossier uuid.UUID, r Reopening) (in Within[Reopening], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := hold(ctx, dossier)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actReopen, d.Resource()); err != nil {
			return err
		}
		if err := d.mayReopen(); err != nil {
			return err
		}
		before := d
		if r.DecidedBy, r.DecidedAt, err = s.decides(ctx); err != nil {
			return err
		}
		r.MunicipalityID, r.ID, r.DossierID = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID
		if err := s.unshield(ctx, &d, &r); err != nil {
			return err
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		e := journal.Event{Name: "dossier.reopened", With: []journal.Subject{{Type: "reopening", ID: r.ID}}, InNameOf: s.inNameOf(ctx, before.mayDo(actClose)...)}
		if err := s.save(ctx, before, &d, e); err != nil {
			return err
		}
		in, err = within(ctx, s, d, r)
		return err
	})
	return in, err
}

// unshield gives who is in the dossier their reading back, and then derives from what can be read again who
// is to be in it.
func (s *Service) unshield(ctx context.Context, d *Dossier, r *Reopening) error {
	there, clock, err := lasting(ctx, d.MunicipalityID, d.ID)
	if err != nil {
		return err
	}
	var running []Admission
	for _, a := range there {
		if !a.Since.After(clock) {
			a.Shielded = false
			running = append(running, a)
		}
	}
	if err := saveAdmissions(ctx, running, s.k.Now()); err != nil {
		return err
	}
	authz.Forget(ctx, d.ID)
	closures, err := historyOf[Closure](ctx, "closure", d.ID, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	r.apply(d, closures)
	return s.readmit(ctx, *d)
}

// ListReopenings reads how a dossier was reopened, the latest first.
func (s *Service) ListReopenings(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Reopening]], error) {
	return decisionsOf[Reopening](ctx, s, "reopening", dossier, p)
}

// GetReopening reads one reopening.
func (s *Service) GetReopening(ctx context.Context, dossier, id uuid.UUID) (Within[Reopening], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Reopening, error) {
		return findIn[Reopening](ctx, "reopening", dossier, id)
	})
}
