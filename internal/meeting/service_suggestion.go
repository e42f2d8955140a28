package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Suggestions reads a page of the dossiers of the meeting's table that need attention, as far as the caller sees
// them; it needs who leads the meeting, and gives none for a meeting without a table.
func (s *Service) Suggestions(ctx context.Context, meeting uuid.UUID, p page.Request) (rows []Suggestion, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actSuggested, m.Resource()); err != nil || m.TableID == nil {
			return err
		}
		found, err := s.dossiers.List(ctx, dossier.Filter{TableID: m.TableID, Sort: "-openedAt"}, page.Request{Limit: most})
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(found.Rows))
		for i, d := range found.Rows {
			ids[i] = d.ID
		}
		reasons, err := s.Attention(ctx, ids)
		if err != nil {
			return err
		}
		refs, err := s.dossiers.Refs(ctx, ids)
		if err != nil {
			return err
		}
		agenda, err := s.agenda(ctx, m.ID)
		if err != nil {
			return err
		}
		rows, next = cutAfter(suggested(reasons, refs, agenda), p, func(one Suggestion) uuid.UUID { return one.DossierID })
		return nil
	})
	return rows, next, err
}
