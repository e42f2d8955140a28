package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
)

const (
	// glances is how often each of the two is asked for.
	glances = 2500
	// faces is how many there are of each: they are asked for again and again, as somebody would who wants to
	// find out, so that all of them are at hand for the database.
	faces = 50
)

// hidden asks by turns for dossiers that the reader may not know and for ones that are not there, and
// compares how long the answers take, as distributions.
func (t *town) hidden(ctx context.Context, r *results) error {
	there, err := t.strangers(ctx)
	if err != nil {
		return err
	}
	absent := make([]uuid.UUID, len(there))
	for i := range absent {
		absent[i] = uuid.Must(uuid.NewV7())
	}
	l := newLoad(t.product.url, t.reader, 1)
	var took [2][]float64
	for i := range glances + 200 {
		for _, which := range rand.Perm(2) {
			id := there[i%len(there)]
			if which == 1 {
				id = absent[i%len(absent)]
			}
			ms, err := t.glance(ctx, l, id)
			if err != nil {
				return err
			}
			if i >= 200 { // after the process is warm
				took[which] = append(took[which], ms)
			}
		}
	}
	r.add("hidden_unknown_ks", kolmogorovSmirnov(took[0], took[1]))
	r.add("hidden_unknown_ratio", median(took[0])/median(took[1]))
	say("hidden %.3f ms, unknown %.3f ms in the median; distributions of one kind differ by %.3f in one of twenty runs", median(took[0]), median(took[1]),
		1.358*math.Sqrt(2.0/glances))
	return nil
}

// strangers are dossiers in which the reader has no part.
func (t *town) strangers(ctx context.Context) (all []uuid.UUID, err error) {
	conn, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	rows, err := conn.Query(ctx, `select d.id from dossier d where d.municipality_id = $1 and not exists (select from admission a
		where a.municipality_id = d.municipality_id and a.dossier_id = d.id and a.holder = $2) order by random() limit $3`, demo.Veldhoven, person(reader), faces)
	if err != nil {
		return nil, err
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		all = append(all, id)
		return nil
	})
	return all, err
}

// glance gives how many milliseconds it takes to be told that there is nothing.
func (t *town) glance(ctx context.Context, l *load, id uuid.UUID) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url+"/v1/dossiers/"+id.String(), nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+t.reader)
	began := time.Now()
	answer, err := l.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	if answer.StatusCode != http.StatusNotFound {
		return 0, fmt.Errorf("a dossier of others answers %s", answer.Status)
	}
	return milliseconds(time.Since(began)), nil
}

// kolmogorovSmirnov is the largest distance between the two distributions, from 0 to 1.
func kolmogorovSmirnov(a, b []float64) (largest float64) {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		at := min(a[i], b[j])
		for i < len(a) && a[i] <= at {
			i++
		}
		for j < len(b) && b[j] <= at {
			j++
		}
		largest = max(largest, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return largest
}
