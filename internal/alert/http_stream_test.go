package alert

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestStream(t *testing.T) {
	t.Run("what happens is sent as it happens, as the row of the list", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		open := s.connect(t, "")
		require.Equal(t, event{id: "0"}, open.next(t), "the place to resume from comes first")
		w.happens(t, w.officer, w.action(t))
		got := open.next(t)
		require.Equal(t, []string{"alert", "1"}, []string{got.name, got.id})

		names, err := w.m.People.Names(w.acting(t, w.director))
		require.NoError(t, err)
		row, err := json.Marshal(ToAPI(all(t, w, w.acting(t, w.director), Filter{})[0], names))
		require.NoError(t, err)
		require.JSONEq(t, string(row), got.data)
	})

	t.Run("who resumes gets exactly what he missed, in order, and then what comes", func(t *testing.T) {
		w := newTown(t)
		for range 3 {
			w.happens(t, w.officer, w.changed(), w.changed())
		}
		open := w.serve(t, w.director).connect(t, "2")
		require.Equal(t, "2", open.next(t).id)
		for _, want := range []string{"3", "4", "5", "6"} {
			require.Equal(t, want, open.next(t).id)
		}
		w.happens(t, w.officer, w.changed())
		require.Equal(t, "7", open.next(t).id)
	})

	t.Run("more than one piece is sent whole", func(t *testing.T) {
		w := newTown(t)
		for range chunk + 5 {
			w.happens(t, w.officer, w.changed())
		}
		open := w.serve(t, w.director).connect(t, "0")
		last := ""
		for range chunk + 6 {
			last = open.next(t).id
		}
		require.Equal(t, "105", last)
	})

	t.Run("who begins anew gets only what comes", func(t *testing.T) {
		w := newTown(t)
		w.happens(t, w.officer, w.changed())
		open := w.serve(t, w.director).connect(t, "")
		require.Equal(t, event{id: "1"}, open.next(t))
		w.happens(t, w.officer, w.changed())
		require.Equal(t, "2", open.next(t).id)
	})

	t.Run("rights are those of the moment of sending", func(t *testing.T) {
		w := newTown(t)
		open := w.serve(t, w.director).connect(t, "")
		open.next(t)
		w.happens(t, w.officer, w.item(t, authz.Health))
		hidden := open.next(t).alert(t)
		require.Equal(t, Unreadable, hidden.Kind)
		require.Empty(t, hidden.ChangedFields)
		require.True(t, hidden.Subject.IsNull() && hidden.Actor.IsNull() && hidden.ActorId.IsNull())

		w.exec(t, "update admission set until = now() where holder = $1", w.director)
		w.happens(t, w.officer, w.changed())
		c, err := w.Following(w.acting(t, w.director), 1)
		require.NoError(t, err)
		require.Empty(t, c.Seen, "he does not know the dossier now")
		require.Equal(t, int64(2), c.After)
	})

	t.Run("an idle stream shows that it lives", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.http.heartbeat = time.Millisecond
		open := s.connect(t, "")
		open.next(t)
		require.Equal(t, event{comment: "heartbeat"}, open.next(t))
	})
}

