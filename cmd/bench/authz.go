package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// authzCommand measures the matrix: deciding, publishing, simulating, and what the second wall costs.
type authzCommand struct {
	Part     []string `arg:"" optional:"" enum:"decide,publish,cut,simulate,list,hidden" help:"What to measure: decide, publish, cut, simulate, list, hidden; everything by default."`
	Server   string   `help:"The program under measurement." default:"bin/wijkregie" type:"path"`
	Dossiers int      `help:"How many dossiers there are; some ten items in each." default:"100000"`
	Hold     bool     `help:"Only fill a database and serve it, for a look or a profile, until Ctrl-C."`
}

// Run measures the parts one after the other and prints what was found, also when a part fails.
func (c authzCommand) Run(ctx context.Context) error {
	r := &results{}
	err := c.measure(ctx, r)
	r.print(os.Stdout)
	return err
}

func (c authzCommand) wants(part string) bool {
	return len(c.Part) == 0 || slices.Contains(c.Part, part)
}

func (c authzCommand) measure(ctx context.Context, r *results) (err error) {
	if c.wants("decide") && !c.Hold {
		if err := measureRules(ctx, r); err != nil {
			return fmt.Errorf("decide: %w", err)
		}
	}
	if len(c.Part) == 1 && c.wants("decide") {
		return nil
	}
	t, err := c.prepare(ctx)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if c.Hold {
		say("the product serves on %s, the database is %s", t.product.url, t.url)
		<-ctx.Done()
		return nil
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context, *results) error
	}{{"list", t.lists}, {"hidden", t.hidden}, {"simulate", t.simulate}, {"publish", t.visible}, {"cut", t.cut}} {
		if !c.wants(part.name) {
			continue
		}
		if err := part.measure(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// benchmarked is a line of a Go benchmark.
var benchmarked = regexp.MustCompile(`(?m)^Benchmark(Rules/100|Rules/100000|ColdRow)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op`)

// measureRules runs the Go benchmarks of deciding with few and many rules, and of compiling a row.
func measureRules(ctx context.Context, r *results) error {
	say("decide: go test -bench ./internal/kernel/authz, three times")
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^Benchmark(Rules|ColdRow)$", "-count", "3", "./internal/kernel/authz")
	text, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	found := map[string][]float64{}
	for _, line := range benchmarked.FindAllStringSubmatch(string(text), -1) {
		ns, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			return err
		}
		found[line[1]] = append(found[line[1]], ns)
	}
	if len(found) != 3 {
		return fmt.Errorf("the benchmarks printed no ns/op: %s", text)
	}
	r.add("decision_ns_100", median(found["Rules/100"]))
	r.add("decision_ns_100000", median(found["Rules/100000"]))
	r.add("row_ms", median(found["ColdRow"])/1e6)
	return nil
}

// town is a large municipality with the product serving it.
type town struct {
	*ground
	wide
	director *client.Client
	reader   string // token of the reader
}

// prepare fills a scratch database and puts a matrix with cells for every partner in force.
func (c authzCommand) prepare(ctx context.Context) (t *town, err error) {
	say("a scratch PostgreSQL with %d dossiers, %d partners", c.Dossiers, widePartners)
	t = &town{}
	if t.ground, err = begun(ctx, c.Server); err != nil {
		return t, err
	}
	if t.wide, err = fillWide(ctx, t.url, c.Dossiers); err == nil {
		err = t.publish(ctx, t.wideCells())
	}
	if err == nil {
		t.director, err = t.as(ctx, "director")
	}
	if err == nil {
		t.reader, err = t.token(ctx, reader)
	}
	if err != nil {
		err = errors.Join(err, t.close())
	}
	return t, err
}

// simulate times the simulation of a draft that changes two categories for every partner, and takes the
// title of dossiers on persons from some.
func (t *town) simulate(ctx context.Context, r *results) error {
	cells := t.wideCells()
	for i := range cells {
		c := &cells[i]
		switch {
		case c.PartnerType == "residents": // who never get more than their own
		case c.Category == authz.Housing || c.Category == authz.Network:
			c.Level = map[bool]authz.Level{true: authz.None, false: authz.Read}[c.Level.Acts() != 0]
		case c.Category == authz.Identity && c.PartnerID != uuid.Nil && c.PartnerID[0]%4 == 0 && c.DossierType == "person":
			c.Level = authz.None
		}
	}
	if _, err := drafted(ctx, t.director, cells); err != nil {
		return err
	}
	var took []float64
	for range 3 {
		began := time.Now()
		sim, err := got[client.MatrixSimulation](t.director.SimulateMatrix(ctx))
		if err != nil {
			return err
		}
		took = append(took, time.Since(began).Seconds())
		say("simulated in %.2f s: %+v", time.Since(began).Seconds(), sim.Totals)
	}
	r.add("simulate_s", median(took))
	return t.discard(ctx)
}

// discard throws the draft away.
func (t *town) discard(ctx context.Context) error {
	draft, err := got[client.MatrixDraft](t.director.GetMatrixDraft(ctx))
	if err != nil {
		return err
	}
	answer, err := t.director.DeleteMatrixDraft(ctx, &client.DeleteMatrixDraftParams{IfMatch: &draft.Etag})
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// second starts another process of the product on the same database, at an address of its own.
func (t *town) second(ctx context.Context, database string) (*child, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.dir, "second")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	began := time.Now()
	settings := append(t.settings(t.product.url), "LISTEN="+address, "DATABASE_URL="+database)
	c, err := begin(ctx, dir, "http://"+address, t.program, []string{"serve", "--demo"}, settings)
	if err != nil {
		return nil, err
	}
	if _, err := c.ready(ctx, "/readyz", began); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// value reads a value as the database's owner.
func value[T any](ctx context.Context, url, query string, args ...any) (v T, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return v, err
	}
	err = conn.QueryRow(ctx, query, args...).Scan(&v)
	return v, errors.Join(err, conn.Close(ctx))
}
