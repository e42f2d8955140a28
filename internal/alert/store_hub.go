package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// handed is a new alert of somebody.
type handed struct {
	ProfessionalID uuid.UUID
	Line           line `gorm:"embedded"`
}

// mostHanded bounds the alerts of one look.
const mostHanded = 1000

// handedAfter reads the alerts after a number, the earliest first, for the system.
func handedAfter(ctx context.Context, municipality string, after int64) (all []handed, err error) {
	err = db.Conn(ctx).Raw(`select alert.professional_id, alert.id as alert_id, alert.acknowledged_at, alert.named, alert.by_rule, e.*
		from alert join feed e on e.municipality_id = alert.municipality_id and e.seq = alert.seq
		where alert.municipality_id = ? and alert.seq > ? order by alert.seq limit ?`, municipality, after, mostHanded).Scan(&all).Error
	return all, err
}

// highestOfAll is the number of the latest alert of a municipality; 0 without any.
func highestOfAll(ctx context.Context, municipality string) (seq int64, err error) {
	err = db.Conn(ctx).Raw("select coalesce(max(seq), 0) from alert where municipality_id = ?", municipality).Scan(&seq).Error
	return seq, err
}