func TestStreamEnds(t *testing.T) {
	t.Run("when the token expires it asks for a new one", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.who.TokenExpires = w.now().Add(50 * time.Millisecond)
		open := s.connect(t, "")
		open.next(t)
		require.Equal(t, event{name: "reauthenticate"}, open.next(t))
		open.ends(t)
	})

	t.Run("when the records behind the caller changed against him it asks too", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.who.Versions = identity.Versions{People: 1}
		s.who.Renew = func(context.Context) (identity.Identity, error) {
			return identity.Identity{}, problem.Errorf(problem.Unauthenticated, "Your organisation is suspended.")
		}
		open := s.connect(t, "")
		open.next(t)
		w.exec(t, "update municipality_stamp set people = people + 1")
		w.happens(t, w.officer, w.changed())
		require.Equal(t, event{name: "reauthenticate"}, open.next(t))
		open.ends(t)
	})

	t.Run("when they changed otherwise it goes on as who he is now", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.who.Versions = identity.Versions{People: 1}
		renewed := 0
		s.who.Renew = func(ctx context.Context) (identity.Identity, error) {
			renewed++
			who, err := w.as(ctx, veldhoven, w.director)
			who.Versions, who.Renew = identity.Versions{People: 2}, s.who.Renew
			return who, err
		}
		open := s.connect(t, "")
		open.next(t)
		w.exec(t, "update municipality_stamp set people = people + 1")
		for range 2 {
			w.happens(t, w.officer, w.changed())
			require.Equal(t, "alert", open.next(t).name)
		}
		require.Equal(t, 1, renewed)
	})

	t.Run("when his access ends before his token does", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.who.TokenExpires = w.now().Add(time.Hour)
		s.who.Versions = identity.Versions{People: 1}
		s.who.Renew = func(ctx context.Context) (identity.Identity, error) {
			who, err := w.as(ctx, veldhoven, w.director)
			who.Versions, who.TokenExpires = identity.Versions{People: 2}, w.now().Add(2*time.Second)
			return who, err
		}
		open := s.connect(t, "")
		open.next(t)
		w.exec(t, "update municipality_stamp set people = people + 1")
		w.happens(t, w.officer, w.changed())
		require.Equal(t, "alert", open.next(t).name)
		require.Equal(t, event{name: "reauthenticate"}, open.next(t))
		open.ends(t)
	})

	t.Run("when the server stops", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		open := s.connect(t, "")
		open.next(t)
		s.stop()
		open.ends(t)
		require.Zero(t, s.http.hub.streams())
	})

	t.Run("the oldest of a person who opens too many, and nobody else's", func(t *testing.T) {
		w := newTown(t)
		other := w.serve(t, w.chair).connect(t, "")
		other.next(t)
		s := w.serve(t, w.director)
		oldest := s.connect(t, "")
		oldest.next(t)
		var newest reader
		for range most {
			newest = s.connect(t, "")
			newest.next(t)
		}
		oldest.ends(t)
		w.happens(t, w.officer, w.changed())
		require.Equal(t, "alert", newest.next(t).name)
		require.Equal(t, "alert", other.next(t).name)
	})

	t.Run("a reader who does not read is cut off, others notice nothing, and he can resume", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.director)
		s.http.patience = 50 * time.Millisecond
		slow := s.connect(t, "")
		last := slow.next(t).id
		quick := w.serve(t, w.chair).connect(t, "")
		quick.next(t)
		for range 3 {
			w.happens(t, w.officer, w.changed())
			require.Equal(t, "alert", quick.next(t).name)
		}
		require.Eventually(t, func() bool { return s.http.hub.streams() == 0 }, bound, time.Millisecond, "the cut")

		again := s.connect(t, last)
		again.next(t)
		for _, want := range []string{"1", "2", "3"} {
			require.Equal(t, want, again.next(t).id)
		}
	})
}

