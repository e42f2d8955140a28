package dossier

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) person(others ...string) Seen {
	w.t.Helper()
	o := opening()
	o.Type = Person
	seen, err := w.s.Open(w.as("social"), o)
	require.NoError(w.t, err)
	for _, name := range others {
		w.joined(seen, name)
	}
	return seen
}

func (w *world) assessed(by string, d Seen, domain string, score int, day string) Assessment {
	w.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	require.NoError(w.t, err)
	in, err := w.s.AddAssessment(w.as(by), d.ID, NewAssessment{Scored: true, Assessment: Assessment{
		LifeDomain: domain, Score: &score, Reading: "Seen.", Source: "Visit", ObservedOn: at,
	}})
	require.NoError(w.t, err)
	return in.Row.Assessment
}

func TestAssessments(t *testing.T) {
	w := newWorld(t)
	d := w.person("police", "health", "housing")
	first := w.assessed("social", d, "finances", 2, "2026-01-10")
	last := w.assessed("police", d, "finances", 3, "2026-02-10")
	p := page.Request{Limit: 9}
	read := func(name string) int {
		in, err := w.s.ListAssessments(w.as(name), d.ID, AssessmentFilter{}, p)
		require.NoError(t, err)
		moved, err := w.s.AssessmentDeltas(w.as(name), d.ID)
		require.NoError(t, err)
		require.Len(t, moved.Row.Rows, min(1, len(in.Row.Rows)), name)
		found, err := w.s.MultiProblem(w.as(name), d.ID)
		require.NoError(t, err)
		require.Len(t, found.Row.Input, min(1, len(in.Row.Rows)), name)
		return len(in.Row.Rows)
	}
	t.Run("who may see life domains reads them, and nobody else", func(t *testing.T) {
		for name, want := range map[string]int{"social": 2, "police": 2, "health": 0, "housing": 0} {
			require.Equal(t, want, read(name), name)
		}
		for name, want := range map[string]problem.Kind{"health": problem.NotFound, "fire": problem.NotFound} {
			_, err := w.s.GetAssessment(w.as(name), d.ID, first.ID)
			require.Equal(t, want, kind(err), name)
		}
	})
	t.Run("it is told as what it is about", func(t *testing.T) {
		require.Equal(t, "assessment.added", w.last(d.ID).Name)
		w.assessed("social", d, "housing", 1, "2026-02-01")
		require.Equal(t, "assessment.acute", w.last(d.ID).Name)
	})
	t.Run("what the matrix does not let add is refused, by any supplier", func(t *testing.T) {
		n := NewAssessment{Scored: true, Assessment: Assessment{LifeDomain: "finances", Reading: "x", Source: "x", ObservedOn: last.ObservedOn}}
		_, err := w.s.AddAssessment(w.as("health"), d.ID, n)
		require.Equal(t, problem.Forbidden, kind(err))
		_, err = w.s.AddAssessment(w.as("fire"), d.ID, n)
		require.Equal(t, problem.NotFound, kind(err))
	})
	t.Run("without the first wall the second stands", func(t *testing.T) {
		w.exec("drop policy read on assessment; create policy read on assessment for select using (true)")
		require.Equal(t, 0, read("health"))
		_, err := w.s.GetAssessment(w.as("health"), d.ID, first.ID)
		require.Equal(t, problem.NotFound, kind(err))
	})
}

// Four at once lay a circle of four: at most three of them succeed, whatever the order.
func TestACircleIsNotClosedByManyAtOnce(t *testing.T) {
	w := newWorld(t)
	const corners = 4
	var all [corners]Seen
	for i := range all {
		all[i] = w.opened()
	}
	ctx := w.as("social")
	laid := make([]error, corners)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() { laid[i] = w.causes(ctx, all[i].ID, all[(i+1)%corners].ID) })
	}
	wait.Wait()
	refused := 0
	for _, err := range laid {
		if err != nil {
			require.Equal(t, problem.Conflict, kind(err))
			refused++
		}
	}
	require.Equal(t, 1, refused)
}

func (w *world) causes(ctx context.Context, from, to uuid.UUID) error {
	_, err := w.s.AddLink(ctx, from, Link{OtherDossierID: to, Kind: causeEffect})
	return err
}
