package dossier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) reopen(by string, d Seen) (Reopening, error) {
	in, err := w.s.Reopen(w.as(by), d.ID, Reopening{Ground: "relapse", Reason: "Three reports."})
	return in.Row, err
}

func TestDossier_2_04_after_closure_a_relapse_reopens(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "fire")
	item := w.added("health", d, something(authz.Health))
	later := w.joining("housing")
	later.From = new(time.Now().Add(2 * time.Second))
	_, err := w.s.AddParticipant(w.as("lead"), d.ID, later)
	require.NoError(t, err)
	w.exec(`update participant set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where dossier_id = $1 and partner_id = $2`,
		d.ID, w.people["fire"].partner)
	require.NoError(t, w.step("chair", d, InTriage))
	w.triaged(d)
	require.NoError(t, w.step("chair", d, Active))
	require.NoError(t, w.step("chair", d, Aftercare))
	_, err = w.reopen("chair", d)
	require.Equal(t, problem.Conflict, kind(err), "it is not closed")
	closed, err := w.close("chair", d)
	require.NoError(t, err)

	t.Run("who closed it reads his closure, nobody else does", func(t *testing.T) {
		one, err := w.s.GetClosure(w.as("chair"), d.ID, closed.ID)
		require.NoError(t, err)
		require.Equal(t, closed.Reason, one.Row.Reason)
		require.Nil(t, one.Dossier.Title)
		for by, want := range map[string]problem.Kind{"director": problem.Shielded, "lead": problem.Shielded, "fire": problem.NotFound, "stranger": problem.NotFound} {
			_, err := w.s.GetClosure(w.as(by), d.ID, closed.ID)
			require.Equal(t, want, kind(err), by)
		}
		_, err = w.s.GetClosure(w.as("chair"), d.ID, newID())
		require.Equal(t, problem.Shielded, kind(err))
	})
	for by, want := range map[string]problem.Kind{
		"lead": problem.Shielded, "police": problem.Shielded, "social": problem.Shielded, "fire": problem.NotFound, "colleague": problem.NotFound, "stranger": problem.NotFound,
	} {
		_, err := w.reopen(by, d)
		require.Equal(t, want, kind(err), by)
	}
	r, err := w.reopen("chair", d)
	require.NoError(t, err)
	require.Equal(t, Active, r.Status, "out of aftercare")
	require.Equal(t, closed.ID, *r.ClosureID)
	require.Equal(t, "dossier.reopened", w.last(d.ID).Name)
	require.ElementsMatch(t, []string{"status", "shieldedAt"}, w.last(d.ID).Fields)
	require.Equal(t, []problem.Kind{"", "", "", "", "", "", problem.NotFound, problem.NotFound},
		w.kinds(d, "chair", "lead", "director", "police", "police-system", "health", "fire", "colleague"))
	_, err = w.s.GetItem(w.as("health"), d.ID, item.ID)
	require.NoError(t, err)
	require.Contains(t, w.get("chair", d).Allowed, "closeDossier")
	back, err := w.s.ListClosures(w.as("police"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, closed.ID, back.Row.Rows[0].ID)
	again, err := w.s.ListReopenings(w.as("police"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, "relapse", again.Row.Rows[0].Ground)
	require.Eventually(t, func() bool { return w.kinds(d, "housing")[0] == "" }, 5*time.Second, 50*time.Millisecond,
		"who was to take part later does")

	t.Run("closed again the director reopens it", func(t *testing.T) {
		_, err := w.close("chair", d)
		require.NoError(t, err)
		_, err = w.reopen("director", d)
		require.NoError(t, err)
		_, err = w.reopen("director", d)
		require.Equal(t, problem.Conflict, kind(err))
	})
}
