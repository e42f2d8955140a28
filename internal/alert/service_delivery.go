package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on deliveries.
const (
	actReadDelivery  = "delivery.read"
	actRetryDelivery = "delivery.retry"
)

// SeenDelivery is a delivery as the municipal director sees it.
type SeenDelivery struct {
	Delivery
	Ref     dossier.Ref
	Allowed []string // operations; nil in lists
}

// Deliveries reads a page of the deliveries of the municipality, the latest first. It fails with problem.Forbidden for who is
// no municipal director.
func (s *Service) Deliveries(ctx context.Context, f DeliveryFilter, p page.Request) (seen []SeenDelivery, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadDelivery, authz.Resource{}); err != nil {
			return err
		}
		rows, err := listDeliveries(ctx, f, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(d Delivery) page.Cursor { return page.At(d.CreatedAt, d.ID) })
		seen, err = s.seeDeliveries(ctx, rows)
		return err
	})
	return seen, next, err
}

// Delivery reads one delivery. It fails with problem.NotFound, and as Deliveries does.
func (s *Service) Delivery(ctx context.Context, id uuid.UUID) (seen SeenDelivery, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadDelivery, authz.Resource{}); err != nil {
			return err
		}
		d, err := findDelivery(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seeDelivery(ctx, d)
		return err
	})
	return seen, err
}

// Retry has a delivery that failed tried again. It fails with problem.Conflict for one that did not fail, problem.Stale
// when it changed meanwhile, and as Delivery does.
func (s *Service) Retry(ctx context.Context, key etag.Key) (seen SeenDelivery, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadDelivery, authz.Resource{}); err != nil {
			return err
		}
		d, err := findDelivery(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, d); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actRetryDelivery, authz.Resource{ID: d.ID}); err != nil {
			return err
		}
		if d.State != Failed {
			return problem.Errorf(problem.Conflict, "Only what failed is tried again.")
		}
		d.again(s.k.Now())
		done, err := retry(ctx, d)
		if err != nil {
			return err
		}
		if !done {
			return problem.Errorf(problem.Conflict, "Only what failed is tried again.")
		}
		e := journal.Event{Name: "delivery.retried", Subject: journal.Subject{Type: "delivery", ID: d.ID}, Fields: []string{"state"}}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
		if err := s.tryAgain(ctx, d); err != nil {
			return err
		}
		db.AfterCommit(ctx, s.outbox.wake)
		seen, err = s.seeDelivery(ctx, d)
		return err
	})
	return seen, err
}

// tryAgain lets the address of a delivery be tried whatever its mail server said before, which the system notes. It is so
// before anybody takes the delivery in hand.
func (s *Service) tryAgain(ctx context.Context, d Delivery) error {
	return s.k.DB.Tx(identity.With(db.Apart(ctx), identity.System(d.MunicipalityID, "delivery")), func(ctx context.Context) error {
		return s.m.People.TryMailAgain(ctx, d.ProfessionalID)
	})
}

func (s *Service) seeDelivery(ctx context.Context, d Delivery) (seen SeenDelivery, err error) {
	all, err := s.seeDeliveries(ctx, []Delivery{d})
	if err != nil {
		return seen, err
	}
	seen = all[0]
	seen.Allowed = []string{"getDelivery"}
	if d.State == Failed {
		may, err := s.k.Authz.Allowed(ctx, authz.Resource{ID: d.ID}, []authz.Operation{{ID: "retryDelivery", Act: actRetryDelivery}})
		if err != nil {
			return seen, err
		}
		seen.Allowed = append(seen.Allowed, may...)
	}
	return seen, nil
}

func (s *Service) seeDeliveries(ctx context.Context, rows []Delivery) ([]SeenDelivery, error) {
	var dossiers []uuid.UUID
	for _, d := range rows {
		if d.DossierID != uuid.Nil {
			dossiers = append(dossiers, d.DossierID)
		}
	}
	refs, err := s.refs(ctx, dossiers, s.m.Dossiers.RefsLater(ctx, dossiers))
	seen := make([]SeenDelivery, len(rows))
	for i, d := range rows {
		seen[i] = SeenDelivery{Delivery: d, Ref: refs[d.DossierID]}
		seen[i].Ref.ID = d.DossierID
	}
	return seen, err
}
