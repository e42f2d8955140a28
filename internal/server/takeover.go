package server

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

// Hijack gives the connection to who goes on answering after the handler has returned, as a stream that costs little while
// it waits. Nothing leaves over it before its lines in the access log are durable, and it ends when the server stops.
func (g *gate) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(g.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	ctx := context.WithoutCancel(g.c.Request().Context())
	over := &takenOver{Conn: conn, ctx: ctx, log: g.s.Access, trail: g.trail, now: g.s.Now, faults: g.s.Log}
	if running, ok := ctx.Value(servingKey{}).(*serving); ok {
		running.taken.Add(1)
		stop := context.AfterFunc(running.ctx, func() { _ = conn.SetDeadline(time.Now()) })
		over.left = func() { stop(); running.taken.Done() }
	}
	return over, buffers, nil
}

// takenOver is a connection over which an answer goes on.
type takenOver struct {
	net.Conn
	ctx    context.Context // of the request, without its end
	log    *access.Writer
	trail  *access.Trail
	now    func() time.Time
	faults *slog.Logger
	left   func() // nil once it was called
}

// Write sends a piece of the answer once the lines of what is in it are durable.
func (o *takenOver) Write(p []byte) (int, error) {
	if lines := o.trail.Lines(o.now().UTC().Truncate(time.Microsecond), http.StatusOK); len(lines) > 0 {
		ctx, done := context.WithTimeout(o.ctx, logPatience)
		defer done()
		if err := o.log.Write(ctx, lines); err != nil {
			o.faults.ErrorContext(o.ctx, "a stream ends, because it cannot be logged", slog.String("error", err.Error()), slog.String("trace_id", trace.ID(o.ctx)))
			return 0, fmt.Errorf("access log: %w", err)
		}
	}
	return o.Conn.Write(p)
}

// Close ends the answer.
func (o *takenOver) Close() error {
	if o.left != nil {
		o.left()
		o.left = nil
	}
	return o.Conn.Close()
}
