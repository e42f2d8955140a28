package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// streamReader is one reader: what he was told, in the order in which it came.
type streamReader struct {
	token string
	who   uuid.UUID
	mu    sync.Mutex
	heard []int64
}

// last is where he resumes.
func (f *streamReader) last() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.heard) == 0 {
		return 0
	}
	return f.heard[len(f.heard)-1]
}

func (f *streamReader) hears(seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard = append(f.heard, seq)
}

// read lets the readers read until ctx ends.
func (d *drill) read(ctx context.Context, all *sync.WaitGroup) {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	for i, token := range d.told {
		f := &streamReader{token: token, who: d.people[i]}
		d.readers = append(d.readers, f)
		dice := d.dice(uint64(10_000 + i))
		all.Go(func() {
			for ctx.Err() == nil {
				d.cuts.Add(1)
				d.stay(ctx, client, f, dice)
			}
		})
	}
}

// stay reads at some instance for a while, from where the reader was, and leaves in the middle.
func (d *drill) stay(ctx context.Context, client *http.Client, f *streamReader, dice *rand.Rand) {
	ctx, leave := context.WithTimeout(ctx, time.Duration(100+dice.IntN(6000))*time.Millisecond)
	defer leave()
	many := 1 + dice.IntN(200)
	lines, shut, err := openStream(ctx, client, "http://"+d.places[dice.IntN(len(d.places))].address, f.token, f.last())
	if err != nil { // it is ended just now
		_ = wait(ctx, 50*time.Millisecond)
		return
	}
	defer shut()
	for range many {
		a, err := lines.next()
		if err != nil {
			return
		}
		f.hears(a.Sequence)
	}
}

// arrived waits until everything is numbered and each reader has had his last alert.
func (d *drill) arrived(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	for {
		var pending int
		if err := d.admin.QueryRow(ctx, "select count(*) from pending_event").Scan(&pending); err != nil {
			return err
		}
		behind := 0
		for _, f := range d.readers {
			truth, err := d.truth(ctx, f.who)
			if err != nil {
				return err
			}
			if len(truth) > 0 && f.last() < truth[len(truth)-1] {
				behind++
			}
		}
		if pending == 0 && behind == 0 {
			return nil
		}
		if err := wait(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("%d events wait for their number and %d readers for their last alert: %w", pending, behind, err)
		}
	}
}

// truth is what somebody has to be told, in order.
func (d *drill) truth(ctx context.Context, who uuid.UUID) ([]int64, error) {
	rows, err := d.admin.Query(ctx, "select seq from alert where municipality_id = $1 and professional_id = $2 order by seq", demo.Veldhoven, who)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// compare counts what readers missed, got twice or got out of order, and events that were committed and have no number.
func (d *drill) compare(ctx context.Context) (missing, doubles, disorder int, err error) {
	for _, f := range d.readers {
		truth, err := d.truth(ctx, f.who)
		if err != nil {
			return 0, 0, 0, err
		}
		if !slices.IsSorted(f.heard) {
			disorder++
		}
		sorted := slices.Sorted(slices.Values(f.heard))
		once := slices.Compact(slices.Clone(sorted))
		doubles += len(sorted) - len(once)
		told := 0
		for _, seq := range truth {
			if _, there := slices.BinarySearch(once, seq); there {
				told++
			}
		}
		missing += len(truth) - told
		disorder += len(once) - told // told of what is not in his inbox
	}
	lost, err := d.unnumbered(ctx)
	return missing + lost, doubles, disorder, err
}

// unnumbered counts events of committed transactions that are not in the feed, or the feed's own gaps.
func (d *drill) unnumbered(ctx context.Context) (lost int, err error) {
	rows, err := d.admin.Query(ctx, "select id from feed where municipality_id = $1", demo.Veldhoven)
	if err != nil {
		return 0, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, err
	}
	numbered := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		numbered[id] = true
	}
	d.committed.Range(func(id, _ any) bool {
		if !numbered[id.(uuid.UUID)] {
			lost++
		}
		return true
	})
	var gaps int
	err = d.admin.QueryRow(ctx, "select max(seq) - count(*) from feed where municipality_id = $1", demo.Veldhoven).Scan(&gaps)
	return lost + gaps, err
}
