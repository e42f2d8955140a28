package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Close ends a dossier with its result and shields it at once (Wgs 2.31(8)): who took part gets
// problem.Shielded from then on.
func (s *Service) Close(ctx context.Context, key etag.Key, c Closure) (in Within[Closure], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.claim(ctx, key, actClose)
		if err != nil {
			return err
		}
		if err := s.BeforeClose(ctx, d); err != nil {
			return err
		}
		before := d
		if err := s.decide(ctx, d, func(id, by uuid.UUID, at time.Time) {
			c.MunicipalityID, c.ID, c.DossierID, c.DecidedBy, c.DecidedAt = d.MunicipalityID, id, d.ID, by, at
		}); err != nil {
			return err
		}
		c.apply(&d)
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		with := []journal.Subject{{Type: "closure", ID: c.ID}}
		e := journal.Event{Name: "dossier.closed", With: with, InNameOf: s.inNameOf(ctx, before.mayDo(actClose)...)}
		if err := s.save(ctx, before, &d, e); err != nil {
			return err
		}
		if in, err = within(ctx, s, d, c); err != nil {
			return err
		}
		return s.readmit(ctx, d)
	})
	return in, err
}

// ListClosures reads how the dossier was closed, the latest first.
func (s *Service) ListClosures(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[Closure]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]Closure, error) {
		return historyOf[Closure](ctx, "closure", dossier, p)
	})
}

// GetClosure reads one closure; who closed the dossier reads his own while it is shielded.
func (s *Service) GetClosure(ctx context.Context, dossier, id uuid.UUID) (Within[Closure], error) {
	return endingIn[Closure](ctx, s, "closure", dossier, id)
}
