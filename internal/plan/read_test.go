package plan

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestList(t *testing.T) {
	w := newWorld(t)
	var all []Seen
	for i, name := range []string{"police", "housing", "police"} {
		n := w.action(name)
		n.DueDate = w.in(3 - i)
		seen, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
		require.NoError(t, err)
		all = append(all, seen)
	}
	list := func(name string, f Filter) (ids []uuid.UUID) {
		rows, next, err := w.s.List(w.as(name), f, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Nil(t, next)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids
	}

	t.Run("the earliest term comes first", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{all[2].ID, all[1].ID, all[0].ID}, list("chair", Filter{}))
	})
	t.Run("a partner with its own actions only sees those", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{all[1].ID}, list("housing", Filter{}))
	})
	t.Run("who takes no part sees none, nor does another municipality", func(t *testing.T) {
		require.Empty(t, list("school", Filter{}))
		require.Empty(t, list("stranger", Filter{}))
		_, err := w.s.Get(w.as("stranger"), all[0].ID)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("each row has the tag of the single action", func(t *testing.T) {
		rows, _, err := w.s.List(w.as("police"), Filter{}, page.Request{Limit: 1})
		require.NoError(t, err)
		one, err := w.s.Get(w.as("police"), rows[0].ID)
		require.NoError(t, err)
		require.Equal(t, one.Tag, rows[0].Tag)
	})
	for name, f := range map[string]Filter{
		"dossier":      {DossierID: &w.dossier, PartnerID: new(w.people["housing"].partner)},
		"professional": {ProfessionalID: new(w.people["housing"].id)},
		"status":       {Status: new("open"), PartnerID: new(w.people["housing"].partner)},
		"not overdue":  {Overdue: new(false), PartnerID: new(w.people["housing"].partner)},
		"track":        {Track: new("support"), PartnerID: new(w.people["housing"].partner)},
		"life domain":  {LifeDomain: new("nuisance"), PartnerID: new(w.people["housing"].partner)},
	} {
		t.Run("it can be limited by "+name, func(t *testing.T) { require.Equal(t, []uuid.UUID{all[1].ID}, list("chair", f)) })
	}
	for name, f := range map[string]Filter{
		"another dossier": {DossierID: new(uuid.New())}, "a meeting": {MeetingID: new(uuid.New())}, "done": {Status: new("done")},
		"overdue": {Overdue: new(true)}, "the other track": {Track: new("enforcement")}, "a term before today": {DueBefore: new(w.in(0))},
	} {
		t.Run("there is nothing for "+name, func(t *testing.T) { require.Empty(t, list("chair", f)) })
	}
	t.Run("page after page gives each once", func(t *testing.T) {
		var ids []uuid.UUID
		p := page.Request{Limit: 1}
		for range all {
			rows, next, err := w.s.List(w.as("chair"), Filter{}, p)
			require.NoError(t, err)
			ids = append(ids, rows[0].ID)
			if next == nil {
				break
			}
			p, err = page.Parse(new(1), next)
			require.NoError(t, err)
		}
		require.Equal(t, []uuid.UUID{all[2].ID, all[1].ID, all[0].ID}, ids)
	})
	t.Run("a cursor of something else is not valid", func(t *testing.T) {
		_, _, err := w.s.List(w.as("chair"), Filter{}, page.Request{Limit: 1, After: &page.Cursor{Key: "2026-000001"}})
		require.True(t, problem.Is(err, problem.Invalid))
	})
}

func TestFigures(t *testing.T) {
	w := newWorld(t)
	late, open, done := w.agreed("housing"), w.agreed("police"), w.agreed("police")
	_, err := w.s.Complete(w.as("police"), etag.Key{ID: done.ID, Match: done.Tag}, Outcome{Result: Achieved, Note: ""})
	require.NoError(t, err)
	_, err = w.s.Update(w.as("chair"), etag.Key{ID: late.ID, Match: late.Tag}, Change{DueDate: new(w.in(1))})
	require.NoError(t, err)
	w.ahead = 48 * time.Hour
	figures := func(name string) Figures {
		today, err := w.s.Today(w.as(name))
		require.NoError(t, err)
		all, err := w.s.Figures(w.as(name), []uuid.UUID{w.dossier}, today)
		require.NoError(t, err)
		return all[w.dossier]
	}

	t.Run("the chair counts all", func(t *testing.T) {
		f := figures("chair")
		require.Equal(t, []int{2, 1}, []int{f.Open, f.Overdue})
	})
	t.Run("a partner with its own actions only counts those, and no other change moves its time", func(t *testing.T) {
		before := figures("housing")
		require.Equal(t, []int{1, 1}, []int{before.Open, before.Overdue})
		_, err := w.s.Complete(w.as("police"), etag.Key{ID: open.ID, Match: open.Tag}, Outcome{Result: Achieved, Note: ""})
		require.NoError(t, err)
		require.Equal(t, before, figures("housing"))
		require.True(t, figures("chair").LastChangeAt.After(*before.LastChangeAt))
	})
	t.Run("who takes no part counts nothing", func(t *testing.T) { require.Zero(t, figures("school")) })
	t.Run("they are what the list says", func(t *testing.T) {
		rows, _, err := w.s.List(w.as("chair"), Filter{DossierID: &w.dossier, Overdue: new(true)}, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Len(t, rows, figures("chair").Overdue)
		require.True(t, rows[0].IsOverdue)
	})
	t.Run("the report has open actions first, then what was done", func(t *testing.T) {
		rows, err := w.s.Brief(w.as("chair"), w.dossier)
		require.NoError(t, err)
		require.Equal(t, []Status{Open, Done, Done}, []Status{rows[0].Status, rows[1].Status, rows[2].Status})
	})
	t.Run("an alert names only what its reader may read", func(t *testing.T) {
		about, err := w.s.Visible(w.as("housing"), []uuid.UUID{late.ID, open.ID, uuid.New()})
		require.NoError(t, err)
		require.Equal(t, map[uuid.UUID]string{late.ID: "Visit the residents."}, about)
	})
}
