package alert

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

// few is in how many dossiers a reader is at most for the feed to be looked for in each of them. Who is in more finds the next
// events soon when he goes through the feed itself; who is in few would go through what happened to all others.
const few = 500

const inFewSQL = `select count(*) from (select from my_admissions limit ?) mine`

// nextOfMineSQL looks in each of the reader's dossiers, so that its cost does not grow with what happens in others; and for those
// that he is in no longer.
const nextOfMineSQL = `select * from (
  select f.* from (select distinct dossier_id from my_admissions) mine cross join lateral (
    select * from feed_events e where e.dossier_id = mine.dossier_id and e.name <> 'access.lost' and e.seq > @after order by e.seq limit @many) f
  union all (select * from feed_events where name = 'access.lost' and seq > @after order by seq limit @many)) f
order by seq limit @many`

// nextEvents reads what happened after a number where the reader may know of it, the earliest first. Of each event it is still to be
// said what he may know.
func nextEvents(ctx context.Context, f FeedFilter, many int) (events []delivery.Event, err error) {
	if f.DossierID == nil {
		var in int64
		if err := db.Conn(ctx).Raw(inFewSQL, few).Scan(&in).Error; err != nil {
			return nil, err
		}
		if in < few {
			err = db.Conn(ctx).Raw(nextOfMineSQL, sql.Named("after", f.After), sql.Named("many", many)).Find(&events).Error
			return events, err
		}
	}
	q := db.Mine(ctx, "feed_events").Where("seq > ?", f.After)
	if f.DossierID != nil {
		q = q.Where("dossier_id = ?", *f.DossierID)
	}
	err = q.Order("seq").Limit(many).Find(&events).Error
	return events, err
}

// findEvent reads an event that the reader may know of.
func findEvent(ctx context.Context, id uuid.UUID) (e delivery.Event, err error) {
	err = db.One(db.Mine(ctx, "feed_events").Where("id = ?", id).Take(&e))
	return e, err
}
