package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// FoundActions reads of the actions that a search met those that the caller may read. It needs a transaction.
func (s *Service) FoundActions(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	rows, err := withIDs(ctx, "id", ids)
	if err != nil {
		return nil, err
	}
	rows, err = s.readable(ctx, rows)
	all := make([]dossier.Found, len(rows))
	for i, a := range rows {
		all[i] = dossier.Found{
			ID: a.ID, DossierID: a.DossierID, At: a.CreatedAt, Category: authz.Action, Text: a.Description + " " + a.Mediator,
			Address: "/v1/actions/" + a.ID.String(),
		}
	}
	return all, err
}
