package oversight

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// subjects are those of the last changes, by what happened.
func (r Report) subjects() map[string][]uuid.UUID {
	all := map[string][]uuid.UUID{}
	for _, c := range r.Changes {
		all[c.Kind] = append(all[c.Kind], c.ID)
	}
	return all
}

func (r Report) actions() (ids []uuid.UUID) {
	for _, a := range r.Actions {
		ids = append(ids, a.ID)
	}
	return ids
}

// TestReport has something of every kind that somebody may not see.
func TestReport(t *testing.T) {
	w := newWorld(t)
	visit, repair := w.action("police"), w.action("housing")
	secret, open := w.item("police", authz.Police), w.item("lead", authz.Housing)
	decision := w.decision()

	t.Run("who sees all of it reads all of it, the last first", func(t *testing.T) {
		r := w.report("police")
		require.Equal(t, map[string][]uuid.UUID{
			"decision-taken": {decision}, "item-added": {open, secret}, "action-created": {repair.ID, visit.ID},
		}, r.subjects())
		require.ElementsMatch(t, []uuid.UUID{visit.ID, repair.ID}, r.actions())
		require.Equal(t, decision, r.Decisions[0].ID)
		require.Equal(t, 2, r.Dossier.Figures.OpenActions)
		require.NotNil(t, r.Dossier.Figures.NextMeetingAt)
		require.Equal(t, "Passage", r.Dossier.Title)
		require.WithinDuration(t, time.Now(), r.AsOf, time.Minute)
	})
	for name, c := range map[string]struct {
		changes            map[string][]uuid.UUID
		actions, decisions int
		meets, titled      bool
	}{
		"lead":    {map[string][]uuid.UUID{"decision-taken": {decision}, "item-added": {open}, "action-created": {repair.ID, visit.ID}}, 2, 1, false, true},
		"chair":   {map[string][]uuid.UUID{"decision-taken": {decision}, "action-created": {repair.ID, visit.ID}}, 2, 1, true, true},
		"housing": {map[string][]uuid.UUID{"item-added": {open}, "action-created": {repair.ID}}, 1, 0, false, false},
		"health":  {map[string][]uuid.UUID{}, 0, 0, false, true},
	} {
		t.Run(name+" reads what he may see, and figures of that alone", func(t *testing.T) {
			r := w.report(name)
			require.Equal(t, c.changes, r.subjects())
			require.Len(t, r.Actions, c.actions)
			require.Equal(t, c.actions, r.Dossier.Figures.OpenActions)
			require.Len(t, r.Decisions, c.decisions)
			require.Equal(t, c.meets, r.Dossier.Figures.NextMeetingAt != nil)
			require.Equal(t, c.titled, r.Dossier.Titled)
		})
	}
	t.Run("who is not in it finds nothing", func(t *testing.T) {
		for _, id := range []uuid.UUID{w.dossier, uuid.Must(uuid.NewV7())} {
			_, err := w.s.SituationReport(w.as("school"), id)
			require.True(t, problem.Is(err, problem.NotFound))
		}
	})
	t.Run("directly after an action is done it says so, to who may see that", func(t *testing.T) {
		before := map[string]string{}
		for _, name := range []string{"police", "lead", "housing", "health"} {
			before[name] = w.tag(name)
		}
		w.completed("police", visit)
		for _, name := range []string{"police", "lead"} {
			r := w.report(name)
			require.Equal(t, Change{r.Changes[0].At, "action-completed", "action", visit.ID}, r.Changes[0])
			require.Equal(t, []int{1, 1}, []int{r.Dossier.Figures.OpenActions, r.Figures.Done})
			require.Equal(t, []uuid.UUID{repair.ID, visit.ID}, r.actions(), "open ones first")
			require.NotNil(t, r.Actions[1].Completion)
			require.True(t, r.Changes[0].At.Equal(*r.Dossier.Figures.LastChangeAt))
			require.NotEqual(t, before[name], w.tag(name))
		}
		for _, name := range []string{"housing", "health"} {
			require.Zero(t, w.report(name).Figures.Done)
			require.Equal(t, before[name], w.tag(name), "%s: what is hidden does not move the tag", name)
		}
	})
	t.Run("read twice it has the same tag, though it is of another moment", func(t *testing.T) {
		first := w.report("police")
		require.Equal(t, w.tag("police"), w.tag("police"))
		require.True(t, w.report("police").AsOf.After(first.AsOf))
	})
	t.Run("what is overdue is open, and counted", func(t *testing.T) {
		w.exec("update action set due_date = current_date - 2 where id = $1", repair.ID)
		r := w.report("housing")
		require.Equal(t, []int{1, 1}, []int{r.Dossier.Figures.OpenActions, r.Dossier.Figures.OverdueActions})
		require.True(t, r.Actions[0].IsOverdue)
	})
	t.Run("of a closed dossier there is none", func(t *testing.T) {
		_, err := w.dossiers.Close(w.as("chair"), etag.Key{ID: w.dossier, Match: "*"}, dossier.Closure{Result: "achieved", Reason: "Done."})
		require.NoError(t, err)
		for name, want := range map[string]problem.Kind{"police": problem.Shielded, "lead": problem.Shielded, "school": problem.NotFound} {
			_, err := w.s.SituationReport(w.as(name), w.dossier)
			require.Equal(t, want, problem.KindOf(err))
		}
	})
}

func TestDossierFigures(t *testing.T) {
	w := newWorld(t)
	figures := func(name string) dossier.Figures {
		d, err := w.dossiers.Get(w.as(name), w.dossier)
		require.NoError(t, err)
		return d.Figures
	}
	readers := []string{"chair", "lead", "police", "health", "housing"}
	// moved are those for whom any figure is another after a change.
	moved := func(change func()) (who []string) {
		before := map[string]dossier.Figures{}
		for _, name := range readers {
			before[name] = figures(name)
		}
		change()
		for _, name := range readers {
			if after := figures(name); !sameFigures(before[name], after) {
				who = append(who, name)
			}
		}
		return who
	}
	for _, c := range []struct {
		name   string
		change func()
		want   []string
	}{
		{"an action", func() { w.action("police") }, []string{"chair", "lead", "police"}},
		{"an action of one's own", func() { w.action("housing") }, []string{"chair", "lead", "police", "housing"}},
		{"a decision", func() { w.decision() }, []string{"chair", "lead", "police"}},
		{"an item of the police", func() { w.item("police", authz.Police) }, []string{"police"}},
		{"an item of health care", func() { w.item("health", authz.Health) }, []string{"health"}},
		{"an item about the home", func() { w.item("lead", authz.Housing) }, []string{"lead", "police", "housing"}},
	} {
		t.Run(c.name+" moves the figures of who may see it, and no other", func(t *testing.T) { require.Equal(t, c.want, moved(c.change)) })
	}
}

func sameFigures(a, b dossier.Figures) bool {
	same := func(x, y *time.Time) bool { return x == nil && y == nil || x != nil && y != nil && x.Equal(*y) }
	return a.OpenActions == b.OpenActions && a.OverdueActions == b.OverdueActions && same(a.NextMeetingAt, b.NextMeetingAt) && same(a.LastChangeAt, b.LastChangeAt)
}
