package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

// logPatience bounds how long an answer waits for its lines in the access log; then it is 503.
const logPatience = 12 * time.Second

// account lets nothing of the answer leave before its lines in the access log are durable (Wgs 1.8(4)). From here on every outcome
// is logged: also a refusal, what is not there, and a failure.
func (s *server) account(c echo.Context, operation string) {
	if s.Access == nil {
		return
	}
	ctx := c.Request().Context()
	var span [8]byte
	rand.Read(span[:]) // never fails
	trail := access.NewTrail(operation, trace.ID(ctx), hex.EncodeToString(span[:]))
	ctx = access.With(ctx, trail)
	access.Follow(ctx)
	c.SetRequest(c.Request().WithContext(ctx))
	c.Response().Writer = &gate{ResponseWriter: c.Response().Writer, s: s, c: c, trail: trail}
}

// gate stands between an answer and the network.
type gate struct {
	http.ResponseWriter
	s      *server
	c      echo.Context
	trail  *access.Trail
	status int
	shut   bool // the lines could not be written: a 503 left in place of the answer, and no more
}

// WriteHeader lets the status and the headers pass once the lines are durable.
func (g *gate) WriteHeader(status int) {
	if g.status != 0 {
		return
	}
	g.status = status
	if err := g.write(); err != nil {
		g.refuse(err)
		return
	}
	g.ResponseWriter.WriteHeader(status)
}

// Write lets a piece of the body pass once the lines of what it is about are durable; in a stream those are new with each piece.
func (g *gate) Write(p []byte) (int, error) {
	if g.status == 0 {
		g.WriteHeader(http.StatusOK)
	}
	if g.shut {
		return len(p), nil
	}
	if err := g.write(); err != nil {
		g.s.logFault(g.c, err)
		g.shut = true
		return 0, err
	}
	return g.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (g *gate) Unwrap() http.ResponseWriter { return g.ResponseWriter }

// write makes the lines of what was looked at since the last ones durable. They are written also when the caller has left.
func (g *gate) write() error {
	ctx := g.c.Request().Context()
	lines := g.trail.Lines(g.s.Now().UTC().Truncate(time.Microsecond), g.status)
	if len(lines) == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), logPatience)
	defer done()
	return g.s.Access.Write(ctx, lines)
}

// refuse answers 503 in the place of what cannot be logged.
func (g *gate) refuse(err error) {
	g.s.logFault(g.c, err)
	g.shut = true
	h := g.Header()
	for _, name := range []string{"ETag", "Location", "Link", "Content-Length", "Content-Disposition", "Idempotency-Replayed"} {
		h.Del(name)
	}
	doc := g.s.document(g.c, &problem.Error{Kind: problem.Unavailable})
	body, err := json.Marshal(doc)
	if err != nil {
		g.s.logFault(g.c, err)
	}
	h.Set("Retry-After", "1")
	h.Set("Content-Type", "application/problem+json")
	g.c.Response().Status = doc.Status
	g.ResponseWriter.WriteHeader(doc.Status)
	if _, err := g.ResponseWriter.Write(append(body, '\n')); err != nil {
		g.s.Log.DebugContext(g.c.Request().Context(), "the caller left", slog.String("route", g.c.Path()))
	}
}
