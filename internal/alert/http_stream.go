package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// How often a stream shows that it lives, and how long a reader may take for one event. Who is
// slower is cut off; he comes back with the id of the last event that he got.
const (
	heartbeat = 15 * time.Second
	patience  = 10 * time.Second
)

// stream is the answer of StreamAlerts: server-sent events for as long as the caller reads, his
// token holds and the server runs, and he does not open too many others.
type stream struct {
	ctx   context.Context // of the caller as he is now
	base  context.Context // of the stream
	h     *HTTP
	after int64
}

// VisitStreamAlertsResponse implements api.StreamAlertsResponseObject. Once the stream has begun it takes the connection
// over, where it can, so that nothing of the request is kept while it waits.
func (r *stream) VisitStreamAlertsResponse(w http.ResponseWriter) error {
	who, err := identity.From(r.ctx)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")       // a proxy in between must not collect events
	w.Header().Set("Transfer-Encoding", "identity") // it ends with its connection
	w.WriteHeader(http.StatusOK)
	connection := http.NewResponseController(w)
	out := &events{write: w.Write, flush: connection.Flush, until: connection.SetWriteDeadline, patience: r.h.patience}
	// The place to resume from, for who is cut off before the first event.
	out.send(fmt.Sprintf("id: %d\n\n", r.after))
	if out.broken != nil {
		return nil // nobody reads
	}
	conn, _, err := connection.Hijack()
	if err != nil { // as over HTTP/2
		return r.run(r.ctx, who, out)
	}
	go r.goOn(r.ctx, who, conn)
	return nil
}

// goOn is the stream over a connection of its own.
func (r *stream) goOn(ctx context.Context, who identity.Identity, conn net.Conn) {
	defer conn.Close()
	out := &events{write: conn.Write, flush: func() error { return nil }, until: conn.SetWriteDeadline, patience: r.h.patience}
	if err := r.run(ctx, who, out); err != nil {
		r.h.s.m.Log.ErrorContext(ctx, "a stream ends", "error", err)
	}
}

// run sends what there is for a caller and then what comes, until the stream ends.
func (r *stream) run(ctx context.Context, who identity.Identity, out *events) error {
	var leave func()
	r.ctx, leave = r.h.seats.take(ctx, who.Professional)
	defer leave()
	r.base = r.ctx
	news, cancel := r.h.hub.join(who)
	defer cancel()
	err := r.follow(news, out)
	switch {
	case out.broken != nil || r.ctx.Err() != nil:
		return nil // nobody reads on
	case problem.Is(err, problem.Unauthenticated), problem.Is(err, problem.Forbidden):
		out.send("event: reauthenticate\ndata:\n\n")
		return nil
	}
	return err
}

// follow sends what there is and then what comes, until the context, the reader, the token or his
// rights end it.
func (r *stream) follow(news *listener, out *events) error {
	beat := time.NewTicker(r.h.heartbeat)
	defer beat.Stop()
	end := time.NewTimer(r.left())
	defer end.Stop()
	more := make(chan struct{}, 1)
	more <- struct{}{} // what the inbox holds already
	for out.broken == nil {
		var err error
		select {
		case <-r.ctx.Done():
			return nil
		case <-end.C:
			return problem.Errorf(problem.Unauthenticated, "The token has expired.")
		case <-beat.C:
			err = aside(func() error { return r.beat(news, out, more) })
		case <-news.woken:
			err = aside(func() error { return r.hear(news, out, more) })
		case <-more:
			news.take(r.after)
			err = aside(func() error { return r.next(out, more) })
		}
		if err != nil {
			return err
		}
		end.Reset(r.left()) // his access may end sooner than it did
	}
	return nil
}

// aside does work beside the stream's own goroutine, which waits for it: the stack that the work needs is not kept while
// there is nothing to do.
func aside(work func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				done <- fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
			}
		}()
		done <- work()
	}()
	return <-done
}

// beat shows that the stream lives. Whose records changed while he had no news, is looked at again here.
func (r *stream) beat(news *listener, out *events, more chan<- struct{}) error {
	out.send(": heartbeat\n\n")
	who, err := identity.From(r.ctx)
	if err != nil || !news.behind(who) {
		return err
	}
	return r.next(out, more)
}

// left is how long the caller may still follow: to the end of his token or of his access.
func (r *stream) left() time.Duration {
	who, err := identity.From(r.ctx)
	if err != nil || who.TokenExpires.IsZero() {
		return math.MaxInt64
	}
	return who.TokenExpires.Sub(r.h.s.k.Now())
}

// hear sends what the hub has handed over, or what the inbox holds where that is not all.
func (r *stream) hear(news *listener, out *events, more chan struct{}) error {
	if len(more) > 0 {
		return nil // what was handed over comes after what is still in the inbox
	}
	handed, missed := news.take(r.after)
	switch {
	case missed:
		return r.next(out, more)
	case len(handed) == 0:
		return nil
	}
	c, err := r.h.s.Handed(r.ctx, r.after, handed)
	if err != nil {
		return err
	}
	return r.send(c, out, more)
}

// next sends one piece of the inbox, and signals when more may be there.
func (r *stream) next(out *events, more chan<- struct{}) error {
	c, err := r.h.s.Following(r.ctx, r.after)
	if err != nil {
		return err
	}
	return r.send(c, out, more)
}

func (r *stream) send(c Chunk, out *events, more chan<- struct{}) error {
	r.ctx = identity.With(r.base, c.Who)
	if len(c.Seen) > 0 {
		names, err := r.h.people.Names(r.ctx)
		if err != nil {
			return err
		}
		for _, a := range c.Seen {
			data, err := json.Marshal(ToAPI(a, names))
			if err != nil {
				return err
			}
			out.send(fmt.Sprintf("id: %d\nevent: alert\ndata: %s\n\n", a.Sequence, data))
		}
	}
	r.after = c.After
	if c.More {
		select {
		case more <- struct{}{}:
		default: // signalled already
		}
	}
	return nil
}

// events writes to a reader, each event at once and within its time, until one fails.
type events struct {
	write    func([]byte) (int, error)
	flush    func() error
	until    func(time.Time) error
	patience time.Duration
	broken   error
}

func (e *events) send(text string) {
	if e.broken != nil {
		return
	}
	// Deadlines are the operating system's, whatever clock the product has; a writer without a
	// connection has none.
	_ = e.until(time.Now().Add(e.patience))
	if _, e.broken = e.write([]byte(text)); e.broken == nil {
		e.broken = e.flush()
	}
}
