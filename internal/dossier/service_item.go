package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenItem is an item with what the caller may do with it.
type SeenItem struct {
	Item
	Allowed []string // nil in lists
	Tag     string
}

// NewItem is what a partner supplies.
type NewItem struct {
	Category          authz.Category // noCategory when there is none of that name
	PoliceArticle     string         // of the Wpg
	LifeDomain        string
	Text              string
	ObservedOn        time.Time // a date
	Source            string
	Conditions        []Condition
	Secret            bool
	SecretGround      *string
	ExternalReference string
}

// AddItem supplies an item; the caller's partner becomes its supplier and stays its owner
// (Wgs 1.5). It fails with problem.Forbidden where the matrix does not let him add.
func (s *Service) AddItem(ctx context.Context, dossier uuid.UUID, n NewItem) (in Within[SeenItem], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		item, err := s.checked(ctx, d, n)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAdd, item.Resource()); err != nil {
			return err
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		if err := db.Insert(ctx, &item); err != nil {
			return err
		}
		if err := s.recordItem(ctx, d, item, journal.Event{Name: "item.added"}); err != nil {
			return err
		}
		seen, err := s.seeItem(ctx, item)
		if err != nil {
			return err
		}
		in, err = within(ctx, s, d, seen)
		return err
	})
	return in, err
}

// checked is what is supplied as an item; it fails with everything that is wrong with it.
func (s *Service) checked(ctx context.Context, d Dossier, n NewItem) (Item, error) {
	if err := s.faults(ctx, d, n).Err(); err != nil {
		return Item{}, err
	}
	return s.item(ctx, d, n)
}

func (s *Service) item(ctx context.Context, d Dossier, n NewItem) (Item, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return Item{}, err
	}
	now := s.k.Now()
	item := Item{
		MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, Category: n.Category, PoliceArticle: n.PoliceArticle,
		LifeDomain: n.LifeDomain, Text: n.Text, ObservedOn: n.ObservedOn, SupplierID: who.Partner, AuthorID: who.Person(), Source: n.Source, Secret: n.Secret,
		Conditions: n.Conditions, SecretGround: n.SecretGround, ExternalReference: n.ExternalReference, AddedAt: now,
		ChangedAt: now,
	}
	for _, c := range n.Conditions {
		if kind, known := s.lists.PartnerType(c.WithholdFrom); known {
			item.WithheldTypes |= 1 << kind.Ordinal
		}
	}
	return item, nil
}

// GetItem reads one item; what the caller may not read is problem.NotFound.
func (s *Service) GetItem(ctx context.Context, dossier, id uuid.UUID) (Within[SeenItem], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (SeenItem, error) {
		item, err := findItem(ctx, dossier, id)
		if err != nil {
			return SeenItem{}, err
		}
		return s.seeItem(ctx, item)
	})
}

// ListItems reads a page of the items of a dossier that the caller may read, the latest first.
func (s *Service) ListItems(ctx context.Context, dossier uuid.UUID, f ItemFilter, p page.Request) (Within[Page[SeenItem]], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Page[SeenItem], error) {
		rows, err := listItems(ctx, dossier, f, p)
		if err != nil {
			return Page[SeenItem]{}, err
		}
		rows, next := page.Cut(rows, p.Limit, func(i Item) page.Cursor { return page.At(i.AddedAt, i.ID) })
		seen, err := s.readable(ctx, rows)
		return Page[SeenItem]{Rows: seen, Next: next}, err
	})
}

// LatestItems reads the last n items of a dossier that the caller may read; it needs a transaction.
func (s *Service) LatestItems(ctx context.Context, dossier uuid.UUID, n int) ([]SeenItem, error) {
	rows, err := listItems(ctx, dossier, ItemFilter{}, page.Request{Limit: n})
	if err != nil {
		return nil, err
	}
	return s.readable(ctx, rows[:min(n, len(rows))])
}

// ItemsOf reads some items of a dossier, those that the caller may read, for an area uphill.
func (s *Service) ItemsOf(ctx context.Context, dossier uuid.UUID, ids []uuid.UUID) ([]SeenItem, error) {
	rows, err := findItems(ctx, dossier, ids)
	if err != nil {
		return nil, err
	}
	return s.readable(ctx, rows)
}

// readable applies the rule in memory to rows that the database let through.
func (s *Service) readable(ctx context.Context, rows []Item) ([]SeenItem, error) {
	views, err := s.k.Authz.Views(ctx, dossiersOf(rows)...)
	if err != nil {
		return nil, err
	}
	// A release only adds: what can be read without one need not be asked for.
	released, err := releasedToMe(ctx, slices.DeleteFunc(slices.Clone(rows), func(i Item) bool { return views[i.DossierID].Reads(i.Resource()) }))
	if err != nil {
		return nil, err
	}
	seen := make([]SeenItem, 0, len(rows))
	for _, item := range rows {
		r := item.Resource()
		r.Released = released[item.ID]
		if !views[item.DossierID].Reads(r) {
			s.k.Authz.Dropped(ctx, "item")
			continue
		}
		seen = append(seen, SeenItem{Item: item})
	}
	return seen, nameVersions(ctx, seen)
}

func dossiersOf(rows []Item) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, item := range rows {
		ids[i] = item.DossierID
	}
	return ids
}

// findReadable reads an item that both the database and the rule in memory let through.
func (s *Service) findReadable(ctx context.Context, dossier, id uuid.UUID) (SeenItem, error) {
	item, err := findItem(ctx, dossier, id)
	if err != nil {
		return SeenItem{}, err
	}
	return s.readableOne(ctx, item)
}

func (s *Service) readableOne(ctx context.Context, item Item) (SeenItem, error) {
	seen, err := s.readable(ctx, []Item{item})
	if err != nil {
		return SeenItem{}, err
	}
	if len(seen) == 0 {
		return SeenItem{}, db.NotFound()
	}
	return seen[0], nil
}

func (s *Service) seeItem(ctx context.Context, item Item) (SeenItem, error) {
	seen, err := s.readableOne(ctx, item)
	if err != nil {
		return SeenItem{}, err
	}
	seen.Allowed, err = s.k.Authz.Allowed(ctx, item.Resource(), item.operations())
	return seen, err
}
