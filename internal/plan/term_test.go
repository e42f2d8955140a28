package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

func TestPlan_4_19_a_term_is_a_date_or_working_days(t *testing.T) {
	w := newWorld(t)
	n := w.action("police")
	n.WorkingDays = 4
	_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.Equal(t, []string{"/dueDate"}, pointers(t, err), "not both")
	n.put(Term{})
	_, err = w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.Equal(t, []string{"/dueDate"}, pointers(t, err), "nor neither")
	n.put(Term{WorkingDays: 4})
	a, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
	require.NoError(t, err)
	require.Equal(t, calendar.After(w.in(0), 4), a.DueDate)

	key := etag.Key{ID: a.ID, Match: "*"}
	_, err = w.s.Defer(w.as("police"), key, Term{Date: w.in(30), WorkingDays: 9}, "Later.")
	require.Equal(t, []string{"/dueDate"}, pointers(t, err))
	step, err := w.s.Defer(w.as("police"), key, Term{WorkingDays: 9}, "Later.")
	require.NoError(t, err)
	require.Equal(t, calendar.After(w.in(0), 9), *step.DueDate)
}

func TestPlan_4_19_working_days_count_from_a_meeting_that_is_to_come(t *testing.T) {
	w := newWorld(t)
	on := earliest{today: w.in(0), meeting: w.in(20)}
	require.Equal(t, calendar.After(w.in(20), 3), Term{WorkingDays: 3}.last(on))
	on.meeting = w.in(-20)
	require.Equal(t, calendar.After(w.in(0), 3), Term{WorkingDays: 3}.last(on))
}
