package server

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
)

// ongoing is a stream: until the server stops, and its caller leaves or its handler returns, unless it has taken its
// connection over; then until it closes that.
type ongoing struct {
	ctx     context.Context
	end     context.CancelFunc
	request context.Context
	leaves  func() bool // no longer minds the end of the request
	stops   func() bool // no longer minds the end of the server
	running *serving    // nil in a server of a test
	taken   bool
}

func goOn(request context.Context) *ongoing {
	o := &ongoing{request: request, stops: func() bool { return true }}
	o.ctx, o.end = context.WithCancel(context.WithoutCancel(request))
	o.leaves = context.AfterFunc(request, o.end)
	if running, ok := request.Value(servingKey{}).(*serving); ok {
		o.running, o.stops = running, context.AfterFunc(running.ctx, o.end)
	}
	return o
}

// returned ends the stream with its handler, unless it goes on without.
func (o *ongoing) returned() {
	o.request = nil
	if !o.taken {
		o.leaves()
		o.stops()
		o.end()
	}
}

// Hijack gives the connection to who goes on answering after the handler has returned: a stream that costs little while it
// waits. The context of the request lasts until it closes the connection or the server stops, which waits for it. That the
// caller has left it finds by writing.
func (w streaming) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.ongoing == nil || !w.ongoing.leaves() {
		return nil, nil, http.ErrNotSupported
	}
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		w.ongoing.leaves = context.AfterFunc(w.ongoing.request, w.ongoing.end)
		return nil, nil, err
	}
	w.ongoing.taken = true
	if w.ongoing.running != nil {
		w.ongoing.running.taken.Add(1)
	}
	return &takenOver{Conn: conn, ongoing: w.ongoing}, buffers, nil
}

// takenOver is a connection that a stream has taken over.
type takenOver struct {
	net.Conn
	ongoing *ongoing
	once    sync.Once
}

// Close ends the stream.
func (o *takenOver) Close() error {
	o.once.Do(func() {
		o.ongoing.stops()
		o.ongoing.end()
		if o.ongoing.running != nil {
			o.ongoing.running.taken.Done()
		}
	})
	return o.Conn.Close()
}

// Hijack gives the connection behind the gate, over which nothing leaves either before its lines are durable.
func (g *gate) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(g.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	ctx := context.WithoutCancel(g.c.Request().Context())
	return &accounted{Conn: conn, ctx: ctx, log: g.s.Access, trail: g.trail, now: g.s.Now, faults: g.s.Log}, buffers, nil
}

// accounted is a connection over which an answer goes on.
type accounted struct {
	net.Conn
	ctx    context.Context // of the request, without its end
	log    *access.Writer
	trail  *access.Trail
	now    func() time.Time
	faults *slog.Logger
}

// Write sends a piece of the answer once the lines of what is in it are durable.
func (a *accounted) Write(p []byte) (int, error) {
	if lines := a.trail.Lines(a.now().UTC().Truncate(time.Microsecond), http.StatusOK); len(lines) > 0 {
		ctx, done := context.WithTimeout(a.ctx, logPatience)
		defer done()
		if err := a.log.Write(ctx, lines); err != nil {
			a.faults.ErrorContext(a.ctx, "a stream ends, because it cannot be logged", slog.String("error", err.Error()))
			return 0, fmt.Errorf("access log: %w", err)
		}
	}
	return a.Conn.Write(p)
}
