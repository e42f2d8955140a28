package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/matrix"
)

// accessLogCommand measures what the access log costs: the same reads against the product with its log, without it, and with the
// lines in the transaction of the read, by turns on one database that keeps what it commits.
type accessLogCommand struct {
	Server string        `help:"The program under measurement, built with the tag bench." default:"bin/wijkregie-bench" type:"path"`
	Rounds int           `help:"Rounds; in each one every variant has its turn." default:"11"`
	Turn   time.Duration `help:"How long one turn takes." default:"2s"`
	Dir    string        `help:"Where the database keeps its data: a disk, not memory." type:"path"`
}

// variant is the product with its log kept in one way.
type variant struct {
	name, setting string
	*child
	*load
}

// Run measures and prints what was found.
func (c accessLogCommand) Run(ctx context.Context) (err error) {
	r := &results{}
	g, err := c.ground(ctx)
	if g != nil {
		defer func() { err = errors.Join(err, g.close()) }()
	}
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	all := []*variant{{name: "log", setting: ""}, {name: "off", setting: "off"}, {name: "inline", setting: "inline"}}
	for _, v := range all {
		if err := v.start(ctx, g); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, v.stop()) }()
	}
	err = c.measure(ctx, g, all, r)
	r.print(os.Stdout)
	return err
}

// ground is a filled database that waits for the disk at each commit.
func (c accessLogCommand) ground(ctx context.Context) (*ground, error) {
	g := &ground{program: c.Server, durable: true, place: c.Dir}
	say("a PostgreSQL that keeps what it commits, with %d dossiers of %d items", dossiers, itemsEach)
	if err := g.begin(ctx); err != nil {
		return nil, err
	}
	err := g.publish(ctx, matrix.Default())
	if err == nil {
		g.filled, err = fill(ctx, g.url)
	}
	return g, err
}

// start lets a variant serve.
func (v *variant) start(ctx context.Context, g *ground) error {
	token, err := g.token(ctx, reader)
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	dir := filepath.Join(g.dir, v.name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	began := time.Now()
	settings := append(g.settings(g.product.url), "LISTEN="+address, "ACCESS_LOG="+v.setting)
	if v.child, err = begin(ctx, dir, "http://"+address, g.program, []string{"serve", "--demo"}, settings); err != nil {
		return err
	}
	v.load = newLoad(v.child.url, token, 64)
	_, err = v.ready(ctx, "/readyz", began)
	return err
}

// measure takes reads at 16 and 64 callers and of one alone, and the list of fifty beside them.
func (c accessLogCommand) measure(ctx context.Context, g *ground, all []*variant, r *results) error {
	asked := kinds(g.filled)
	list, read := asked[0], asked[1]
	worst := 0.0
	for _, callers := range []int{16, 64} {
		rates, err := c.compare(ctx, read, callers, all)
		if err != nil {
			return err
		}
		cost, inline := lost(rates["log"], rates["off"]), lost(rates["inline"], rates["off"])
		worst = max(worst, cost)
		r.add(fmt.Sprintf("rps_off_%d", callers), median(rates["off"]))
		r.add(fmt.Sprintf("rps_log_%d", callers), median(rates["log"]))
		r.add(fmt.Sprintf("rps_inline_%d", callers), median(rates["inline"]))
		r.add(fmt.Sprintf("cost_percent_%d", callers), cost)
		r.add(fmt.Sprintf("inline_cost_percent_%d", callers), inline)
	}
	r.add("cost_percent", worst)
	rates, err := c.compare(ctx, list, 16, all[:2])
	if err != nil {
		return err
	}
	r.add("list_cost_percent", lost(rates["log"], rates["off"]))
	if rates, err = c.compare(ctx, read, 1, all); err != nil {
		return err
	}
	r.add("lone_ms", longer(rates["log"], rates["off"]))
	r.add("inline_lone_ms", longer(rates["inline"], rates["off"]))
	return c.complete(ctx, g)
}

// complete fails when the log has no lines: then something else was measured.
func (c accessLogCommand) complete(ctx context.Context, g *ground) (err error) {
	admin, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	var kept, inline int
	err = admin.QueryRow(ctx, "select count(*) filter (where operation = 'getDossier'), count(*) filter (where operation like '/%') from access_line").Scan(&kept, &inline)
	if err == nil && (kept == 0 || inline == 0) {
		err = fmt.Errorf("the log has %d lines of the product and %d of the transactions of reads", kept, inline)
	}
	say("the log has %d lines of the product and %d of the transactions of reads", kept, inline)
	return err
}

// compare gives each variant a turn in each round, another first each time, and gives the requests per second of each.
func (c accessLogCommand) compare(ctx context.Context, k kind, callers int, all []*variant) (map[string][]float64, error) {
	rates := map[string][]float64{}
	for round := range c.Rounds + 1 {
		first := round % len(all)
		for _, v := range append(slices.Clone(all[first:]), all[:first]...) {
			_, perSecond, err := v.turn(ctx, k, callers, c.Turn)
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first warms up
				rates[v.name] = append(rates[v.name], perSecond)
			}
		}
		say("%s of %d, round %d: log %.0f/s, off %.0f/s, inline %.0f/s", k.name, callers, round, last(rates["log"]), last(rates["off"]), last(rates["inline"]))
	}
	return rates, nil
}

func last(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return values[len(values)-1]
}

// lost is how many percent fewer requests there are, the median over the rounds.
func lost(with, without []float64) float64 {
	shares := make([]float64, len(with))
	for i := range with {
		shares[i] = 100 * (1 - with[i]/without[i])
	}
	return median(shares)
}

// longer is how many milliseconds longer a request of a lone caller takes, the median over the rounds.
func longer(with, without []float64) float64 {
	more := make([]float64, len(with))
	for i := range with {
		more[i] = 1000/with[i] - 1000/without[i]
	}
	return median(more)
}
