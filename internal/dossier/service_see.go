package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// see is one dossier as the caller sees it, with what he may do.
func (s *Service) see(ctx context.Context, d Dossier) (Seen, error) {
	all, err := s.seeAll(ctx, []Dossier{d})
	if err != nil {
		return Seen{}, err
	}
	if len(all) == 0 { // just closed by this very change: shown once, without content
		return Seen{Dossier: d.seenBy(authz.View{}), Tag: etag.Of(d.seenBy(authz.View{}))}, nil
	}
	all[0].Allowed, err = s.allowed(ctx, d)
	return all[0], err
}

// allowed lists what the caller may do with the dossier, and add to it.
func (s *Service) allowed(ctx context.Context, d Dossier) ([]string, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	operations := d.operations()
	if who.IsPerson() {
		operations = append(operations, authz.Operation{ID: "requestAccess", Act: actRequest})
	}
	ids, err := s.k.Authz.Allowed(ctx, d.Resource(), operations)
	if err != nil || d.mustBeOpen() != nil {
		return ids, err
	}
	about, err := s.allowedAbout(ctx, d)
	if err != nil {
		return ids, err
	}
	ids = append(ids, about...)
	note, err := s.noteCategory(ctx, d)
	if err != nil {
		return ids, err
	}
	if note != authz.Core {
		ids = append(ids, "addQuickNote")
	}
	for _, c := range authz.Categories() {
		may, err := s.k.Authz.Allowed(ctx, d.Content(d.ID, c), []authz.Operation{{ID: "addItem", Act: actAdd}, {ID: "addItems", Act: actAdd}, {ID: "addDocument", Act: "document.add"}})
		if err != nil {
			return nil, err
		}
		if len(may) > 0 {
			ids = append(ids, may...)
			break
		}
	}
	may, err := s.k.Authz.Allowed(ctx, d.Content(d.ID, authz.LifeDomain), []authz.Operation{{ID: "addAssessment", Act: actAssess}})
	if err != nil {
		return nil, err
	}
	ids = append(ids, may...)
	may, err = s.k.Authz.Allowed(ctx, d.Content(d.ID, authz.Action), []authz.Operation{{ID: "createAction", Act: actAgree}})
	if err != nil {
		return nil, err
	}
	ids = append(ids, may...)
	may, err = s.allowedInPlan(ctx, d)
	return append(ids, may...), err
}

// allowedAbout lists what he may do with whom the dossier is about (of a group category name-list), if he sees that.
func (s *Service) allowedAbout(ctx context.Context, d Dossier) ([]string, error) {
	view, err := s.k.Authz.View(ctx, d.ID)
	if err != nil || d.Type == "group" && !view.Sees(authz.NameList) || d.Type != "group" && !view.Sees(authz.Identity) {
		return nil, err
	}
	return s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "addSubject", Act: actChange}})
}

// See cuts dossiers that an area uphill read to what the caller may see, with their figures. It needs a transaction.
func (s *Service) See(ctx context.Context, rows []Dossier) ([]Seen, error) {
	return s.seeAll(ctx, rows)
}

// seeAll cuts dossiers to what the caller may see, by the rule in memory; a row that it refuses is
// dropped.
func (s *Service) seeAll(ctx context.Context, rows []Dossier) ([]Seen, error) {
	if len(rows) == 0 {
		return []Seen{}, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i] = d.ID
	}
	if err := s.k.Authz.Expect(ctx, ids...); err != nil {
		return nil, err
	}
	figures, err := s.figures(ctx, ids)
	if err != nil {
		return nil, err
	}
	views, err := s.k.Authz.Views(ctx, ids...)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen, 0, len(rows))
	for _, d := range rows {
		view := views[d.ID]
		if !view.Reads(d.Resource()) {
			if !view.Shielded() {
				s.k.Authz.Dropped(ctx, "dossier")
			}
			continue
		}
		cut := d.seenBy(view)
		f := figures[d.ID]
		f.LastChangeAt = latest(&d.ChangedAt, f.LastChangeAt)
		if view.Sees(authz.Identity) {
			f.LastChangeAt = latest(d.IdentityChangedAt, f.LastChangeAt)
		}
		seen = append(seen, Seen{Dossier: cut, Figures: f, Titled: view.Sees(authz.Identity), Tag: etag.Of(cut)})
	}
	return seen, nil
}

// figures joins what this area and the areas uphill count, under the caller's rights.
func (s *Service) figures(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Figures, error) {
	changes := lastItemChanges(ctx, ids)
	figures, err := s.Figures(ctx, ids)
	if err != nil {
		return nil, err
	}
	if figures == nil {
		figures = map[uuid.UUID]Figures{}
	}
	items, err := changes.Rows()
	for _, item := range items {
		f := figures[item.DossierID]
		f.LastChangeAt = latest(&item.At, f.LastChangeAt)
		figures[item.DossierID] = f
	}
	return figures, err
}

func latest(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

// Refs reads what the caller may know of dossiers beside other records; those out of his sight are
// not in it. It needs a transaction.
func (s *Service) Refs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Ref, error) {
	if len(ids) == 0 {
		return map[uuid.UUID]Ref{}, nil
	}
	if err := s.k.Authz.Expect(ctx, ids...); err != nil {
		return nil, err
	}
	return s.RefsLater(ctx, ids)()
}

// RefsLater is Refs that goes with the next query.
func (s *Service) RefsLater(ctx context.Context, ids []uuid.UUID) func() (map[uuid.UUID]Ref, error) {
	answer := refs(ctx, ids)
	return func() (map[uuid.UUID]Ref, error) {
		rows, err := answer.Rows()
		if err != nil {
			return nil, err
		}
		views, err := s.k.Authz.Views(ctx, ids...)
		return s.refsOf(ctx, rows, views), err
	}
}

func (s *Service) refsOf(ctx context.Context, rows []named, views map[uuid.UUID]authz.View) map[uuid.UUID]Ref {
	all := make(map[uuid.UUID]Ref, len(rows))
	for _, row := range rows {
		d := Dossier{ID: row.ID, Number: row.Number, Title: row.Title}
		if !views[d.ID].Reads(d.Resource()) {
			s.k.Authz.Dropped(ctx, "dossier")
			continue
		}
		all[d.ID] = d.refFor(views[d.ID])
	}
	return all
}

// VisibleItems tells which of the items the caller may read. It needs a transaction.
func (s *Service) VisibleItems(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return s.VisibleItemsLater(ctx, ids)()
}

// VisibleItemsLater is VisibleItems that goes with the next query.
func (s *Service) VisibleItemsLater(ctx context.Context, ids []uuid.UUID) func() (map[uuid.UUID]bool, error) {
	return visibleLater(ctx, "item", ids)
}

// VisibleLinks tells which of the links the caller may see both sides of. It needs a transaction.
func (s *Service) VisibleLinks(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return visible(ctx, "link", ids)
}
