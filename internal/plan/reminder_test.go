package plan

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// told is who was told of an action, and how.
type told struct {
	Name string
	Who  []uuid.UUID
}

// called lets the clock turn and gives what was told since the last time.
func (w *world) called() []told {
	w.t.Helper()
	w.exec("delete from pending_event")
	require.NoError(w.t, w.s.Remind(w.t.Context(), home))
	rows, err := w.admin.Query(w.t.Context(), `select name, array(select jsonb_array_elements_text(tell)::uuid) from pending_event order by at, id`)
	require.NoError(w.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[told])
	require.NoError(w.t, err)
	return all
}

// turnTo puts the product's clock at noon of a day.
func (w *world) turnTo(day time.Time) { w.ahead = day.Add(12 * time.Hour).Sub(time.Now()) }

func (w *world) direct() uuid.UUID {
	w.hire("director", home, "municipal-director", identity.MunicipalDirector)
	w.exec(`update professional set roles = '["municipal-director"]' where id = $1`, w.people["director"].id)
	return w.people["director"].id
}

func TestPlan_4_19_the_term_of_an_action_is_told_up_the_ladder_once_per_rung(t *testing.T) {
	w := newWorld(t)
	director := w.direct()
	n := w.action("police")
	n.DueDate = calendar.After(w.in(0), 10)
	a, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.NoError(t, err)
	require.Empty(t, w.called(), "the term is far")
	for _, c := range []struct {
		what string
		day  time.Time
		name string
		who  uuid.UUID
	}{
		{"its owner, three days before", n.DueDate.AddDate(0, 0, -3), "action.reminded", w.people["police"].id},
		{"the case director, a working day after", calendar.After(n.DueDate, 1), "action.escalated", w.people["case-director"].id},
		{"the chair, five after", calendar.After(n.DueDate, 5), "action.escalated", w.people["chair"].id},
		{"the municipal director, ten after", calendar.After(n.DueDate, 10), "action.escalated", director},
	} {
		w.turnTo(c.day.AddDate(0, 0, -1))
		require.Empty(t, w.called(), "a day before: %s", c.what)
		w.turnTo(c.day)
		require.Equal(t, []told{{c.name, []uuid.UUID{c.who}}}, w.called(), c.what)
		require.Empty(t, w.called(), "once: %s", c.what)
	}
	t.Run("a later term begins the ladder anew", func(t *testing.T) {
		_, err := w.s.Defer(w.as("police"), etag.Key{ID: a.ID, Match: "*"}, Term{WorkingDays: 1}, "On holiday.")
		require.NoError(t, err)
		require.Equal(t, []told{{"action.reminded", []uuid.UUID{w.people["police"].id}}}, w.called())
	})
	t.Run("nobody is told of what is done", func(t *testing.T) {
		_, err := w.s.Complete(w.as("police"), etag.Key{ID: a.ID, Match: "*"}, Outcome{Result: Achieved})
		require.NoError(t, err)
		w.turnTo(w.in(90))
		require.Empty(t, w.called())
	})
}

func TestPlan_4_19_several_instances_tell_a_rung_once(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		n := w.action("police")
		n.DueDate = w.in(1)
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
		require.NoError(t, err)
	}
	w.exec("delete from pending_event")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { require.NoError(t, w.s.RemindDue(t.Context())) })
	}
	all.Wait()
	require.NoError(t, w.s.RemindDue(t.Context()))
	require.Len(t, w.events(), 3)
}

func TestPlan_4_19_a_rung_that_nobody_holds_is_told_to_the_next(t *testing.T) {
	w := newWorld(t)
	n := w.action("housing")
	n.DueDate, n.ProfessionalID = w.in(1), nil
	_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.NoError(t, err)
	require.Equal(t, []told{{"action.reminded", []uuid.UUID{w.people["housing"].id}}}, w.called(), "everybody who takes part for its partner")
	w.exec("update dossier set case_director_id = null")
	w.turnTo(calendar.After(n.DueDate, 1))
	require.Equal(t, []told{{"action.escalated", []uuid.UUID{w.people["chair"].id}}}, w.called())
	t.Run("no dossier that has ended is told of", func(t *testing.T) {
		w.exec("update dossier set status = 'closed', shielded_at = now()")
		w.turnTo(w.in(60))
		require.Empty(t, w.called())
	})
}

func TestPlan_4_19_what_the_municipality_sets_is_the_ladder(t *testing.T) {
	w := newWorld(t)
	w.exec(`insert into municipality_setting (municipality_id, id, version, reminder_days, escalation_days, changed_at) values ($1, $2, 1, 0, '[2, 3, 4]', now())`,
		home, uuid.Must(uuid.NewV7()))
	n := w.action("police")
	n.DueDate = w.in(1)
	_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.NoError(t, err)
	require.Empty(t, w.called())
	w.turnTo(n.DueDate)
	require.Equal(t, []told{{"action.reminded", []uuid.UUID{w.people["police"].id}}}, w.called(), "on the last day")
	w.turnTo(calendar.After(n.DueDate, 1))
	require.Empty(t, w.called())
	w.turnTo(calendar.After(n.DueDate, 2))
	require.Equal(t, []told{{"action.escalated", []uuid.UUID{w.people["case-director"].id}}}, w.called())
}
