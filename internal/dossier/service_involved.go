package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Part is a period in which somebody takes part in a dossier by name, or a partner of which nobody is named.
type Part struct {
	PartnerID      uuid.UUID
	ProfessionalID *uuid.UUID // nil for a partner of which nobody is named
	Role           string     // participant or incidental
	Since          time.Time
	Until          *time.Time // nil as long as it lasts
}

// Parts reads who takes part in a dossier that the caller may read, and who did; the earliest first. It needs a
// transaction.
func (s *Service) Parts(ctx context.Context, dossier uuid.UUID) ([]Part, error) {
	d, err := s.Require(ctx, dossier)
	if err != nil {
		return nil, err
	}
	participants, err := participantsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	roles := make(map[uuid.UUID]string, len(participants))
	for _, p := range participants {
		roles[p.PartnerID] = p.Role
	}
	named, err := namedIn(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := range named {
		named[i].Role = roles[named[i].PartnerID]
	}
	for _, p := range participants {
		if len(p.ProfessionalIDs) == 0 {
			named = append(named, Part{PartnerID: p.PartnerID, Role: p.Role, Since: p.StartsAt, Until: p.EndsAt})
		}
	}
	return named, nil
}
