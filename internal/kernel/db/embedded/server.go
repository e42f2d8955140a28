// Package embedded runs a private PostgreSQL for make run and make test, so that nobody has to set
// up a database by hand. Where DATABASE_URL names a real server, nothing here is used.
package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// superuser is the only account of a new cluster.
const superuser = "postgres"

// startBound is how long a start may take, recovery after a crash included.
const startBound = 2 * time.Minute

// Options says where a server keeps its data and how careful it is with it.
type Options struct {
	// Dir holds the data. When empty, the data lives in memory where the machine allows it, else in
	// the temporary directory, and is gone after Stop.
	Dir string
	// Durable makes commits survive a power failure; without it the server is for tests only.
	Durable bool
	// Log tells about start and stop; nil is silent.
	Log *slog.Logger
}

// Server is a running PostgreSQL on the loopback address.
type Server struct {
	cluster cluster
	process *process // nil when another process started the server and will stop it
	port    int
	socket  string // directory of the unix socket
	scratch bool   // whether the data goes away with the server
}

// Start makes the cluster in the directory when there is none and runs PostgreSQL on it, as an
// unprivileged account when called by root. The context bounds the start, not the server. When a
// server already runs on the directory, for another process, that one is used. The server ends
// with this process, however it ends (on Linux; elsewhere only by Stop). It fails with
// problem.Unavailable when PostgreSQL is not installed, or the data cannot be used.
func Start(ctx context.Context, o Options) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startBound)
	defer cancel()
	begin := time.Now()
	scratch := o.Dir == ""
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if o.Dir, err = directory(o.Dir); err != nil {
		return nil, err
	}
	s, err := start(ctx, o)
	if err != nil {
		if scratch {
			os.RemoveAll(o.Dir)
		}
		return nil, err
	}
	s.scratch = scratch
	o.Log.Info("PostgreSQL is ready", "version", s.cluster.bin.major, "data", s.cluster.data(),
		"user", s.cluster.account.name, "port", s.port, "started", s.process != nil, "took", time.Since(begin).Round(time.Millisecond))
	return s, nil
}

func start(ctx context.Context, o Options) (*Server, error) {
	c, err := locate(ctx, o)
	if err != nil {
		return nil, err
	}
	lock, running, err := c.claim(ctx)
	if err != nil {
		return nil, err
	}
	if lock == nil {
		return c.attach(running)
	}
	// The programs started here inherit the lock and hold it for as long as any of them lives.
	defer lock.Close()
	c.lock = lock
	if err := c.create(ctx); err != nil {
		return nil, err
	}
	return c.serve(ctx)
}

func directory(dir string) (string, error) {
	if dir == "" {
		return scratchDir()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return dir, nil
}

// URL is how the superuser reaches a database of this server, for pgx and psql alike: by the unix
// socket, which is quicker than TCP. It holds the password and does not create the database; a new
// cluster has the database postgres.
func (s *Server) URL(database string) string {
	place := url.Values{"host": {s.socket}, "port": {strconv.Itoa(s.port)}}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, s.cluster.password),
		Path:     "/" + database,
		RawQuery: place.Encode(),
	}
	return u.String()
}

// Stop ends the server cleanly: open transactions are rolled back, connections closed, everything
// written. It does nothing when another process started the server, or when it has ended already.
// It fails when the server had to be forced; durable data is recovered at the next start.
func (s *Server) Stop() error {
	if s.process == nil {
		return nil
	}
	err := s.process.stop()
	if s.socket != s.cluster.data() {
		os.RemoveAll(s.socket)
	}
	if s.scratch {
		os.RemoveAll(s.cluster.home)
	}
	return err
}
