package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// latest is the number of somebody's latest alert.
type latest struct {
	ProfessionalID uuid.UUID
	Seq            int64
}

// newestAfter finds who has alerts after a number, for the system.
func newestAfter(ctx context.Context, municipality string, after int64) (all []latest, err error) {
	err = db.Conn(ctx).Raw("select professional_id, max(seq) as seq from alert where municipality_id = ? and seq > ? group by professional_id",
		municipality, after).Scan(&all).Error
	return all, err
}

// highestOfAll is the number of the latest alert of a municipality; 0 without any.
func highestOfAll(ctx context.Context, municipality string) (seq int64, err error) {
	err = db.Conn(ctx).Raw("select coalesce(max(seq), 0) from alert where municipality_id = ?", municipality).Scan(&seq).Error
	return seq, err
}
