package meeting

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

func TestDeliberate(t *testing.T) {
	w := newWorld(t)
	m := w.scheduled()
	w.invited(m, "police")
	w.invited(m, "housing")
	item := w.put(m, w.first)
	both := NewDeliberation{
		SocialPerspective: "A place to be.", SafetyPerspective: "Friday evening.",
		Contributions: []Contribution{{PartnerID: w.people["police"].partner, Text: "Extra rounds."}},
	}

	t.Run("only the chair of the meeting records it", func(t *testing.T) {
		_, err := w.s.Deliberate(w.as("police"), item.ID, both)
		require.True(t, problem.Is(err, problem.Forbidden))
		_, err = w.s.Deliberate(w.as("case-director"), item.ID, both)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("one perspective without the reason is a conflict", func(t *testing.T) {
		_, err := w.s.Deliberate(w.as("chair"), item.ID, NewDeliberation{SocialPerspective: "A place to be."})
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("a contribution of who takes no part is not valid", func(t *testing.T) {
		n := both
		n.Contributions = append(n.Contributions, Contribution{PartnerID: w.people["school"].partner, Text: "Truancy."})
		_, err := w.s.Deliberate(w.as("chair"), item.ID, n)
		require.Equal(t, []string{"/contributions/1/partnerId"}, pointers(t, err))
	})
	t.Run("an agenda item without a dossier is a conflict", func(t *testing.T) {
		general, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{Title: "Opening", Minutes: 5})
		require.NoError(t, err)
		_, err = w.s.Deliberate(w.as("chair"), general.ID, both)
		require.True(t, problem.Is(err, problem.Conflict))
	})
	seen, err := w.s.Deliberate(w.as("chair"), item.ID, both)
	require.NoError(t, err)
	t.Run("it is told under category deliberation", func(t *testing.T) {
		require.Equal(t, event{"deliberation.recorded", w.first, seen.ID, new(14)}, w.events()[1])
	})
	t.Run("who may read deliberations reads it, at the meeting or not", func(t *testing.T) {
		for _, name := range []string{"police", "case-director"} {
			one, err := w.s.GetDeliberation(w.as(name), item.ID, seen.ID)
			require.NoError(t, err)
			require.Equal(t, seen.Tag, one.Tag)
			rows, _, err := w.s.ListDeliberations(w.as(name), item.ID, page.Request{Limit: 10})
			require.NoError(t, err)
			require.Equal(t, seen.Tag, rows[0].Tag)
		}
	})
	t.Run("who was there and may not read deliberations is refused, others find nothing", func(t *testing.T) {
		_, err := w.s.GetDeliberation(w.as("housing"), item.ID, seen.ID)
		require.True(t, problem.Is(err, problem.NotFound))
		_, _, err = w.s.ListDeliberations(w.as("housing"), item.ID, page.Request{Limit: 10})
		require.True(t, problem.Is(err, problem.Forbidden))
		_, _, err = w.s.ListDeliberations(w.as("school"), item.ID, page.Request{Limit: 10})
		require.True(t, problem.Is(err, problem.NotFound))
	})
}

func TestTake(t *testing.T) {
	w := newWorld(t)
	m := w.scheduled()
	w.invited(m, "police")
	item := w.put(m, w.first)
	action := func(name string) plan.NewAction {
		return plan.NewAction{
			PartnerID: w.people[name].partner, Description: "Visit.", LifeDomain: "nuisance", Kind: "preventive", Track: "support",
			DueDate: organisation.DateOf(time.Now(), time.UTC).AddDate(0, 0, 7),
		}
	}
	decision := func(actions ...plan.NewAction) NewDecision {
		return NewDecision{
			Text: "Start with visits.", Reasons: "Talk first.", ProfessionalIDs: []uuid.UUID{w.people["police"].id}, Actions: actions,
		}
	}

	t.Run("who is invited may not", func(t *testing.T) {
		_, err := w.s.Take(w.as("police"), item.ID, decision())
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("an unknown professional is not valid", func(t *testing.T) {
		n := decision()
		n.ProfessionalIDs = append(n.ProfessionalIDs, uuid.New())
		_, err := w.s.Take(w.as("chair"), item.ID, n)
		require.Equal(t, []string{"/professionalIds/1"}, pointers(t, err))
	})
	for name, actions := range map[string][]plan.NewAction{
		"a partner that takes no part": {action("police"), action("school")},
		"a term before the meeting":    {action("police"), {PartnerID: w.people["police"].partner, LifeDomain: "nuisance", DueDate: m.StartsAt.AddDate(0, 0, -1).Truncate(24 * time.Hour)}},
	} {
		t.Run(name+" leaves neither decision nor action", func(t *testing.T) {
			before := len(w.events())
			_, err := w.s.Take(w.as("chair"), item.ID, decision(actions...))
			require.Error(t, err)
			require.Zero(t, w.count("decision"))
			require.Zero(t, w.count("action"))
			require.Len(t, w.events(), before)
		})
	}
	seen, err := w.s.Take(w.as("chair"), item.ID, decision(action("police"), action("housing")))
	require.NoError(t, err)
	t.Run("decision and actions are one event and three entries of the audit", func(t *testing.T) {
		require.Len(t, seen.Actions, 2)
		require.Equal(t, m.ID, *seen.Actions[0].MeetingID)
		require.Equal(t, event{"decision.taken", w.first, seen.ID, new(14)}, w.events()[1])
		require.Len(t, w.events(), 2)
		require.Equal(t, 3, w.count("audit_entry where event = 'decision.taken'"))
	})
	t.Run("a reader sees of it the actions that he may see", func(t *testing.T) {
		one, err := w.s.GetDecision(w.as("police"), item.ID, seen.ID)
		require.NoError(t, err)
		require.Len(t, one.Actions, 1)
		rows, _, err := w.s.ListDecisions(w.as("case-director"), item.ID, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Len(t, rows[0].Actions, 2)
		require.Equal(t, seen.Tag, rows[0].Tag)
	})
	t.Run("the situation report has it for who may read deliberations", func(t *testing.T) {
		rows, err := w.s.LatestDecisions(w.as("police"), w.first, 5)
		require.NoError(t, err)
		require.Equal(t, seen.ID, rows[0].ID)
		rows, err = w.s.LatestDecisions(w.as("housing"), w.first, 5)
		require.NoError(t, err)
		require.Empty(t, rows)
	})
	t.Run("a later action of the meeting is held against its date by who is invited", func(t *testing.T) {
		early := action("police")
		early.DueDate = m.StartsAt.AddDate(0, 0, -1).Truncate(24 * time.Hour)
		_, err := w.plans.Create(w.as("chair"), w.first, &m.ID, early)
		require.True(t, problem.Is(err, problem.Conflict))
		_, err = w.plans.Create(w.as("case-director"), w.first, &m.ID, action("police"))
		require.Equal(t, []string{"/meetingId"}, pointers(t, err))
	})
	t.Run("in a meeting that is cancelled it is a conflict", func(t *testing.T) {
		_, err := w.s.Cancel(w.as("chair"), etag.Key{ID: m.ID, Match: "*"}, "Vol.")
		require.NoError(t, err)
		_, err = w.s.Take(w.as("chair"), item.ID, decision())
		require.True(t, problem.Is(err, problem.Conflict))
	})
}
