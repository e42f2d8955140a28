package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// quickNote is the source of what somebody noted on the way.
const quickNote = "quick note"

// noteCategories are where a quick note goes: the first in which its author may add.
func noteCategories() []authz.Category {
	return []authz.Category{
		authz.Incident, authz.Guidance, authz.Enforcement, authz.Housing, authz.Network, authz.Provision, authz.LifeDomain, authz.Finance, authz.Police,
		authz.Health, authz.Judicial, authz.Subversion,
	}
}

// AddQuickNote supplies an item observed today, in the first category that suits who notes it. It fails with
// problem.Forbidden where there is none.
func (s *Service) AddQuickNote(ctx context.Context, dossier uuid.UUID, n NewItem) (in Within[SeenItem], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		if n.Category, err = s.noteCategory(ctx, d); err != nil {
			return err
		}
		if n.Category == authz.Core { // refused as an item would be
			return s.k.Authz.Require(ctx, actAdd, d.Content(d.ID, noteCategories()[0]))
		}
		n.ObservedOn = s.today(ctx)
		in, err = s.AddItem(ctx, dossier, n)
		return err
	})
	return in, err
}

// noteCategory is where the caller's note goes; Core when he may add to none of them.
func (s *Service) noteCategory(ctx context.Context, d Dossier) (authz.Category, error) {
	for _, c := range noteCategories() {
		may, err := s.k.Authz.Allowed(ctx, d.Content(d.ID, c), []authz.Operation{{ID: "addQuickNote", Act: actAdd}})
		if err != nil || len(may) > 0 {
			return c, err
		}
	}
	return authz.Core, nil
}
