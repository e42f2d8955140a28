package alert

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// How often the hub looks when nothing is told to it, and how long it waits after a look that failed.
const (
	lookEvery = 5 * time.Second
	lookAgain = 200 * time.Millisecond
)

// hub looks once, for all open streams of a municipality in this process, at who has a new alert, and
// hands it to the streams of those people alone. A stream without news costs nothing but its heartbeat.
type hub struct {
	heard *delivery.Broadcaster
	db    *db.DB
	log   *slog.Logger
	every time.Duration // at the latest after a look comes the next
	mu    sync.Mutex
	rooms map[string]*room // of municipalities with an open stream
}

func newHub(heard *delivery.Broadcaster, database *db.DB, log *slog.Logger) *hub {
	return &hub{heard: heard, db: database, log: log, every: lookEvery, rooms: map[string]*room{}}
}

// room are the open streams of a municipality.
type room struct {
	municipality string
	end          context.CancelFunc
	mu           sync.Mutex
	listening    map[uuid.UUID]map[*listener]bool // by professional
	many         int
	versions     identity.Versions // of people and matrix, at the last look
}

// listener is one open stream as the hub knows it.
type listener struct {
	room   *room
	woken  chan struct{} // holds one signal when there is news
	mu     sync.Mutex
	handed []line // the news
	missed bool   // it is not all here: the inbox has to be read
}

// join lets a stream be woken until leave is called. What was committed before the call, its first read
// has to find.
func (h *hub) join(who identity.Identity) (l *listener, leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[who.Municipality]
	if r == nil {
		ctx, end := context.WithCancel(context.Background()) // until the last stream leaves
		r = &room{municipality: who.Municipality, end: end, listening: map[uuid.UUID]map[*listener]bool{}, versions: who.Versions}
		h.rooms[who.Municipality] = r
		go h.watch(ctx, r)
	}
	l = &listener{room: r, woken: make(chan struct{}, 1)}
	r.add(who.Professional, l)
	return l, func() { h.leave(who.Professional, l) }
}

func (h *hub) leave(professional uuid.UUID, l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.room.remove(professional, l) {
		l.room.end()
		delete(h.rooms, l.room.municipality)
	}
}

// watch looks whenever the feed has grown, and now and then without being told, until ctx ends. A look that
// fails is made again: nobody may miss what it would have found.
func (h *hub) watch(ctx context.Context, r *room) {
	grown, cancel := h.heard.Subscribe(r.municipality)
	defer cancel()
	pause := time.NewTimer(h.every)
	defer pause.Stop()
	for after := int64(unknown); ; {
		wait := h.every
		seen, err := h.look(ctx, r, after)
		if err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "streams wait for a look at new alerts", "error", err)
			wait = lookAgain
		}
		after = max(after, seen)
		pause.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-grown:
		case <-pause.C:
		}
	}
}

// unknown is where the first look begins, which wakes everybody.
const unknown = -1

// look hands over the alerts after a number, and gives the highest there is. Numbers become visible in their order, so that
// nothing below it can come later. After a first look, or where there are too many, everybody reads his own inbox.
func (h *hub) look(ctx context.Context, r *room, after int64) (seen int64, err error) {
	var news []handed
	var versions identity.Versions
	seen = after
	err = h.db.Tx(identity.With(ctx, identity.System(r.municipality, "stream")), func(ctx context.Context) error {
		if versions, err = db.Versions(ctx); err != nil {
			return err
		}
		if after != unknown {
			if news, err = handedAfter(ctx, r.municipality, after); err != nil || len(news) < mostHanded {
				return err
			}
		}
		seen, err = highestOfAll(ctx, r.municipality)
		return err
	})
	if err != nil {
		return unknown, err
	}
	if after == unknown || len(news) == mostHanded {
		r.wakeAll(versions)
		return seen, nil
	}
	for _, n := range news {
		seen = max(seen, n.Line.Seq)
	}
	r.tell(versions, news)
	return seen, nil
}

func (r *room) add(professional uuid.UUID, l *listener) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listening[professional] == nil {
		r.listening[professional] = map[*listener]bool{}
	}
	r.listening[professional][l] = true
	r.many++
}

// remove tells whether the room is empty now.
func (r *room) remove(professional uuid.UUID, l *listener) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.listening[professional][l] {
		return false
	}
	delete(r.listening[professional], l)
	if len(r.listening[professional]) == 0 {
		delete(r.listening, professional)
	}
	r.many--
	return r.many == 0
}

func (r *room) tell(versions identity.Versions, news []handed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions = versions
	for _, n := range news {
		for l := range r.listening[n.ProfessionalID] {
			l.hand(n.Line)
		}
	}
}

func (r *room) wakeAll(versions identity.Versions) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions = versions
	for _, all := range r.listening {
		for l := range all {
			l.read()
		}
	}
}

// hand gives an alert to a stream; what is too much, it finds in the inbox.
func (l *listener) hand(news line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.handed) == chunk {
		l.handed, l.missed = nil, true
	}
	if !l.missed {
		l.handed = append(l.handed, news)
	}
	l.wake()
}

// read has a stream read its inbox.
func (l *listener) read() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handed, l.missed = nil, true
	l.wake()
}

// take gives the news after a number, the earliest first; missed when that is not all of it. Whoever reads the inbox asks
// this before: what is handed over by then, is there.
func (l *listener) take(after int64) (news []line, missed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	news, missed = l.handed, l.missed
	l.handed, l.missed = nil, false
	return slices.DeleteFunc(news, func(n line) bool { return n.Seq <= after }), missed
}

// wake never blocks.
func (l *listener) wake() {
	select {
	case l.woken <- struct{}{}:
	default: // it holds a signal already
	}
}

// behind tells whether people or matrix have changed since the identity was made.
func (l *listener) behind(who identity.Identity) bool {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	return who.Renew != nil && who.Versions != l.room.versions
}

// streams counts those that are open in this process.
func (h *hub) streams() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		r.mu.Lock()
		n += r.many
		r.mu.Unlock()
	}
	return n
}
