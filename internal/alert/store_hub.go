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

// handedSQL takes the alerts before their events, or the database, which plans it for any number, reads half the feed.
const handedSQL = `with news as materialized (
  select professional_id, id as alert_id, acknowledged_at, named, by_rule, seq from alert where municipality_id = @municipality and seq > @after order by seq limit @many)
select news.professional_id, news.alert_id, news.acknowledged_at, news.named, news.by_rule, e.*
from news join feed e on e.municipality_id = @municipality and e.seq = news.seq order by e.seq`

// handedAfter reads the alerts after a number, the earliest first, for the system.
func handedAfter(ctx context.Context, municipality string, after int64) (all []handed, err error) {
	err = db.Conn(ctx).Raw(handedSQL, map[string]any{"municipality": municipality, "after": after, "many": mostHanded}).Scan(&all).Error
	return all, err
}

// highestOfAll is the number of the latest alert of a municipality; 0 without any.
func highestOfAll(ctx context.Context, municipality string) (seq int64, err error) {
	err = db.Conn(ctx).Raw("select coalesce(max(seq), 0) from alert where municipality_id = ?", municipality).Scan(&seq).Error
	return seq, err
}
