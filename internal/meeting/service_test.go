package meeting

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestSchedule(t *testing.T) {
	w := newWorld(t)

	t.Run("a chair schedules his own, which no dossier hears of", func(t *testing.T) {
		seen := w.scheduled()
		require.Equal(t, Planned, seen.Status)
		require.Contains(t, seen.Allowed, "updateMeeting")
		require.Equal(t, 1, w.count("audit_entry where event = 'meeting.scheduled' and subject_id = $1", seen.ID))
		require.Empty(t, w.events())
	})
	t.Run("who stands in for the chair does too, and is told with him", func(t *testing.T) {
		_, err := w.s.Schedule(w.standIn("other-chair", "chair"), w.tomorrow())
		require.NoError(t, err)
		require.Equal(t, 1, w.count("audit_entry where in_name_of = $1", w.people["chair"].id))
	})
	t.Run("the director schedules for a chair", func(t *testing.T) {
		_, err := w.s.Schedule(w.as("director"), w.tomorrow())
		require.NoError(t, err)
	})
	for name, n := range map[string]func(*NewMeeting){
		"an unknown chair is not valid":        func(n *NewMeeting) { n.ChairID = uuid.New() },
		"an unknown table is not valid":        func(n *NewMeeting) { n.TableID = new(uuid.New()) },
		"an end before the start is not valid": func(n *NewMeeting) { n.EndsAt = n.StartsAt.Add(-time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			m := w.tomorrow()
			n(&m)
			_, err := w.s.Schedule(w.as("director"), m)
			require.Len(t, pointers(t, err), 1)
		})
	}
	t.Run("who does not hold the role chair leads none", func(t *testing.T) {
		m := w.tomorrow()
		m.ChairID = w.people["police"].id
		_, err := w.s.Schedule(w.as("director"), m)
		require.True(t, problem.Is(err, problem.Conflict))
	})
	for _, name := range []string{"police", "other-chair"} {
		t.Run("the "+name+" may not schedule for the chair", func(t *testing.T) {
			_, err := w.s.Schedule(w.as(name), w.tomorrow())
			require.True(t, problem.Is(err, problem.Forbidden))
		})
	}
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	seen := w.scheduled()
	w.invited(seen, "police")
	seen = w.get("chair", seen)
	rename := func(m *Meeting) { m.Title = "Overleg" }

	t.Run("without an entity tag it is refused", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), etag.Key{ID: seen.ID}, nil, rename)
		require.True(t, problem.Is(err, problem.MatchRequired))
	})
	t.Run("who is invited may not", func(t *testing.T) {
		_, err := w.s.Update(w.as("police"), etag.Key{ID: seen.ID, Match: seen.Tag}, nil, rename)
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("who is not does not find it", func(t *testing.T) {
		_, err := w.s.Update(w.as("school"), etag.Key{ID: seen.ID, Match: seen.Tag}, nil, rename)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("an end before the start is not valid", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, nil, func(m *Meeting) { m.EndsAt = m.StartsAt })
		require.Equal(t, []string{"/endsAt"}, pointers(t, err))
	})
	t.Run("its chair changes it", func(t *testing.T) {
		after, err := w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, nil, rename)
		require.NoError(t, err)
		require.Equal(t, "Overleg", after.Title)
		require.Equal(t, w.get("chair", seen).Tag, after.Tag)
	})
	t.Run("with an older entity tag it is stale, and the field is named", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, nil, rename)
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Equal(t, problem.Stale, p.Kind)
		require.Equal(t, "/title", p.Fields[0].Name)
	})
	t.Run("what is cancelled no longer changes, nor is anybody invited", func(t *testing.T) {
		_, err := w.s.Cancel(w.as("chair"), etag.Key{ID: seen.ID, Match: "*"}, "Vol.")
		require.NoError(t, err)
		_, err = w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: "*"}, nil, rename)
		require.True(t, problem.Is(err, problem.Conflict))
		_, err = w.s.Invite(w.as("chair"), seen.ID, NewInvitation{ProfessionalID: new(w.people["housing"].id)})
		require.True(t, problem.Is(err, problem.Conflict))
	})
}

