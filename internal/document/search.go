package document

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
)

// Found reads of the documents of which a search met the title or the source those that the caller may read. It needs a
// transaction.
func (s *Service) Found(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	rows, err := withIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err = s.seeable(ctx, rows)
	all := make([]dossier.Found, len(rows))
	for i, d := range rows {
		all[i] = dossier.Found{
			ID: d.ID, DossierID: d.DossierID, At: d.AddedAt, Category: d.Category, Text: d.Title + " " + d.Source, Address: "/v1/documents/" + d.ID.String(),
		}
	}
	return all, err
}
