package oversight

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// TestReport_4_24_of_the_past tells of a life step by step and then reads each moment of it back.
func TestReport_4_24_of_the_past(t *testing.T) {
	w := newWorld(t)
	type moment struct {
		at    time.Time
		check func(t *testing.T, r Report)
	}
	var moments []moment
	after := func(check func(t *testing.T, r Report)) {
		moments = append(moments, moment{time.Now(), check})
	}
	figures := func(r Report) []int { return []int{r.Figures.Open, r.Figures.Overdue, r.Figures.Done} }
	any := func(a plan.Seen) etag.Key { return etag.Key{ID: a.ID, Match: "*"} }

	visit := w.action("police")
	due := visit.DueDate
	after(func(t *testing.T, r Report) {
		require.Equal(t, []int{1, 0, 0}, figures(r))
		require.Equal(t, State{dossier.Intake, 3, w.people["lead"].id, w.people["chair"].id}, stateOf(r))
		require.Equal(t, due, r.Actions[0].DueDate)
		require.Equal(t, []Change{{r.Changes[0].At, "action-created", "action", visit.ID}}, r.Changes)
	})
	w.exec(`insert into action_step (municipality_id, id, dossier_id, action_id, kind, reason, former_due_date, due_date, decided_partner_id, decided_at)
		select municipality_id, $1, dossier_id, id, 'deferral', 'Holiday.', due_date, due_date + 23, partner_id, now() from action where id = $2`, uuid.Must(uuid.NewV7()), visit.ID)
	w.exec("update action set due_date = due_date + 23 where id = $1", visit.ID)
	w.completed("police", visit)
	after(func(t *testing.T, r Report) {
		require.Equal(t, []int{0, 0, 1}, figures(r))
		require.Equal(t, "action-completed", r.Changes[0].Kind)
		require.Equal(t, due.AddDate(0, 0, 23), r.Actions[0].DueDate)
	})
	_, err := w.plans.Reopen(w.as("chair"), any(visit), "Again.")
	require.NoError(t, err)
	_, err = w.plans.Assign(w.as("lead"), any(visit), w.people["housing"].partner, nil, "Nearer.")
	require.NoError(t, err)
	decision := w.decision()
	after(func(t *testing.T, r Report) {
		require.Equal(t, []int{1, 0, 0}, figures(r))
		require.Nil(t, r.Actions[0].Completion)
		require.Equal(t, w.people["housing"].partner, r.Actions[0].PartnerID)
		require.Equal(t, decision, r.Decisions[0].ID)
	})
	_, err = w.plans.Cancel(w.as("chair"), any(visit), "Not needed.")
	require.NoError(t, err)
	_, err = w.dossiers.ChangeStatus(w.as("chair"), etag.Key{ID: w.dossier, Match: "*"}, dossier.StatusChange{ToStatus: dossier.InTriage, Reason: "Look."})
	require.NoError(t, err)
	after(func(t *testing.T, r Report) {
		require.Equal(t, []int{0, 0, 0}, figures(r))
		require.Equal(t, plan.Cancelled, r.Actions[0].Status)
		require.Equal(t, dossier.InTriage, r.State.Status)
	})
	past := func(name string, at time.Time) Report {
		r, err := w.s.SituationReportAt(w.as(name), w.dossier, at)
		require.NoError(t, err)
		return r
	}
	for _, m := range moments {
		r := past("chair", m.at)
		require.True(t, r.AsOf.Equal(m.at))
		m.check(t, r)
		require.Zero(t, past("health", m.at).Figures, "who may not read actions now is told of none")
	}
	t.Run("as of now it says what the report of now says", func(t *testing.T) {
		now, then := w.report("chair"), past("chair", time.Now())
		require.Equal(t, now.State, then.State)
		require.Equal(t, []int{now.Figures.Open, now.Figures.Overdue, now.Figures.Done}, figures(then))
		require.Equal(t, now.Changes, then.Changes)
	})
	t.Run("what was open past its term then was overdue", func(t *testing.T) {
		w.exec("update action set created_at = created_at - interval '60 days', due_date = current_date - 40 where id = $1", visit.ID)
		w.exec("update action_step set former_due_date = current_date - 45 where former_due_date is not null")
		w.exec("update dossier set opened_at = opened_at - interval '60 days' where id = $1", w.dossier)
		require.Equal(t, []int{1, 1, 0}, figures(past("chair", time.Now().AddDate(0, 0, -20))))
		require.Equal(t, []int{1, 0, 0}, figures(past("chair", time.Now().AddDate(0, 0, -50))))
		r := past("chair", time.Now().AddDate(0, 0, -20))
		require.Equal(t, State{dossier.Intake, 1, uuid.Nil, uuid.Nil}, stateOf(r), "before anybody was appointed")
	})
	t.Run("a moment to come, and one before it was opened, is refused", func(t *testing.T) {
		for _, at := range []time.Time{time.Now().Add(time.Hour), time.Now().AddDate(-1, 0, 0)} {
			_, err := w.s.SituationReportAt(w.as("chair"), w.dossier, at)
			require.Equal(t, problem.Invalid, problem.KindOf(err))
		}
		_, err := w.s.SituationReportAt(w.as("school"), w.dossier, time.Now().AddDate(-1, 0, 0))
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})
}

// State is the state in a report, to compare.
type State struct {
	Status      dossier.Status
	Phase       int
	Lead, Chair uuid.UUID
}

func stateOf(r Report) State {
	s := State{Status: r.State.Status, Phase: r.State.Phase}
	if r.State.CaseDirectorID != nil {
		s.Lead = *r.State.CaseDirectorID
	}
	if r.State.ChairID != nil {
		s.Chair = *r.State.ChairID
	}
	return s
}