func TestList(t *testing.T) {
	w := newWorld(t)
	first := w.scheduled()
	next := w.tomorrow()
	next.StartsAt, next.EndsAt = next.StartsAt.Add(24*time.Hour), next.EndsAt.Add(24*time.Hour)
	second, err := w.s.Schedule(w.as("chair"), next)
	require.NoError(t, err)
	w.invited(first, "police")
	w.put(first, w.second)
	w.put(second, w.first)
	list := func(name string, f Filter) (ids []uuid.UUID) {
		rows, _, err := w.s.List(w.as(name), f, page.Request{Limit: 10})
		require.NoError(t, err)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids
	}

	t.Run("its chair and the director see them, the latest start first", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{second.ID, first.ID}, list("chair", Filter{}))
		require.Equal(t, []uuid.UUID{second.ID, first.ID}, list("director", Filter{}))
	})
	t.Run("who is invited sees that one, others none", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{first.ID}, list("police", Filter{}))
		require.Empty(t, list("school", Filter{}))
	})
	t.Run("who stands in for the chair sees them", func(t *testing.T) {
		rows, _, err := w.s.List(w.standIn("school", "chair"), Filter{}, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Len(t, rows, 2)
	})
	t.Run("each row has the tag of the single meeting", func(t *testing.T) {
		for _, name := range []string{"chair", "police"} {
			rows, _, err := w.s.List(w.as(name), Filter{From: &first.StartsAt}, page.Request{Limit: 10})
			require.NoError(t, err)
			for _, row := range rows {
				require.Equal(t, w.get(name, row).Tag, row.Tag)
			}
		}
	})
	for name, c := range map[string]struct {
		f    Filter
		want []uuid.UUID
	}{
		"until the second starts": {Filter{Until: &second.StartsAt}, []uuid.UUID{first.ID}},
		"from the first's end on": {Filter{From: new(first.EndsAt.Add(time.Minute))}, []uuid.UUID{second.ID}},
		"of another chair":        {Filter{ChairID: new(w.people["other-chair"].id)}, nil},
		"about a dossier":         {Filter{DossierID: &w.second}, []uuid.UUID{first.ID}},
	} {
		t.Run("it can be limited to those "+name, func(t *testing.T) { require.Equal(t, c.want, list("chair", c.f)) })
	}
	t.Run("a dossier that the reader does not know finds nothing", func(t *testing.T) {
		require.Empty(t, list("police", Filter{DossierID: &w.second}))
	})
	t.Run("page after page gives each once", func(t *testing.T) {
		rows, next, err := w.s.List(w.as("chair"), Filter{}, page.Request{Limit: 1})
		require.NoError(t, err)
		p, err := page.Parse(new(1), next)
		require.NoError(t, err)
		more, end, err := w.s.List(w.as("chair"), Filter{}, p)
		require.NoError(t, err)
		require.Nil(t, end)
		require.Equal(t, []uuid.UUID{second.ID, first.ID}, []uuid.UUID{rows[0].ID, more[0].ID})
	})
}

func TestNextMeetings(t *testing.T) {
	w := newWorld(t)
	soon := w.scheduled()
	w.invited(soon, "police")
	w.put(soon, w.first)
	w.put(soon, w.second)
	next := func(name string) map[uuid.UUID]time.Time {
		at, err := w.s.NextMeetings(w.as(name), []uuid.UUID{w.first, w.second})
		require.NoError(t, err)
		return at
	}

	t.Run("each dossier on the agenda has it", func(t *testing.T) {
		at := next("chair")
		require.Len(t, at, 2)
		require.True(t, soon.StartsAt.Equal(at[w.second]))
	})
	t.Run("a reader sees that of dossiers he knows in meetings he knows", func(t *testing.T) {
		require.Len(t, next("police"), 1)
		require.Empty(t, next("housing"))
	})
	t.Run("what is cancelled does not come", func(t *testing.T) {
		_, err := w.s.Cancel(w.as("chair"), etag.Key{ID: soon.ID, Match: "*"}, "Vol.")
		require.NoError(t, err)
		require.Empty(t, next("chair"))
	})
}
