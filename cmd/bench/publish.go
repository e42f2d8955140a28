package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// publications is how often the matrix is published while somebody looks at the other process.
const publications = 20

// housingCells is the matrix in which the reader sees the category housing, or does not.
func (t *town) housingCells(sees bool) []authz.Cell {
	cells := t.wideCells()
	for i, c := range cells {
		if c.Category == authz.Housing && (c.PartnerType == reader || c.PartnerID == partner(reader)) {
			cells[i].Level = map[bool]authz.Level{true: authz.Read, false: authz.None}[sees]
		}
	}
	return cells
}

// housingItem is the path of an item that the reader reads by his cells on housing alone.
func (t *town) housingItem(ctx context.Context) (string, error) {
	return value[string](ctx, t.url, `select '/v1/dossiers/' || i.dossier_id || '/items/' || i.id from item i
		join admission a on a.municipality_id = i.municipality_id and a.dossier_id = i.dossier_id and a.holder = $1
		where i.category = $2 and not i.secret and i.supplier_id <> $3 and a.roles = 0 limit 1`, person(reader), int(authz.Housing), partner(reader))
}

// put publishes a matrix through the first process and gives the moment of the answer.
func (t *town) put(ctx context.Context, sees bool) (time.Time, error) {
	draft, err := drafted(ctx, t.director, t.housingCells(sees))
	if err != nil {
		return time.Time{}, err
	}
	return published(ctx, t.director, draft)
}

// status is what the reader gets on a path of a process; 0 when it does not answer in time.
func (t *town) status(ctx context.Context, l *load, path string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url+path, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+t.reader)
	answer, err := l.http.Do(request)
	if err != nil {
		return 0, ctx.Err()
	}
	return answer.StatusCode, answer.Body.Close()
}

// visible publishes through one process and takes the time from the answer until the other one decides by
// what was published.
func (t *town) visible(ctx context.Context, r *results) (err error) {
	other, err := t.second(ctx, t.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.stop()) }()
	path, err := t.housingItem(ctx)
	if err != nil {
		return err
	}
	l := newLoad(other.url, t.reader, 1)
	var waits []float64
	for i := range publications {
		sees := i%2 == 1
		at, err := t.put(ctx, sees)
		if err != nil {
			return err
		}
		if err := t.await(ctx, l, path, sees); err != nil {
			return err
		}
		waits = append(waits, milliseconds(time.Since(at)))
	}
	r.add("publish_visible_ms", median(waits))
	r.add("publish_visible_max_ms", slices.Max(waits))
	return nil
}

// await asks until the reader sees the item, or does not any more.
func (t *town) await(ctx context.Context, l *load, path string, sees bool) error {
	want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[sees]
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		status, err := t.status(ctx, l, path)
		if err != nil {
			return fmt.Errorf("%s does not answer %d: %w", path, want, err)
		}
		if status == want {
			return nil
		}
	}
}
