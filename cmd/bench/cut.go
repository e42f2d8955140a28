package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// cutFor is how long the second process cannot reach the database.
	cutFor = 10 * time.Second
	// between is the pause between two requests to it.
	between = 20 * time.Millisecond
)

// cut takes the database away from a second process, publishes meanwhile, and counts what it answers by the
// old matrix: nothing may be. Then it takes the time until the process decides by the new one.
func (t *town) cut(ctx context.Context, r *results) (err error) {
	line, database, err := newLine(t.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, line.close()) }()
	if _, err := t.put(ctx, true); err != nil {
		return err
	}
	other, err := t.second(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.stop()) }()
	path, err := t.housingItem(ctx)
	if err != nil {
		return err
	}
	l := newLoad(other.url, t.reader, 1)
	l.http.Timeout = 2 * time.Second
	if err := t.await(ctx, l, path, true); err != nil {
		return err
	}
	line.cut()
	if _, err := t.put(ctx, false); err != nil {
		return err
	}
	a := asking{t, l, path, map[int]int{}}
	if err := a.without(ctx); err != nil {
		return err
	}
	say("without its database the second process answered %v", a.statuses)
	line.mend()
	mended := time.Now()
	if err := a.untilRight(ctx); err != nil {
		return err
	}
	r.add("cut_right_again_ms", milliseconds(time.Since(mended)-between))
	r.add("cut_wrong_answers", float64(a.statuses[http.StatusOK]))
	return nil
}

// asking is for an item that the new matrix hides, again and again; it counts what is answered.
type asking struct {
	*town
	of       *load
	path     string
	statuses map[int]int
}

func (a asking) once(ctx context.Context) (int, error) {
	status, err := a.status(ctx, a.of, a.path)
	a.statuses[status]++
	<-time.After(between)
	return status, err
}

// without asks as long as the database cannot be reached.
func (a asking) without(ctx context.Context) error {
	for end := time.Now().Add(cutFor); time.Now().Before(end); {
		if _, err := a.once(ctx); err != nil {
			return err
		}
	}
	return nil
}

// untilRight asks until the item is hidden. It fails after a minute.
func (a asking) untilRight(ctx context.Context) error {
	for begun := time.Now(); ; {
		status, err := a.once(ctx)
		switch {
		case err != nil || status == http.StatusNotFound:
			return err
		case time.Since(begun) > time.Minute:
			return fmt.Errorf("a minute after it has its database again the second process answers %d", status)
		}
	}
}

// line is the way to a database that can be cut: a forwarder of connections.
type line struct {
	network  string
	to       string
	listener net.Listener
	mu       sync.Mutex
	broken   bool
	open     map[net.Conn]bool
}

// newLine listens for connections to the database; it gives its URL by this way.
func newLine(database string) (*line, string, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, "", err
	}
	l := &line{open: map[net.Conn]bool{}}
	l.network, l.to = pgconn.NetworkAddress(config.Host, config.Port)
	if l.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, "", err
	}
	go l.serve()
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: l.listener.Addr().String(), Path: "/" + config.Database,
		RawQuery: "sslmode=disable",
	}
	return l, u.String(), nil
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.forward(near)
	}
}

func (l *line) forward(near net.Conn) {
	defer near.Close()
	if !l.keep(near) {
		return
	}
	far, err := net.Dial(l.network, l.to)
	if err != nil || !l.keep(far) {
		return
	}
	defer far.Close()
	go func() {
		io.Copy(far, near)
		far.Close()
	}()
	io.Copy(near, far)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, near)
	delete(l.open, far)
}

// keep notes a connection; it refuses one while the line is cut.
func (l *line) keep(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.broken {
		l.open[c] = true
	}
	return !l.broken
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = true
	for c := range l.open {
		c.Close()
	}
	clear(l.open)
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = false
}

func (l *line) close() error {
	l.cut()
	return l.listener.Close()
}
