package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// DecisionDossier tells of which dossier a decision is. It fails with problem.NotFound when the caller may not read it,
// and needs a transaction.
func (s *Service) DecisionDossier(ctx context.Context, decision uuid.UUID) (uuid.UUID, error) {
	d, err := findDecision(ctx, decision)
	if err != nil {
		return uuid.Nil, err
	}
	rows, err := readable(ctx, s, []Decision{d})
	if err == nil && len(rows) == 0 {
		err = db.NotFound()
	}
	return d.DossierID, err
}
