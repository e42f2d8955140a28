package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenDisclosure is a disclosure as the caller sees it, and what he may do with it.
type SeenDisclosure struct {
	Disclosure
	Ref     dossier.Ref
	Count   int      // of its items, also of those that the caller may not read
	Allowed []string // nil in lists
}

// DisclosureFilter chooses disclosures; what is nil chooses all.
type DisclosureFilter struct {
	DossierID   *uuid.UUID
	FeedbackDue *bool
	today       time.Time
}

// GetDisclosure reads one disclosure; problem.NotFound for who neither directs or chairs its dossier nor supplied an item.
func (s *Service) GetDisclosure(ctx context.Context, id uuid.UUID) (seen SeenDisclosure, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := findDisclosure(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seeDisclosure(ctx, d)
		return err
	})
	return seen, err
}

// ListDisclosures reads a page of the disclosures that the caller sees, the latest drafted first.
func (s *Service) ListDisclosures(ctx context.Context, f DisclosureFilter, p page.Request) (seen []SeenDisclosure, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, f.today, err = s.now(ctx); err != nil {
			return err
		}
		rows, err := listDisclosures(ctx, f, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, Disclosure.place)
		seen, err = s.seeDisclosures(ctx, rows)
		return err
	})
	return seen, next, err
}

// resource is a disclosure, to decide on; of a supplier of it, as what that is asked.
func (d Disclosure) resource(of dossier.Dossier, who identity.Identity) authz.Resource {
	r := of.Resource()
	if slices.Contains(d.Suppliers, who.Partner) {
		r.Asked = who.Partner
	}
	return r
}

// seeDisclosure puts beside a disclosure what the caller may do.
func (s *Service) seeDisclosure(ctx context.Context, d Disclosure) (seen SeenDisclosure, err error) {
	all, err := s.seeDisclosures(ctx, []Disclosure{d})
	if err != nil {
		return seen, err
	}
	if len(all) == 0 {
		return seen, db.NotFound()
	}
	who, err := identity.From(ctx)
	if err != nil {
		return seen, err
	}
	of, err := s.m.Dossiers.Find(ctx, d.DossierID)
	if err != nil {
		return seen, err
	}
	all[0].Allowed, err = s.k.Authz.Allowed(ctx, d.resource(of, who), d.operations())
	return all[0], err
}

// seeDisclosures leaves out what the caller does not see, and of the rest what is other suppliers'.
func (s *Service) seeDisclosures(ctx context.Context, rows []Disclosure) ([]SeenDisclosure, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i] = d.DossierID
	}
	refs, err := s.m.Dossiers.Refs(ctx, ids)
	if err != nil {
		return nil, err
	}
	found, err := s.m.Dossiers.FindAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	readable, err := s.m.Dossiers.VisibleItemsLater(ctx, itemsOf(rows))()
	if err != nil {
		return nil, err
	}
	seen := make([]SeenDisclosure, 0, len(rows))
	for _, d := range rows {
		of := found[d.DossierID]
		whole, err := s.mayReadDisclosure(ctx, of.Resource())
		if err != nil {
			return nil, err
		}
		part := false
		if !whole && slices.Contains(d.Suppliers, who.Partner) {
			if part, err = s.mayReadDisclosure(ctx, d.resource(of, who)); err != nil {
				return nil, err
			}
		}
		switch {
		case part:
			d = d.asOf(who.Partner)
		case !whole:
			s.k.Authz.Dropped(ctx, "disclosure")
			continue
		}
		one := SeenDisclosure{Disclosure: d, Ref: refs[d.DossierID], Count: len(d.Items)}
		if whole || !who.IsPerson() { // a supplier's people keep what theirs was
			one.Items = slices.DeleteFunc(slices.Clone(d.Items), func(i DisclosedItem) bool { return !readable[i.ItemID] })
		}
		if !whole && len(one.Items) == 0 {
			continue
		}
		seen = append(seen, one)
	}
	return seen, nil
}

func itemsOf(rows []Disclosure) (ids []uuid.UUID) {
	for _, d := range rows {
		for _, item := range d.Items {
			ids = append(ids, item.ItemID)
		}
	}
	return ids
}

func (s *Service) mayReadDisclosure(ctx context.Context, r authz.Resource) (bool, error) {
	may, err := s.k.Authz.Allowed(ctx, r, []authz.Operation{{ID: "getDisclosure", Act: actReadDisclosure}})
	return len(may) > 0, err
}
