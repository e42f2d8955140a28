package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// growthCommand measures what requests cost in a municipality that has grown tenfold: two databases and two
// servers at once, asked by turns, so that what disturbs the one disturbs the other.
type growthCommand struct {
	Kind   []string `arg:"" optional:"" enum:"list,read,search,timeline" help:"What to measure: list, read, search, timeline; everything by default."`
	Server string   `help:"The program under measurement." default:"bin/wijkregie" type:"path"`
	Small  int      `help:"How many dossiers the small municipality has; eleven items in each." default:"10000"`
	Large  int      `help:"How many the large one has." default:"100000"`
	Asks   int      `help:"How often each is asked for each kind." default:"1500"`
}

// Run measures the kinds one after the other and prints what was found, also when one fails.
func (c growthCommand) Run(ctx context.Context) error {
	r := &results{}
	err := c.measure(ctx, r)
	r.print(os.Stdout)
	return err
}

func (c growthCommand) measure(ctx context.Context, r *results) (err error) {
	var sizes [2]*grown
	for i, dossiers := range []int{c.Small, c.Large} {
		if sizes[i], err = c.prepare(ctx, dossiers); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		defer func() { err = errors.Join(err, sizes[i].close()) }()
	}
	for _, k := range growthKinds() {
		if len(c.Kind) > 0 && !slices.Contains(c.Kind, k.name) {
			continue
		}
		took, err := c.alternate(ctx, k, sizes)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		small, large := percentile(took[0], 0.95), percentile(took[1], 0.95)
		say("%s: p95 %.2f ms at %d dossiers, %.2f ms at %d; medians %.2f and %.2f", k.name, small, c.Small, large, c.Large, median(took[0]), median(took[1]))
		r.add(k.name+"_growth", large/small)
		r.add(k.name+"_p95_ms", large)
	}
	return nil
}

// grown is a municipality of some size, with the dossiers that the reader knows.
type grown struct {
	*town
	known []uuid.UUID
	words []string // each stands in the items of some twenty dossiers
	load  *load
}

func (c growthCommand) prepare(ctx context.Context, dossiers int) (*grown, error) {
	t, err := authzCommand{Server: c.Server, Dossiers: dossiers}.prepare(ctx)
	if err != nil {
		return nil, err
	}
	g := &grown{town: t, load: newLoad(t.product.url, t.reader, 1)}
	if err := g.look(ctx); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return g, nil
}

// look notes dossiers that the reader knows, all over the years, and words that stand in them.
func (g *grown) look(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	rows, err := conn.Query(ctx, `select a.dossier_id, substring(i.text from 'bij (\w+)') from admission a join lateral (
			select text from item i where i.municipality_id = a.municipality_id and i.dossier_id = a.dossier_id limit 1) i on true
		where a.municipality_id = $1 and a.holder = $2 order by random() limit 2000`, demo.Veldhoven, person(reader))
	if err != nil {
		return err
	}
	var id uuid.UUID
	var word string
	_, err = pgx.ForEachRow(rows, []any{&id, &word}, func() error {
		g.known, g.words = append(g.known, id), append(g.words, word)
		return nil
	})
	return err
}

// growthKind is a request that is made in both.
type growthKind struct {
	name string
	make func(g *grown, n int) (method, path string, body any)
}

func growthKinds() []growthKind {
	dossier := func(g *grown, n int) string { return "/v1/dossiers/" + g.known[n%len(g.known)].String() }
	return []growthKind{
		{"list", func(*grown, int) (string, string, any) { return http.MethodGet, "/v1/dossiers?limit=50", nil }},
		{"read", func(g *grown, n int) (string, string, any) { return http.MethodGet, dossier(g, n), nil }},
		{"search", func(g *grown, n int) (string, string, any) {
			return http.MethodPost, "/v1/_search", map[string]any{"text": g.words[n%len(g.words)]}
		}},
		{"timeline", func(g *grown, n int) (string, string, any) { return http.MethodGet, dossier(g, n) + "/timeline", nil }},
	}
}

// alternate asks both by turns, each in its turn the first, and gives milliseconds.
func (c growthCommand) alternate(ctx context.Context, k growthKind, sizes [2]*grown) (took [2][]float64, err error) {
	const warm = 100
	for n := range c.Asks + warm {
		for turn := range sizes {
			i := (n + turn) % len(sizes)
			method, path, body := k.make(sizes[i], n)
			var sent []byte
			if body != nil {
				if sent, err = json.Marshal(body); err != nil {
					return took, err
				}
			}
			began := time.Now()
			err := sizes[i].load.send(ctx, kind{status: http.StatusOK, make: func(int) (string, string, []byte) { return method, path, sent }}, n)
			if err != nil {
				return took, err
			}
			if n >= warm {
				took[i] = append(took[i], milliseconds(time.Since(began)))
			}
		}
	}
	return took, nil
}

// percentile is the value under which that share of the values lies.
func percentile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
