package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// standIn is who stands in for a professional.
type standIn struct {
	ProfessionalID uuid.UUID
	SubstituteID   uuid.UUID
	ValidUntil     *time.Time // of the professional replaced
}

// standInsFor reads who stands in for professionals at a moment; of the same partner only, as for
// the duties of an identity.
func standInsFor(ctx context.Context, professionals []uuid.UUID, at time.Time) (rows []standIn, err error) {
	q := mine(ctx, "substitution").
		Joins("join professional r on r.municipality_id = substitution.municipality_id and r.id = substitution.professional_id").
		Joins("join professional t on t.municipality_id = substitution.municipality_id and t.id = substitution.substitute_id and t.partner_id = r.partner_id").
		Where("substitution.professional_id = any(?) and starts_at <= ? and ends_at > ?", db.IDs(professionals), at, at)
	return rows, q.Select("substitution.professional_id, substitution.substitute_id, r.valid_until").Order("substitution.id").Find(&rows).Error
}

func holding(ctx context.Context, role identity.Role) (people []Professional, err error) {
	return people, mine(ctx, "professional").Where("roles @> to_jsonb(?::text)", role).Order("id").Find(&people).Error
}
