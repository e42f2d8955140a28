package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/matrix"
)

// killCommand ends the server with kill -9 while callers read, and looks for the line of every request that was answered.
type killCommand struct {
	Server  string        `help:"The program that is killed." default:"bin/wijkregie" type:"path"`
	Times   int           `help:"How often it is killed." default:"10"`
	Callers int           `help:"How many callers send requests at once." default:"32"`
	Lasts   time.Duration `help:"How long it serves before it is killed, at the least." default:"1s"`
	Dir     string        `help:"Where the database keeps its data: a disk, not memory." type:"path"`
}

// answered are the traces of requests of which the caller read an answer.
type answered struct {
	mu  sync.Mutex
	ids []string
}

func (a *answered) add(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ids = append(a.ids, id)
}

// Run kills, and compares what callers were answered with the log. It fails when a request has no line.
func (c killCommand) Run(ctx context.Context) (err error) {
	g := &ground{program: c.Server, durable: true, place: c.Dir}
	if err := g.begin(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	if err := g.publish(ctx, matrix.Default()); err != nil {
		return err
	}
	if g.filled, err = fill(ctx, g.url); err != nil {
		return err
	}
	all := &answered{}
	for n := range c.Times {
		before := len(all.ids)
		if err := c.once(ctx, g, n, all); err != nil {
			return err
		}
		say("killed %d: %d requests were answered", n+1, len(all.ids)-before)
	}
	missing, err := unlogged(ctx, g.url, all.ids)
	fmt.Printf("RESULT answered %d\nRESULT unlogged %d\n", len(all.ids), missing)
	if err == nil && missing > 0 {
		err = errors.New("a request was answered and has no line in the access log")
	}
	return err
}

// once serves, is read from, and dies.
func (c killCommand) once(ctx context.Context, g *ground, n int, all *answered) error {
	token, err := g.token(ctx, reader)
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	victim := &instance{address: address, dir: filepath.Join(g.dir, fmt.Sprint("killed", n)), begin: func(ctx context.Context, i *instance) (*child, error) {
		return begin(ctx, i.dir, "http://"+i.address, g.program, []string{"serve", "--demo"}, append(g.settings(g.product.url), "LISTEN="+i.address))
	}}
	if err := victim.start(ctx); err != nil {
		return err
	}
	reading := newLoad("http://"+address, token, c.Callers)
	var callers sync.WaitGroup
	for i := range c.Callers {
		callers.Go(func() {
			for k := i; reading.read(ctx, kinds(g.filled)[k%2], k, all); k += c.Callers {
			}
		})
	}
	select {
	case <-ctx.Done():
	case <-time.After(c.Lasts + time.Duration(n*37)*time.Millisecond):
	}
	err = victim.kill()
	callers.Wait()
	return err
}

// read sends one request under a trace of its own, and tells whether the server still answers. It counts as answered as soon as
// its status came.
func (l *load) read(ctx context.Context, k kind, n int, all *answered) bool {
	method, path, _ := k.make(n)
	request, err := http.NewRequestWithContext(ctx, method, l.url+path, nil)
	if err != nil {
		return false
	}
	var id [16]byte
	rand.Read(id[:]) // never fails
	trace := hex.EncodeToString(id[:])
	request.Header.Set("Authorization", "Bearer "+l.token)
	request.Header.Set("traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	answer, err := l.http.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	all.add(trace)
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil
}

// unlogged counts the traces without a line.
func unlogged(ctx context.Context, url string, traces []string) (missing int, err error) {
	admin, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	err = admin.QueryRow(ctx, "select count(*) from unnest($1::text[]) t where not exists (select from access_line where trace_id = t)", traces).Scan(&missing)
	return missing, err
}
