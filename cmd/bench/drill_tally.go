package main

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// tally is what became of the changes of a fault.
type tally struct {
	changes, lost, doubles, doubleMails int
	streamed, settled                   time.Duration // from the end of the fault until all had arrived
}

func (t *tally) add(other tally) {
	t.changes, t.lost = t.changes+other.changes, t.lost+other.lost
	t.doubles, t.doubleMails = t.doubles+other.doubles, t.doubleMails+other.doubleMails
}

// compare notes what of the truth did not arrive and what came too often.
func compare[T comparable](truth, arrived []T) (lost, doubles int) {
	counts := map[T]int{}
	for _, v := range arrived {
		counts[v]++
	}
	for _, v := range truth {
		if counts[v] == 0 {
			lost++
			continue
		}
		counts[v]--
	}
	for _, n := range counts {
		doubles += n
	}
	return lost, doubles
}

// settle waits until everything has arrived, or for so long, and counts.
func (s *scene) settle(ctx context.Context, longest time.Duration) (t tally, err error) {
	over := time.Now()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	var streamed bool
	for {
		waiting, err := number(ctx, s.owner, `select (select count(*) from pending_event) + (select count(*) from delivery where seq > $1 and state = 'pending')
			+ (select count(*) from webhook_delivery where state = 'pending')`, s.since)
		if err != nil {
			return t, err
		}
		if !streamed {
			if streamed, err = s.streamed(ctx); err != nil {
				return t, err
			}
			t.streamed = time.Since(over)
		}
		if t.settled = time.Since(over); streamed && waiting == 0 || t.settled > longest {
			break
		}
		select {
		case <-ctx.Done():
			return t, ctx.Err()
		case <-ticks.C:
		}
	}
	for _, count := range []func(context.Context) (int, int, error){s.events, s.alerts, s.streams, s.mails, s.hooks} {
		lost, doubles, err := count(ctx)
		if err != nil {
			return t, err
		}
		t.lost, t.doubles = t.lost+lost, t.doubles+doubles
	}
	for _, n := range s.post.letters() {
		t.doubleMails += n - 1
	}
	t.changes = len(s.made)
	return t, nil
}

// events compares the changes that were answered with the feed.
func (s *scene) events(ctx context.Context) (lost, doubles int, err error) {
	feed, err := column[uuid.UUID](ctx, s.owner, "select subject_id from feed where seq > $1 and name = 'item.added'", s.since)
	lost, doubles = compare(s.made, feed)
	return lost, doubles, err
}

// entry is somebody's alert.
type entry struct {
	seq int64
	who uuid.UUID
}

// alerts compares the feed with the inboxes of case director and chair.
func (s *scene) alerts(ctx context.Context) (lost, doubles int, err error) {
	feed, err := column[int64](ctx, s.owner, "select seq from feed where seq > $1 and name = 'item.added'", s.since)
	if err != nil {
		return 0, 0, err
	}
	var truth []entry
	for _, seq := range feed {
		truth = append(truth, entry{seq, person("case-director")}, entry{seq, person("chair")})
	}
	rows, err := s.owner.Query(ctx, "select a.seq, a.professional_id from alert a join feed f using (municipality_id, seq) where a.seq > $1 and f.name = 'item.added'", s.since)
	if err != nil {
		return 0, 0, err
	}
	inboxes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t entry, err error) { return t, row.Scan(&t.seq, &t.who) })
	lost, doubles = compare(truth, inboxes)
	return lost, doubles, err
}

// inbox is what the stream has to bring, in its order.
func (s *scene) inbox(ctx context.Context) ([]int64, error) {
	return column[int64](ctx, s.owner, "select seq from alert where seq > $1 and professional_id = $2 order by seq", s.since, person("case-director"))
}

// streamed tells whether the stream has brought as much as there is, of all changes.
func (s *scene) streamed(ctx context.Context) (bool, error) {
	inbox, err := s.inbox(ctx)
	return len(inbox) >= len(s.made) && len(s.reader.got()) >= len(inbox), err
}

// streams compares the stream with the inbox. An event out of its order counts as lost.
func (s *scene) streams(ctx context.Context) (lost, doubles int, err error) {
	inbox, err := s.inbox(ctx)
	got := s.reader.got()
	lost, doubles = compare(inbox, got)
	if !slices.IsSorted(got) {
		lost++
	}
	return lost, doubles, err
}

// mails compares the alerts with what the mail server took. A letter that came again under its Message-ID is counted
// elsewhere; one that nobody knows is a double.
func (s *scene) mails(ctx context.Context) (lost, doubles int, err error) {
	letters := s.post.letters()
	rows, err := s.owner.Query(ctx, `select coalesce(d.letter_id::text, ''), coalesce(d.state, '') from alert a
		join feed f using (municipality_id, seq) left join delivery d on d.municipality_id = a.municipality_id and d.alert_id = a.id and d.channel = 'email'
		where a.seq > $1 and f.name = 'item.added'`, s.since)
	if err != nil {
		return 0, 0, err
	}
	var letter, state string
	_, err = pgx.ForEachRow(rows, []any{&letter, &state}, func() error {
		if state != "sent" || letters[letter] == 0 {
			lost++
		}
		return nil
	})
	if err != nil {
		return lost, 0, err
	}
	known, err := column[string](ctx, s.owner, "select distinct letter_id::text from delivery where letter_id is not null") // of what the clock brings, too
	for letter := range letters {
		if !slices.Contains(known, letter) {
			doubles++
		}
	}
	return lost, doubles, err
}

// column reads one column.
func column[T any](ctx context.Context, conn *pgx.Conn, sql string, args ...any) ([]T, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

func number(ctx context.Context, conn *pgx.Conn, sql string, args ...any) (n int64, err error) {
	return n, conn.QueryRow(ctx, sql, args...).Scan(&n)
}
