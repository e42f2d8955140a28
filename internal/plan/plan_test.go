package plan

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func day(d int) time.Time { return time.Date(2026, 12, d, 0, 0, 0, 0, time.UTC) }

func TestOverdue(t *testing.T) {
	for name, c := range map[string]struct {
		status Status
		due    int
		want   bool
	}{
		"a term in the future is not":             {Open, 12, false},
		"on its last day an action is not":        {Open, 11, false},
		"the day after its last day an action is": {Open, 10, true},
		"what is done is never":                   {Done, 1, false},
		"what is cancelled is never":              {Cancelled, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, Action{Status: c.status, DueDate: day(c.due)}.Overdue(day(11)))
		})
	}
}

func TestEarliest(t *testing.T) {
	for name, c := range map[string]struct {
		due, today, meeting int
		conflict            bool
	}{
		"a term that ends today is a term":            {due: 5, today: 5},
		"a term that ended yesterday is a conflict":   {due: 4, today: 5, conflict: true},
		"a term on the day of the meeting is a term":  {due: 7, today: 5, meeting: 7},
		"a term before the meeting is a conflict":     {due: 6, today: 5, meeting: 7, conflict: true},
		"a meeting in the past leaves today to count": {due: 4, today: 5, meeting: 3, conflict: true},
	} {
		t.Run(name, func(t *testing.T) {
			e := earliest{today: day(c.today)}
			if c.meeting > 0 {
				e.meeting = day(c.meeting)
			}
			require.Equal(t, c.conflict, problem.Is(e.check(day(c.due)), problem.Conflict))
		})
	}
}

func TestChange(t *testing.T) {
	open := Action{Status: Open, Description: "Visit", LifeDomain: "nuisance", Kind: "preventive", Track: "support", DueDate: day(3)}
	due := earliest{today: day(5)}

	t.Run("what is left out stays", func(t *testing.T) {
		a := open
		require.NoError(t, Change{Description: new("Visit all")}.apply(&a, due))
		want := open
		want.Description = "Visit all"
		require.Equal(t, want, a)
	})
	t.Run("an overdue action can be described better without a new term", func(t *testing.T) {
		a := open
		require.NoError(t, Change{Track: new("enforcement"), DueDate: new(day(3))}.apply(&a, due))
		require.Equal(t, "enforcement", a.Track)
	})
	t.Run("a new term before today is a conflict", func(t *testing.T) {
		a := open
		require.True(t, problem.Is(Change{DueDate: new(day(4))}.apply(&a, due), problem.Conflict))
	})
	t.Run("an action that is done is a conflict", func(t *testing.T) {
		a := open
		a.Status = Done
		require.True(t, problem.Is(Change{Description: new("Visit all")}.apply(&a, due), problem.Conflict))
	})
}

func TestComplete(t *testing.T) {
	who := identity.Identity{Municipality: "GM0861", Partner: uuid.New(), Professional: uuid.New()}

	t.Run("an open action is done, with who says so", func(t *testing.T) {
		a := Action{MunicipalityID: "GM0861", ID: uuid.New(), DossierID: uuid.New(), Status: Open}
		c, err := a.complete(who, day(4), Outcome{Result: Partly, Note: "Two of three."})
		require.NoError(t, err)
		require.Equal(t, Done, a.Status)
		require.Equal(t, day(4), a.ChangedAt)
		want := Completion{
			MunicipalityID: "GM0861", ID: c.ID, DossierID: a.DossierID, ActionID: a.ID, Result: Partly, Note: "Two of three.",
			CompletedBy: &who.Professional, CompletedPartnerID: who.Partner, CompletedAt: day(4),
		}
		require.Equal(t, want, c)
	})
	t.Run("by a system nobody is named", func(t *testing.T) {
		a := Action{Status: Open}
		c, err := a.complete(identity.Identity{Partner: who.Partner}, day(4), Outcome{Result: Achieved, Note: ""})
		require.NoError(t, err)
		require.Nil(t, c.CompletedBy)
	})
	for _, status := range []Status{Done, Cancelled} {
		t.Run(string(status)+" is a conflict", func(t *testing.T) {
			a := Action{Status: status}
			_, err := a.complete(who, day(4), Outcome{Result: Achieved, Note: ""})
			require.True(t, problem.Is(err, problem.Conflict))
		})
	}
}

func TestOperations(t *testing.T) {
	ids := func(a Action) (ids []string) {
		for _, o := range a.operations() {
			ids = append(ids, o.ID)
		}
		return ids
	}

	t.Run("an open action can be changed and completed", func(t *testing.T) {
		require.Equal(t, []string{"getAction", "listCompletions", "listDeferrals", "listAssignments", "listActionReopenings", "listActionCancellations", "updateAction", "cancelAction", "completeAction", "deferAction", "assignAction"}, ids(Action{Status: Open}))
	})
	t.Run("an action that is done can be read", func(t *testing.T) {
		require.Equal(t, []string{"getAction", "listCompletions", "listDeferrals", "listAssignments", "listActionReopenings", "listActionCancellations", "reopenAction"}, ids(Action{Status: Done}))
	})
}
