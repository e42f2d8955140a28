package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Batch is items that came in together, in the order in which they were sent.
type Batch struct {
	ID    uuid.UUID
	Items []SeenItem
}

// AddItems supplies items together: all of them, or none. It fails as AddItem does, with everything that is wrong
// with any of them.
func (s *Service) AddItems(ctx context.Context, dossier uuid.UUID, news []NewItem) (in Within[Batch], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		batch := Batch{ID: uuid.Must(uuid.NewV7())}
		items, err := s.batch(ctx, d, batch.ID, news)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := s.k.Authz.Require(ctx, actAdd, item.Resource()); err != nil {
				return err
			}
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		for _, item := range items {
			if err := db.Insert(ctx, &item); err != nil {
				return err
			}
			if err := s.recordItem(ctx, d, item, journal.Event{Name: "item.added"}); err != nil {
				return err
			}
		}
		if batch.Items, err = s.readable(ctx, items); err != nil {
			return err
		}
		in, err = within(ctx, s, d, batch)
		return err
	})
	return in, err
}

// batch makes the items of one delivery. Their ids fall, so that the list, the latest first, has them in the order
// in which they were sent.
func (s *Service) batch(ctx context.Context, d Dossier, id uuid.UUID, news []NewItem) ([]Item, error) {
	var wrong problem.Faults
	items := make([]Item, len(news))
	for i, n := range news {
		item, err := s.item(ctx, d, n)
		if err != nil {
			return nil, err
		}
		for _, f := range s.faults(ctx, d, n) {
			f.Name = fmt.Sprintf("/items/%d%s", i, f.Name)
			wrong = append(wrong, f)
		}
		item.BatchID = &id
		items[i] = item
	}
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.ID
	}
	slices.Reverse(ids)
	for i := range items {
		items[i].ID, items[i].AddedAt, items[i].ChangedAt = ids[i], items[0].AddedAt, items[0].ChangedAt
	}
	return items, wrong.Err()
}
