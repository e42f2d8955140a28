package alert

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestHub(t *testing.T) {
	t.Run("who has news is woken with its number, who has none is not", func(t *testing.T) {
		w := newTown(t)
		h := newHub(w.m.Heard, w.k.DB, quiet())
		director, idle := w.join(t, h, w.director), w.join(t, h, w.stranger)
		w.happens(t, w.officer, w.changed(), w.changed())
		arrives(t, director.woken, "the news")
		require.Equal(t, int64(2), numbered(director))
		require.Empty(t, idle.woken)
		require.Zero(t, numbered(idle))
	})

	t.Run("a look that fails is made again", func(t *testing.T) {
		w := newTown(t)
		h := newHub(w.m.Heard, w.k.DB, quiet())
		director := w.join(t, h, w.director)
		w.exec(t, "revoke select on alert from wijkregie_system")
		w.happens(t, w.officer, w.changed())
		w.exec(t, "grant select on alert to wijkregie_system")
		arrives(t, director.woken, "the news")
		require.Equal(t, int64(1), numbered(director))
	})

	t.Run("what no notification told of is found all the same", func(t *testing.T) {
		w := newTown(t)
		h := newHub(w.m.Heard, w.k.DB, quiet())
		h.every = time.Millisecond
		director := w.join(t, h, w.director)
		w.exec(t, `insert into feed (municipality_id, seq, id, name, dossier_id, subject_type, subject_id, fields, at, sequenced_at)
			values ('GM0861', 9, $1, 'regie.changed', $2, 'dossier', $2, '[]', now(), now())`, id(), w.dossier)
		w.exec(t, "insert into alert (municipality_id, id, seq, professional_id, created_at) values ('GM0861', $1, 9, $2, now())", id(), w.director)
		arrives(t, director.woken, "the news")
		require.Equal(t, int64(9), numbered(director))
	})

	t.Run("when the last has left nothing looks any more", func(t *testing.T) {
		w := newTown(t)
		h := newHub(w.m.Heard, w.k.DB, quiet())
		who, err := w.as(t.Context(), veldhoven, w.director)
		require.NoError(t, err)
		_, first := h.join(who)
		l, second := h.join(who)
		first()
		first()
		require.Len(t, h.rooms, 1)
		second()
		require.Empty(t, h.rooms)
		require.Empty(t, l.room.listening)
	})

	t.Run("whose access ends while he has no news is asked for a new token", func(t *testing.T) {
		w := newTown(t)
		s := w.serve(t, w.stranger)
		s.who.Versions = identity.Versions{People: 1}
		s.who.Renew = func(context.Context) (identity.Identity, error) {
			return identity.Identity{}, problem.Errorf(problem.Unauthenticated, "Your organisation is suspended.")
		}
		s.http.heartbeat, s.http.hub.every = time.Millisecond, time.Millisecond
		open := s.connect(t, "")
		open.next(t)
		w.exec(t, "update municipality_stamp set people = people + 1")
		got := open.next(t)
		for got.comment == "heartbeat" {
			got = open.next(t)
		}
		require.Equal(t, event{name: "reauthenticate"}, got)
	})
}

// join lets the hub wake for somebody, once its first look is over.
func (w *town) join(t *testing.T, h *hub, person uuid.UUID) *listener {
	t.Helper()
	who, err := w.as(t.Context(), veldhoven, person)
	require.NoError(t, err)
	l, leave := h.join(who)
	t.Cleanup(leave)
	if l.room.many == 1 {
		arrives(t, l.woken, "the first look, which wakes everybody")
		l.take(0)
	}
	return l
}

// numbered is the number of the latest alert that was handed to a stream; 0 without any.
func numbered(l *listener) (seq int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.handed {
		seq = n.Seq
	}
	return seq
}
