package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// WithdrawItem takes an item, with the versions that it corrected, from everybody at the next request. Only the
// supplier may; he keeps why, and in which category it was.
func (s *Service) WithdrawItem(ctx context.Context, dossier uuid.UUID, key etag.Key, reason string, breach bool) (in Within[ItemWithdrawal], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		d, item, err := s.claimOwn(ctx, dossier, key)
		if err != nil {
			return err
		}
		w := ItemWithdrawal{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: d.ID, ItemID: item.ID, Category: item.Category,
			SupplierID: item.SupplierID, Reason: reason, Breach: breach, WithdrawnBy: who.Person(), WithdrawnAt: s.k.Now(),
		}
		received, err := s.Readers(ctx, d.ID, item.ID)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &w); err != nil {
			return err
		}
		if err := withdraw(ctx, item, w); err != nil {
			return err
		}
		if err := s.breach(ctx, item, w); err != nil {
			return err
		}
		event := journal.Event{Name: "item.withdrawn", With: []journal.Subject{{Type: "item-withdrawal", ID: w.ID}}, Tell: received}
		if err := s.recordItem(ctx, d, item, event); err != nil {
			return err
		}
		in, err = within(ctx, s, d, w)
		return err
	})
	return in, err
}

// ListItemWithdrawals reads how an item was taken back, for its supplier; at most one.
func (s *Service) ListItemWithdrawals(ctx context.Context, dossier, item uuid.UUID, p page.Request) (Within[Page[ItemWithdrawal]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]ItemWithdrawal, error) {
		rows, err := listItemWithdrawals(ctx, dossier, item, p)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return nil, s.ofSupplier(ctx, dossier, item)
		}
		return rows, s.keeps(ctx, rows[0])
	})
}

// GetItemWithdrawal reads how an item was taken back, for its supplier.
func (s *Service) GetItemWithdrawal(ctx context.Context, dossier, item, id uuid.UUID) (Within[ItemWithdrawal], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (ItemWithdrawal, error) {
		w, err := findItemWithdrawal(ctx, id)
		if err == nil && (w.DossierID != dossier || w.ItemID != item) {
			err = db.NotFound()
		}
		if err != nil {
			return ItemWithdrawal{}, err
		}
		return w, s.keeps(ctx, w)
	})
}

// keeps hides a withdrawal from others than the supplier: nobody else knows that there was an item.
func (s *Service) keeps(ctx context.Context, w ItemWithdrawal) error {
	err := s.k.Authz.Require(ctx, actWithheld, w.resource())
	if problem.Is(err, problem.Forbidden) {
		return db.NotFound()
	}
	return err
}
