package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	headerTime = 10 * time.Second
	readTime   = 60 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 120 * time.Second
	maxHeader  = 64 << 10
)

// servingKey finds, in the context of a request, the server that runs.
type servingKey struct{}

// serving is a server that runs until its context ends.
type serving struct {
	ctx   context.Context
	taken sync.WaitGroup // connections that streams took over
}

// Run serves h on the listener until ctx ends. Then streams end at once, requests that are open get
// grace to finish, and nothing new is taken. It fails when the listener does, or when requests are
// still open after grace.
func Run(ctx context.Context, ln net.Listener, h http.Handler, grace time.Duration) error {
	run := &serving{ctx: ctx}
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), servingKey{}, run)
		},
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	last, done := context.WithTimeout(context.Background(), grace)
	defer done()
	if err := srv.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("requests were still open after %s: %w", grace, err), srv.Close())
	}
	run.taken.Wait() // they end by themselves, each write within its time
	return nil
}
