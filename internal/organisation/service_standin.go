package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// StandIns tells who stands in for professionals at a moment, by the professional replaced. It needs
// a transaction, of a request or of the system.
func (s *Service) StandIns(ctx context.Context, professionals []uuid.UUID, at time.Time) (map[uuid.UUID][]uuid.UUID, error) {
	found := map[uuid.UUID][]uuid.UUID{}
	if len(professionals) == 0 {
		return found, nil
	}
	rows, err := standInsFor(ctx, professionals, at)
	if err != nil || len(rows) == 0 {
		return found, err
	}
	today := at.In(s.ZoneOf(ctx))
	for _, row := range rows {
		if valid(row.ValidUntil, today) {
			found[row.ProfessionalID] = append(found[row.ProfessionalID], row.SubstituteID)
		}
	}
	return found, nil
}
