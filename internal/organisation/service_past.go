package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Past is what the records said of a professional, or of a partner alone, at a moment.
type Past struct {
	Identity     identity.Identity // without sight and without whom he stood in for
	Since        *time.Time        // of what is said of the professional; nil for a partner
	PartnerSince time.Time         // of what is said of the partner
	ValidUntil   *time.Time        // last day of the professional's access
	Suspended    bool              // the partner had no access, or took no part yet
	Expired      bool              // the professional's access had ended, or he was not registered yet
}

// ProfessionalsAt tells what the records said of professionals at a moment, by their id; who is not there at
// all is not among them. It needs a transaction.
func (s *Service) ProfessionalsAt(ctx context.Context, ids []uuid.UUID, at time.Time) (map[uuid.UUID]Past, error) {
	rows, err := professionalsThen(ctx, ids, at)
	if err != nil {
		return nil, err
	}
	return s.past(ctx, rows, at)
}

// PartnersAt tells what the records said of partners at a moment, by their id, each as one of its systems
// that is limited to no categories. It needs a transaction.
func (s *Service) PartnersAt(ctx context.Context, ids []uuid.UUID, at time.Time) (map[uuid.UUID]Past, error) {
	rows, err := partnersThen(ctx, ids, at)
	if err != nil {
		return nil, err
	}
	return s.past(ctx, rows, at)
}

// HoldingAt lists the professionals who had a role at a moment, whether their access lasted or not. It needs
// a transaction.
func (s *Service) HoldingAt(ctx context.Context, role identity.Role, at time.Time) ([]uuid.UUID, error) {
	return holdingThen(ctx, role, at)
}

func (s *Service) past(ctx context.Context, rows []pastStanding, at time.Time) (map[uuid.UUID]Past, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := s.Zone(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[uuid.UUID]Past, len(rows))
	for _, r := range rows {
		p := Past{
			Identity: identity.Identity{
				Municipality: who.Municipality, Partner: r.PartnerID, PartnerType: r.PartnerType, Professional: r.ProfessionalID, Roles: r.Roles,
			},
			Since: r.Since, PartnerSince: r.PartnerSince, ValidUntil: r.ValidUntil,
			Suspended: r.PartnerStatus != Active || r.PartnerSince.After(at),
		}
		p.Expired = r.Since != nil && r.Since.After(at) || r.ValidUntil != nil && !at.Before(expiry(*r.ValidUntil, zone))
		if id := r.ProfessionalID; id != uuid.Nil {
			all[id] = p
			continue
		}
		all[r.PartnerID] = p
	}
	return all, nil
}
