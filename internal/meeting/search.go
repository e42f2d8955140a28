package meeting

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// FoundDeliberations reads of the deliberations that a search met those that the caller may read. It needs a
// transaction.
func (s *Service) FoundDeliberations(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	return found(ctx, s, "deliberation", ids, Deliberation.found)
}

// FoundDecisions reads of the decisions that a search met those that the caller may read. It needs a transaction.
func (s *Service) FoundDecisions(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	return found(ctx, s, "decision", ids, Decision.found)
}

func found[T content](ctx context.Context, s *Service, table string, ids []uuid.UUID, tell func(T) dossier.Found) ([]dossier.Found, error) {
	var rows []T
	if err := db.Mine(ctx, table).Where("id = any(?)", db.IDs(ids)).Find(&rows).Error; err != nil {
		return nil, err
	}
	rows, err := readable(ctx, s, rows)
	all := make([]dossier.Found, len(rows))
	for i, row := range rows {
		all[i] = tell(row)
	}
	return all, err
}

func (d Deliberation) found() dossier.Found {
	parts := []string{d.SocialPerspective, d.SafetyPerspective, d.AbsenceReason, d.Advice}
	for _, c := range d.Contributions {
		parts = append(parts, c.Text)
	}
	return dossier.Found{
		ID: d.ID, DossierID: d.DossierID, At: d.RecordedAt, Category: authz.Deliberation, Text: strings.Join(parts, " "),
		Address: "/v1/agenda-items/" + d.AgendaItemID.String() + "/deliberations/" + d.ID.String(),
	}
}

func (d Decision) found() dossier.Found {
	parts := []string{d.Text, d.Reasons, d.Dissent}
	for _, c := range d.Dissents {
		parts = append(parts, c.Text)
	}
	return dossier.Found{
		ID: d.ID, DossierID: d.DossierID, At: d.DecidedAt, Category: authz.Deliberation, Text: strings.Join(parts, " "),
		Address: "/v1/agenda-items/" + d.AgendaItemID.String() + "/decisions/" + d.ID.String(),
	}
}
