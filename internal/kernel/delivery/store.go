package delivery

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// channel is where instances tell each other how far a feed has come.
const channel = "wijkregie_feed"

// pending lists the municipalities with events that have no number yet.
func (s *Sequencer) pending(ctx context.Context) (ids []string, err error) {
	pool, err := s.db.SystemPool()
	if err != nil {
		return nil, err
	}
	rows, err := pool.QueryContext(ctx, "select pending_municipalities()")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// head locks the head of the feed and reads its last number; mine is false when another instance
// holds it. The row is made on first use.
func head(ctx context.Context, municipality string) (last int64, mine bool, err error) {
	conn := db.Conn(ctx)
	err = conn.Raw("select last from feed_head where municipality_id = ? for update skip locked", municipality).Row().Scan(&last)
	if !errors.Is(err, sql.ErrNoRows) {
		return last, err == nil, err
	}
	made := conn.Exec("insert into feed_head (municipality_id) values (?) on conflict do nothing", municipality)
	return 0, made.RowsAffected == 1, made.Error
}

const eventColumns = `id, name, dossier_id, subject_type, subject_id, category, supplier_id, fields, actor_id,
 actor_partner_id, in_name_of, basis, at, tell`

const moveSQL = `with moved as (
  delete from pending_event where municipality_id = ? and id in (
    select id from pending_event where municipality_id = ? order by at, id limit ?) returning *)
insert into feed (municipality_id, seq, sequenced_at, ` + eventColumns + `)
select municipality_id, ?::bigint + row_number() over (order by at, id), ?::timestamptz, ` + eventColumns + ` from moved returning *`

// move takes pending events into the feed. It must be a statement after the one that locks the
// head: its snapshot then holds every commit of whoever held the head before, and numbers follow
// the order in which commits became visible.
func move(ctx context.Context, municipality string, last int64, now time.Time) (events []Event, err error) {
	conn := db.Conn(ctx)
	err = conn.Raw(moveSQL, municipality, municipality, batch, last, now).Find(&events).Error
	if err != nil || len(events) == 0 {
		return nil, err
	}
	slices.SortFunc(events, func(a, b Event) int { return int(a.Seq - b.Seq) })
	return events, conn.Exec("update feed_head set last = ?, moved_at = ? where municipality_id = ?",
		last+int64(len(events)), now, municipality).Error
}

// notify tells all instances with the commit; once per batch, because the commit of a notification
// takes a lock of the whole cluster.
func notify(ctx context.Context, municipality string, last int64) error {
	return db.Conn(ctx).Exec("select pg_notify(?, ?)", channel, fmt.Sprintf("%s:%d", municipality, last)).Error
}

// heads reads how far every feed has come.
func heads(ctx context.Context, conn *pgx.Conn) (map[string]int64, error) {
	rows, err := conn.Query(ctx, "select municipality_id, last from feed_head")
	if err != nil {
		return nil, err
	}
	found := map[string]int64{}
	var municipality string
	var last int64
	_, err = pgx.ForEachRow(rows, []any{&municipality, &last}, func() error {
		found[municipality] = last
		return nil
	})
	return found, err
}
