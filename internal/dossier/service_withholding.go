package dossier

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// WithholdItem keeps an item from a partner, from its next request on, whatever would show it. Only the
// supplier may; twice from the same partner, and from himself, is problem.Conflict. Who still sees the item
// notices nothing.
func (s *Service) WithholdItem(ctx context.Context, dossier, id, partner uuid.UUID, reason string) (in Within[Withholding], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, item, err := s.claimItem(ctx, dossier, id)
		if err != nil {
			return err
		}
		if err := s.checkWithholding(ctx, item, partner); err != nil {
			return err
		}
		w := newWithholding(item, partner, reason, decider(ctx), s.k.Now())
		if err := db.Insert(ctx, &w); err != nil {
			return err
		}
		if err := withhold(ctx, item, partner); err != nil {
			return err
		}
		if err := s.recordWithholding(ctx, d, item, w, journal.Event{Name: "item.withheld"}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, w)
		return err
	})
	return in, err
}

func (s *Service) checkWithholding(ctx context.Context, item Item, partner uuid.UUID) error {
	_, err := s.people.FindPartner(ctx, partner)
	switch {
	case problem.Is(err, problem.NotFound):
		return problem.InvalidField("/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
	case err != nil:
		return err
	case partner == item.SupplierID:
		return problem.Errorf(problem.Conflict, "The supplier keeps what it supplied; withhold it from another partner.")
	case slices.Contains(item.WithheldPartners, partner):
		return problem.Errorf(problem.Conflict, "The item is withheld from this partner already.")
	}
	return nil
}

// recordWithholding tells nobody more than that the dossier changed: who still reads the item is not to
// know from whom it is withheld.
func (s *Service) recordWithholding(ctx context.Context, d Dossier, item Item, w Withholding, e journal.Event) (err error) {
	category := int(item.Category)
	e.Subject, e.Category, e.Supplier = journal.Subject{Type: "withholding", ID: w.ID}, &category, item.SupplierID
	e.With = []journal.Subject{{Type: "item", ID: item.ID}}
	if e.InNameOf, err = s.inNameOfNamed(ctx, d); err != nil {
		return err
	}
	return s.recordIn(ctx, d, e)
}

// ListWithholdings reads from whom an item is and was withheld, the latest first; for its supplier.
func (s *Service) ListWithholdings(ctx context.Context, dossier, item uuid.UUID, p page.Request) (Within[Page[Withholding]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]Withholding, error) {
		if err := s.ofSupplier(ctx, dossier, item); err != nil {
			return nil, err
		}
		return listWithholdings(ctx, item, p)
	})
}

// GetWithholding reads one withholding of an item, for its supplier.
func (s *Service) GetWithholding(ctx context.Context, dossier, item, id uuid.UUID) (Within[Withholding], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (w Withholding, err error) {
		if err := s.ofSupplier(ctx, dossier, item); err != nil {
			return w, err
		}
		if w, err = findWithholding(ctx, id); err == nil && (w.DossierID != dossier || w.ItemID != item) {
			return Withholding{}, db.NotFound()
		}
		return w, err
	})
}

// ofSupplier refuses who reads an item and did not supply it.
func (s *Service) ofSupplier(ctx context.Context, dossier, id uuid.UUID) error {
	item, err := s.findReadable(ctx, dossier, id)
	if err != nil {
		return err
	}
	return s.k.Authz.Require(ctx, actWithheld, item.Resource())
}

// WithholdingOf reads one withholding, wherever it is, for the supplier of its item.
func (s *Service) WithholdingOf(ctx context.Context, id uuid.UUID) (in Within[Withholding], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		w, err := findWithholding(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.Require(ctx, w.DossierID)
		if err != nil {
			return err
		}
		if err := s.ofSupplier(ctx, d.ID, w.ItemID); err != nil {
			return err
		}
		in, err = within(ctx, s, d, w)
		return err
	})
	return in, err
}

// LiftWithholding lets count again for the partner what counts for others. A second lifting is
// problem.Conflict.
func (s *Service) LiftWithholding(ctx context.Context, key etag.Key, reason string) (in Within[Withholding], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		w, err := findWithholding(ctx, key.ID)
		if err != nil {
			return err
		}
		d, item, err := s.claimItem(ctx, w.DossierID, w.ItemID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, w); err != nil {
			return err
		}
		before := w
		if err := w.lift(decider(ctx), reason, s.k.Now()); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &w)
		if err != nil {
			return err
		}
		if err := withholdNoMore(ctx, item, w.PartnerID); err != nil {
			return err
		}
		if err := s.recordWithholding(ctx, d, item, w, journal.Event{Name: "withholding.lifted", Fields: fields}); err != nil {
			return err
		}
		in, err = within(ctx, s, d, w)
		return err
	})
	return in, err
}
