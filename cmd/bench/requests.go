package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// contest compares the product with the bare server, on one database, by one client.
type contest struct {
	runCommand
	product, bare *side
	admin         *pgx.Conn
	postmaster    int // process of PostgreSQL
}

// side is one of the two servers.
type side struct {
	*child
	*load
}

// requests measures list, read and write: both servers in turn, so that what else the machine does
// meets both, and the median over the rounds.
func (c runCommand) requests(ctx context.Context, g *ground, r *results) (err error) {
	server, err := g.serveBare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	token, err := g.token(ctx, reader)
	if err != nil {
		return err
	}
	admin, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	t := &contest{
		runCommand: c, admin: admin, product: &side{child: g.product, load: newLoad(g.product.url, token, c.Callers)},
		bare: &side{child: server, load: newLoad(server.url, token, c.Callers)},
	}
	if t.postmaster, err = t.parent(ctx); err != nil {
		return err
	}
	all := kinds(g.filled)
	same, err := t.same(ctx, g.url, all)
	if err != nil || c.Check {
		return errors.Join(err, same)
	}
	if same != nil {
		say("CAUTION: %v", same)
	}
	r.add("same_statements", map[bool]float64{true: 1}[same == nil])
	for _, k := range all {
		if !slices.Contains(c.Kind, k.name) {
			continue
		}
		if err := t.compare(ctx, k, r); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

// parent is the process of which all sessions of PostgreSQL are children.
func (t *contest) parent(ctx context.Context) (int, error) {
	var session int
	if err := t.admin.QueryRow(ctx, "select pg_backend_pid()").Scan(&session); err != nil {
		return 0, err
	}
	parent, _, err := processTime(session)
	return parent, err
}

// serveBare starts the bare server on the same database.
func (g *ground) serveBare(ctx context.Context) (*child, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c, err := begin(ctx, g.dir, "http://"+address, self, []string{"bare"}, []string{"LISTEN=" + address, "DATABASE_URL=" + g.url})
	if err != nil {
		return nil, err
	}
	if _, err := c.ready(ctx, "/ready", began); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// same tells where the two servers do not execute the same statements, nil when they do: then the product
// has changed and the bare handlers are to follow.
func (t *contest) same(ctx context.Context, url string, all []kind) (differs, err error) {
	rec, err := record(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rec.close(context.WithoutCancel(ctx))) }()
	for _, k := range all {
		var ran [2][]string
		for i, s := range []*side{t.product, t.bare} {
			if ran[i], err = rec.of(k.marker, func() error { return s.send(ctx, k, 0) }); err != nil {
				return nil, err
			}
		}
		if i := differ(ran[0], ran[1]); i >= 0 {
			differs = errors.Join(differs, fmt.Errorf("the bare %s does not run the product's statements; number %d is\n%s\nand not\n%s",
				k.name, i+1, at(ran[0], i), at(ran[1], i)))
		}
	}
	return differs, t.settle(ctx)
}

// differ is the place of the first difference, -1 without one.
func differ(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

func at(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return "(nothing)"
}

// turned is what one turn gave.
type turned struct{ perSecond, cpu, database float64 } // processor time in milliseconds per request

// compare gives both servers a turn in each round, the one that begins by turns as well.
func (t *contest) compare(ctx context.Context, k kind, r *results) error {
	var speed, cpu, ours, bare []float64
	for round := range t.Rounds + 1 {
		var got [2]turned
		order := []int{round % 2, 1 - round%2}
		for _, i := range order {
			var err error
			if got[i], err = t.turn(ctx, i == 0, k); err != nil {
				return err
			}
		}
		if round == 0 {
			continue // to warm both up
		}
		speed, cpu = append(speed, got[0].perSecond/got[1].perSecond), append(cpu, got[0].cpu/got[1].cpu)
		ours, bare = append(ours, got[0].perSecond), append(bare, got[1].perSecond)
		say("%s %d: %.0f/s and bare %.0f/s; CPU of the server %.2f and %.2f ms, of the database %.2f and %.2f ms", k.name, round,
			got[0].perSecond, got[1].perSecond, got[0].cpu, got[1].cpu, got[0].database, got[1].database)
	}
	r.add(k.name+"_ratio", median(speed))
	r.add(k.name+"_cpu_ratio", median(cpu))
	r.add(k.name+"_rps", median(ours))
	r.add(k.name+"_bare_rps", median(bare))
	return nil
}

// turn lets one server answer. The product rests while the bare one does, so that it does not sequence
// the other's events meanwhile; its own work behind a write is part of its turn.
func (t *contest) turn(ctx context.Context, product bool, k kind) (got turned, err error) {
	s := t.product
	if !product {
		s = t.bare
		if err := t.product.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			return got, err
		}
		defer func() {
			_, failed := t.admin.Exec(ctx, "delete from pending_event")
			err = errors.Join(err, failed, t.product.cmd.Process.Signal(syscall.SIGCONT))
		}()
	}
	before, err := s.cpu()
	database := familyTime(t.postmaster)
	if err != nil {
		return got, err
	}
	done, perSecond, err := s.load.turn(ctx, k, t.Callers, t.Turn)
	if err != nil {
		return got, err
	}
	if product {
		if err := t.settle(ctx); err != nil {
			return got, err
		}
	}
	after, err := s.cpu()
	each := func(used time.Duration) float64 { return 1000 * used.Seconds() / float64(done) }
	return turned{perSecond: perSecond, cpu: each(after - before), database: each(familyTime(t.postmaster) - database)}, err
}

// settle waits until the product has nothing to do any more.
func (t *contest) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticks := time.NewTicker(look)
	defer ticks.Stop()
	const waiting = `select exists (select from pending_event) or exists (select from river_job where state in ('available', 'running'))
		or exists (select from delivery where state = 'pending' and next_try_at <= now())`
	for {
		var busy bool
		if err := t.admin.QueryRow(ctx, waiting).Scan(&busy); err != nil || !busy {
			return err
		}
		<-ticks.C
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
