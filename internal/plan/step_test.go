package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestPlan_1_09_a_mediation_has_a_mediator_and_ends_agreed_or_not(t *testing.T) {
	w := newWorld(t)
	n := w.action("police")
	n.Kind = mediation
	_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.Equal(t, []string{"/mediator"}, pointers(t, err))
	n.Mediator = "Buurtbemiddeling"
	seen, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.NoError(t, err)
	require.Equal(t, "Buurtbemiddeling", seen.Mediator)

	_, err = w.s.Complete(w.as("police"), etag.Key{ID: seen.ID, Match: "*"}, Outcome{Result: Achieved})
	require.Equal(t, []string{"/agreement"}, pointers(t, err))
	_, err = w.s.Complete(w.as("police"), etag.Key{ID: seen.ID, Match: "*"}, Outcome{Result: Achieved, Agreement: "not-agreed"})
	require.NoError(t, err)
	seen, err = w.s.Get(w.as("chair"), seen.ID)
	require.NoError(t, err)
	require.Equal(t, "not-agreed", seen.Completion.Agreement)

	t.Run("another action has neither", func(t *testing.T) {
		n := w.action("police")
		n.Mediator = "Buurtbemiddeling"
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
		require.Equal(t, []string{"/mediator"}, pointers(t, err))
		_, err = w.s.Complete(w.as("police"), etag.Key{ID: w.agreed("police").ID, Match: "*"}, Outcome{Result: Achieved, Agreement: "agreed"})
		require.Equal(t, []string{"/agreement"}, pointers(t, err))
	})
}

func TestPlan_4_39_an_action_is_deferred_assigned_cancelled_and_reopened_with_a_reason_that_stays(t *testing.T) {
	w := newWorld(t)
	a := w.agreed("police")
	key := etag.Key{ID: a.ID, Match: "*"}

	t.Run("a later term is a deferral, not a change", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), key, Change{DueDate: new(w.in(9))})
		require.True(t, problem.Is(err, problem.Conflict))
		_, err = w.s.Defer(w.as("police"), key, Term{Date: w.in(7)}, "Same day.")
		require.True(t, problem.Is(err, problem.Conflict))
		step, err := w.s.Defer(w.as("police"), key, Term{Date: w.in(9)}, "On holiday.")
		require.NoError(t, err)
		require.Equal(t, w.in(7), *step.FormerDueDate)
		require.Equal(t, w.in(9), *step.DueDate)
	})
	t.Run("it is handed to who takes part by name", func(t *testing.T) {
		_, err := w.s.Assign(w.as("police"), key, w.people["school"].partner, nil, "Closer.")
		require.Equal(t, []string{"/partnerId"}, pointers(t, err))
		step, err := w.s.Assign(w.as("police"), key, w.people["housing"].partner, nil, "Closer.")
		require.NoError(t, err)
		require.Equal(t, w.people["police"].partner, *step.FormerPartnerID)
		_, err = w.s.Assign(w.as("case-director"), key, w.people["housing"].partner, nil, "Again.")
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("nobody gives away what he could not read afterwards", func(t *testing.T) {
		_, err := w.s.Assign(w.as("housing"), key, w.people["police"].partner, nil, "Yours.")
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("who directs cancels and reopens, the owner does not", func(t *testing.T) {
		_, err := w.s.Cancel(w.as("housing"), key, "No.")
		require.True(t, problem.Is(err, problem.Forbidden))
		_, err = w.s.Reopen(w.as("chair"), key, "Open.")
		require.True(t, problem.Is(err, problem.Conflict))
		_, err = w.s.Cancel(w.as("chair"), key, "Moved away.")
		require.NoError(t, err)
		_, err = w.s.Defer(w.as("housing"), key, Term{Date: w.in(12)}, "Late.")
		require.True(t, problem.Is(err, problem.Conflict))
		_, err = w.s.Reopen(w.as("case-director"), key, "Back again.")
		require.NoError(t, err)
		after, err := w.s.Get(w.as("chair"), a.ID)
		require.NoError(t, err)
		require.Equal(t, Open, after.Status)
	})
	t.Run("each step can be read back by who reads the action", func(t *testing.T) {
		for kind, reason := range map[StepKind]string{Deferral: "On holiday.", Assignment: "Closer.", Cancellation: "Moved away.", Reopening: "Back again."} {
			rows, _, err := w.s.Steps(w.as("housing"), a.ID, kind, page.Request{Limit: 10})
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, reason, rows[0].Reason)
			one, err := w.s.Step(w.as("chair"), a.ID, kind, rows[0].ID)
			require.NoError(t, err)
			require.Equal(t, rows[0], one)
		}
		_, _, err := w.s.Steps(w.as("school"), a.ID, Deferral, page.Request{Limit: 10})
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("a completion stays when the action is reopened", func(t *testing.T) {
		done := w.agreed("police")
		_, err := w.s.Complete(w.as("police"), etag.Key{ID: done.ID, Match: "*"}, Outcome{Result: Achieved})
		require.NoError(t, err)
		_, err = w.s.Reopen(w.as("chair"), etag.Key{ID: done.ID, Match: "*"}, "It came back.")
		require.NoError(t, err)
		rows, _, err := w.s.Completions(w.as("chair"), done.ID, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Len(t, rows, 1)
	})
}