func TestHTTP(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, w.action(t), w.changed())
	h := NewHTTP(w.Service, w.m.People)
	ctx := w.acting(t, w.director)

	t.Run("a page names its next and who acted", func(t *testing.T) {
		got, err := h.ListAlerts(ctx, api.ListAlertsRequestObject{Params: api.ListAlertsParams{Limit: new(1)}})
		require.NoError(t, err)
		page := got.(api.ListAlerts200JSONResponse)
		require.Len(t, page.Body.Items, 1)
		require.True(t, page.Body.Next.IsSpecified() && !page.Body.Next.IsNull())
		actor, err := page.Body.Items[0].Actor.Get()
		require.NoError(t, err)
		require.Equal(t, "An Agent", actor.Name)
	})

	t.Run("the summary has a tag that moves with it", func(t *testing.T) {
		tag := func() string {
			got, err := h.GetAlertSummary(ctx, api.GetAlertSummaryRequestObject{})
			require.NoError(t, err)
			return got.(api.GetAlertSummary200JSONResponse).Body.Etag
		}
		before := tag()
		require.Equal(t, before, tag())
		_, err := h.AcknowledgeAlerts(ctx, api.AcknowledgeAlertsRequestObject{Body: &api.NewAcknowledgement{UpToSequence: new(int64(1))}})
		require.NoError(t, err)
		require.NotEqual(t, before, tag())
	})

	t.Run("both or neither of ids and sequence is invalid input", func(t *testing.T) {
		for _, body := range []api.NewAcknowledgement{{}, {Ids: []uuid.UUID{id()}, UpToSequence: new(int64(1))}} {
			_, err := h.AcknowledgeAlerts(ctx, api.AcknowledgeAlertsRequestObject{Body: &body})
			require.True(t, problem.Is(err, problem.Invalid))
		}
	})

	t.Run("a cursor that is not ours is invalid input", func(t *testing.T) {
		_, err := h.ListAlerts(ctx, api.ListAlertsRequestObject{Params: api.ListAlertsParams{Cursor: new(page.At(time.Now(), id()).String())}})
		require.True(t, problem.Is(err, problem.Invalid))
	})
}

// site is a server for streams of one caller. Its connections hold nothing between writer and
// reader, so that a reader who does not read is felt at once.
type site struct {
	http  *HTTP
	who   identity.Identity
	pipes *pipes
	ctx   context.Context // ends when the server stops
	stop  context.CancelFunc
}

func (w *town) serve(t *testing.T, person uuid.UUID) *site {
	t.Helper()
	who, err := w.as(t.Context(), veldhoven, person)
	require.NoError(t, err)
	s := &site{
		http: NewHTTP(w.Service, w.m.People), who: who,
		pipes: &pipes{dialled: make(chan net.Conn), closed: make(chan struct{})},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	server := &http.Server{Handler: s}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(s.pipes)
	}()
	t.Cleanup(func() {
		s.stop()
		require.NoError(t, server.Close())
		arrives(t, done, "the end of the server")
	})
	return s
}

// ServeHTTP answers as the generated server does.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := identity.With(s.ctx, s.who)
	request := api.StreamAlertsRequestObject{}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		request.Params.LastEventID = &last
	}
	answer, err := s.http.StreamAlerts(ctx, request)
	if err == nil {
		err = answer.VisitStreamAlertsResponse(w)
	}
	if err != nil {
		panic(err)
	}
}

// reader is who reads a stream.
type reader struct{ lines *bufio.Reader }

func (s *site) connect(t *testing.T, last string) reader {
	t.Helper()
	ours, theirs := net.Pipe()
	s.pipes.dialled <- theirs
	t.Cleanup(func() { _ = ours.Close() })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://site/v1/alert-stream", nil)
	require.NoError(t, err)
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	require.NoError(t, ours.SetDeadline(time.Now().Add(bound)))
	require.NoError(t, request.Write(ours))
	answer, err := http.ReadResponse(bufio.NewReader(ours), request)
	require.NoError(t, err)
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	return reader{lines: bufio.NewReader(answer.Body)}
}

// event is a server-sent event, or a comment.
type event struct{ id, name, data, comment string }

// next reads one event.
func (r reader) next(t *testing.T) (e event) {
	t.Helper()
	for {
		line, err := r.lines.ReadString('\n')
		require.NoError(t, err)
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			return e
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		case "":
			e.comment = value
		default:
			require.Fail(t, "a line that is no server-sent event: "+line)
		}
	}
}

func (e event) alert(t *testing.T) (a api.Alert) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(e.data), &a))
	return a
}

// ends waits for the end of the stream.
func (r reader) ends(t *testing.T) {
	t.Helper()
	_, err := r.lines.ReadString('\n')
	require.ErrorIs(t, err, io.EOF)
}

// pipes listens for connections without buffers.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

var errClosed = errors.New("closed")

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, errClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }
