package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
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

// Holding lists the professionals who hold a role and have access at a moment. It needs a transaction, of a
// request or of the system.
func (s *Service) Holding(ctx context.Context, role identity.Role, at time.Time) ([]uuid.UUID, error) {
	people, err := holding(ctx, role)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	today := at.In(s.ZoneOf(ctx))
	var ids []uuid.UUID
	for _, p := range people {
		if p.ValidOn(today) {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}
