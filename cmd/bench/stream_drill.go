package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// streamCommand lets writers commit late, readers leave and come back, and instances end and begin again, all at
// random, and holds what each reader was told against what stands in the database.
type streamCommand struct {
	Server    string `help:"The program under measurement." default:"bin/wijkregie" type:"path"`
	Events    int    `help:"How many events there are." default:"10000"`
	Writers   int    `help:"How many write at once." default:"12"`
	Readers   int    `help:"How many read; each directs one dossier, chairs another and stands in for a third." default:"30"`
	Instances int    `help:"How many processes serve the one database." default:"3"`
	Seed      uint64 `help:"Of what happens at random; another each time when 0."`
}

// Run holds the drill and prints how many events some reader missed, got twice or got out of order.
func (c streamCommand) Run(ctx context.Context) error {
	r := &results{}
	err := c.drill(ctx, r)
	r.print(os.Stdout)
	return err
}

// drill is one run.
type drill struct {
	streamCommand
	*crowd
	places    []*place
	readers   []*streamReader
	committed sync.Map // ids of events whose transaction was committed
	written   atomic.Int64
	restarts  atomic.Int64
	cuts      atomic.Int64
}

// place is where an instance serves, whichever process that is now.
type place struct {
	address string
	dir     string
	mu      sync.Mutex
	now     *child
}

// bound is how long the last events may take.
const bound = 2 * time.Minute

func (c streamCommand) drill(ctx context.Context, r *results) (err error) {
	if c.Seed == 0 {
		c.Seed = uint64(time.Now().UnixNano())
	}
	d := &drill{streamCommand: c}
	if d.crowd, err = (alertsCommand{Server: c.Server, Streams: c.Readers}).prepare(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.crowd.close()) }()
	defer d.stopAll()
	if err := d.startAll(ctx); err != nil {
		return err
	}
	say("drill: %d events, %d writers, %d readers, %d instances, seed %d", c.Events, c.Writers, c.Readers, c.Instances, c.Seed)
	began := time.Now()
	reading, end := context.WithCancel(ctx)
	defer end()
	var readers, others sync.WaitGroup
	d.read(reading, &readers)
	changing, calm := context.WithCancel(ctx)
	defer calm()
	others.Go(func() { d.restart(changing) })
	failed := d.write(ctx)
	calm()
	others.Wait()
	failed = errors.Join(failed, d.arrived(ctx))
	end()
	readers.Wait()
	missing, doubles, disorder, err := d.compare(ctx)
	if err = errors.Join(failed, err); err != nil {
		return err
	}
	say("%d events in %.0f s, %d restarts of instances, %d streams", d.written.Load(), time.Since(began).Seconds(), d.restarts.Load(), d.cuts.Load())
	say("missed %d, twice %d, out of order %d", missing, doubles, disorder)
	r.add("stream_events", float64(d.written.Load()))
	r.add("stream_restarts", float64(d.restarts.Load()))
	r.add("mismatches", float64(missing+doubles+disorder))
	return nil
}

// dice are random numbers of one who acts, the same in each run of one seed.
func (d *drill) dice(who uint64) *rand.Rand { return rand.New(rand.NewPCG(d.Seed, who)) }

// startAll begins the instances, in place of the one that prepared the database.
func (d *drill) startAll(ctx context.Context) error {
	if err := d.product.stop(); err != nil {
		return err
	}
	for i := range d.Instances {
		address, err := freeAddress()
		if err != nil {
			return err
		}
		p := &place{address: address, dir: filepath.Join(d.dir, fmt.Sprint("instance-", i))}
		d.places = append(d.places, p)
		if err := errors.Join(os.MkdirAll(p.dir, 0o755), d.begin(ctx, p)); err != nil {
			return err
		}
	}
	return nil
}

// begin starts a process at a place. All have one public address and one set of keys, as behind a balancer.
func (d *drill) begin(ctx context.Context, p *place) error {
	began := time.Now()
	c, err := begin(ctx, p.dir, "http://"+p.address, d.program, []string{"serve", "--demo"}, append(d.settings(d.product.url), "LISTEN="+p.address))
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.now = c
	p.mu.Unlock()
	_, err = c.ready(ctx, "/readyz", began)
	return err
}

func (d *drill) stopAll() {
	for _, p := range d.places {
		if p.now != nil {
			_ = p.now.stop()
		}
	}
}

// restart ends instances, by turns at once and in order, and begins them again, until ctx ends.
func (d *drill) restart(ctx context.Context) {
	dice := d.dice(1)
	for n := 0; wait(ctx, time.Duration(200+dice.IntN(1500))*time.Millisecond) == nil; n++ {
		p := d.places[dice.IntN(len(d.places))]
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[n%2]
		if err := p.now.cmd.Process.Signal(signal); err != nil {
			say("an instance has ended by itself: %v", err)
		}
		<-p.now.ended
		if err := d.begin(context.WithoutCancel(ctx), p); err != nil {
			say("an instance does not begin again: %v", err)
			return
		}
		d.restarts.Add(1)
	}
}

// write lets the writers go on until there are enough events.
func (d *drill) write(ctx context.Context) error {
	var all sync.WaitGroup
	failures := make([]error, d.Writers)
	for n := range d.Writers {
		all.Go(func() { failures[n] = d.writer(ctx, d.dice(uint64(100+n))) })
	}
	all.Wait()
	return errors.Join(failures...)
}

// writer writes some events in each transaction and commits late, or not at all. It writes what the journal would:
// no request can be made to commit late.
func (d *drill) writer(ctx context.Context, dice *rand.Rand) (err error) {
	conn, err := pgx.Connect(ctx, d.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for d.written.Load() < int64(d.Events) {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		var ids []uuid.UUID
		for range 1 + dice.IntN(4) {
			id := uuid.Must(uuid.NewV7())
			_, err := tx.Exec(ctx, `insert into pending_event (municipality_id, id, name, dossier_id, subject_type, subject_id, fields, at)
				values ($1, $2, 'regie.changed', $3, 'dossier', $3, '["regiePhase"]', clock_timestamp())`, demo.Veldhoven, id, d.dossiers[dice.IntN(len(d.dossiers))])
			if err != nil {
				return errors.Join(err, tx.Rollback(ctx))
			}
			ids = append(ids, id)
			if err := wait(ctx, time.Duration(dice.IntN(60))*time.Millisecond); err != nil {
				return errors.Join(err, tx.Rollback(context.WithoutCancel(ctx)))
			}
		}
		if dice.IntN(10) == 0 {
			if err := tx.Rollback(ctx); err != nil {
				return err
			}
			continue
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
		for _, id := range ids {
			d.committed.Store(id, true)
		}
		d.written.Add(int64(len(ids)))
	}
	return nil
}
