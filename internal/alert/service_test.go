package alert

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func all(t *testing.T, w *town, ctx context.Context, f Filter) []Seen {
	t.Helper()
	seen, next, err := w.List(ctx, f, page.Request{Limit: page.Max})
	require.NoError(t, err)
	require.Nil(t, next)
	return seen
}

func TestList(t *testing.T) {
	w := newTown(t)
	readable, hidden, done := w.item(t, authz.Police), w.item(t, authz.Health), w.action(t)
	w.happens(t, w.officer, readable, hidden, done)

	t.Run("who may read a change learns what, by whom and which fields, the latest first", func(t *testing.T) {
		seen := all(t, w, w.acting(t, w.director), Filter{})
		require.Len(t, seen, 3)
		require.Equal(t, []int64{3, 2, 1}, []int64{seen[0].Sequence, seen[1].Sequence, seen[2].Sequence})
		require.Equal(t, "item-added", seen[2].Kind)
		require.Equal(t, readable.Subject, *seen[2].Subject)
		require.Equal(t, []string{"text"}, seen[2].Fields)
		require.Equal(t, w.officer, *seen[2].ActorID)
		require.Equal(t, "Informatie toegevoegd in dossier 2026-000007", seen[2].Text)
	})

	t.Run("who may not read it learns number and time", func(t *testing.T) {
		seen := all(t, w, w.acting(t, w.director), Filter{})[1]
		require.Equal(t, Seen{
			ID: seen.ID, Sequence: 2, Kind: Unreadable, Text: "Dossier gewijzigd in dossier 2026-000007", Dossier: seen.Dossier, Fields: []string{}, At: seen.At,
		}, seen)
		require.Equal(t, "2026-000007", seen.Dossier.Number)
	})

	t.Run("an executed action is named, in the reader's language", func(t *testing.T) {
		require.Equal(t, "Actie afgerond in dossier 2026-000007: Gesprek met de buren", all(t, w, w.acting(t, w.director), Filter{})[0].Text)
		english := language.With(w.acting(t, w.chair), language.English)
		require.Equal(t, "Action completed in dossier 2026-000007: Gesprek met de buren", all(t, w, english, Filter{})[0].Text)
	})

	t.Run("who acted is not told, and nobody reads another's inbox", func(t *testing.T) {
		require.Empty(t, all(t, w, w.acting(t, w.officer), Filter{}))
		require.Empty(t, all(t, w, w.acting(t, w.substitute), Filter{}))
	})

	t.Run("a filter on a kind finds what the reader is told, and not what it hides", func(t *testing.T) {
		director := w.acting(t, w.director)
		require.Len(t, all(t, w, director, Filter{Kind: new("item-added")}), 1)
		require.Len(t, all(t, w, director, Filter{Kind: new(Unreadable)}), 1)
		require.Empty(t, all(t, w, director, Filter{Kind: new("no-such-kind")}))
	})

	t.Run("filters on dossier and time", func(t *testing.T) {
		director := w.acting(t, w.director)
		require.Len(t, all(t, w, director, Filter{DossierID: &w.dossier}), 3)
		require.Empty(t, all(t, w, director, Filter{DossierID: new(id())}))
		require.Empty(t, all(t, w, director, Filter{Since: new(time.Now().Add(time.Hour))}))
	})

	t.Run("pages follow each other without gap or double, also when the filter hides most", func(t *testing.T) {
		for range 3 {
			w.happens(t, w.officer, w.item(t, authz.Health), w.item(t, authz.Health), w.item(t, authz.Police))
		}
		for _, f := range []Filter{{}, {Kind: new("item-added")}} {
			var paged []Seen
			p := page.Request{Limit: 2}
			for {
				seen, next, err := w.List(w.acting(t, w.director), f, p)
				require.NoError(t, err)
				paged = append(paged, seen...)
				if next == nil {
					break
				}
				p, err = page.Parse(new(2), next)
				require.NoError(t, err)
			}
			require.Equal(t, all(t, w, w.acting(t, w.director), f), paged)
		}
	})

	t.Run("a cursor of another list is invalid input", func(t *testing.T) {
		_, _, err := w.List(w.acting(t, w.director), Filter{}, page.Request{Limit: 2, After: new(page.At(time.Now(), id()))})
		require.True(t, problem.Is(err, problem.Invalid))
	})

	t.Run("a system has no inbox", func(t *testing.T) {
		system := identity.With(t.Context(), identity.Identity{Municipality: veldhoven, Partner: w.police})
		_, _, err := w.List(system, Filter{}, page.Request{Limit: 2})
		require.True(t, problem.Is(err, problem.Forbidden))
		_, err = w.Summarise(system)
		require.True(t, problem.Is(err, problem.Forbidden))
		_, _, err = w.Acknowledge(system, Which{UpTo: new(int64(1))})
		require.True(t, problem.Is(err, problem.Forbidden))
		_, err = w.Resume(system, nil)
		require.True(t, problem.Is(err, problem.Forbidden))
	})
}

func TestListFollowsRights(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, w.action(t))

	t.Run("a dossier that closed to reading leaves its number", func(t *testing.T) {
		w.exec(t, "update admission set shielded = true")
		w.exec(t, "update dossier set shielded_at = now()")
		seen := all(t, w, w.acting(t, w.director), Filter{})
		require.Len(t, seen, 1)
		require.Equal(t, Unreadable, seen[0].Kind)
		require.Equal(t, "2026-000007", seen[0].Dossier.Number)
		require.Nil(t, seen[0].Dossier.Title)
		require.NotContains(t, seen[0].Text, "buren")
	})

	t.Run("who has left the dossier has no lines on it", func(t *testing.T) {
		w.exec(t, "update admission set until = now() where holder = $1", w.director)
		require.Empty(t, all(t, w, w.acting(t, w.director), Filter{}))
		sum, err := w.Summarise(w.acting(t, w.director))
		require.NoError(t, err)
		require.Zero(t, sum.Open)
	})
}

func TestFanOut(t *testing.T) {
	told := func(t *testing.T, w *town) map[uuid.UUID]int {
		t.Helper()
		rows, err := w.admin.Query(t.Context(), "select professional_id from alert")
		require.NoError(t, err)
		found := map[uuid.UUID]int{}
		for rows.Next() {
			var person uuid.UUID
			require.NoError(t, rows.Scan(&person))
			found[person]++
		}
		require.NoError(t, rows.Err())
		return found
	}

	t.Run("a substitute is told while he stands in, beside who he replaces, and reads by his rights", func(t *testing.T) {
		w := newTown(t)
		w.standIn(t, -1, 1)
		w.happens(t, w.officer, w.action(t))
		require.Equal(t, map[uuid.UUID]int{w.director: 1, w.chair: 1, w.substitute: 1}, told(t, w))
		seen := all(t, w, w.acting(t, w.substitute), Filter{})
		require.Len(t, seen, 1, "his own line, not also that of the case director")
		require.Equal(t, "action-completed", seen[0].Kind)
	})

	t.Run("a substitution that is over or to come tells nobody", func(t *testing.T) {
		w := newTown(t)
		w.standIn(t, -2, -1)
		w.standIn(t, 1, 2)
		w.happens(t, w.officer, w.changed())
		require.Equal(t, map[uuid.UUID]int{w.director: 1, w.chair: 1}, told(t, w))
	})

	t.Run("a substitute who acts is not told, who he acts for is", func(t *testing.T) {
		w := newTown(t)
		w.standIn(t, -1, 1)
		e := w.changed()
		e.InNameOf = w.director
		w.happens(t, w.substitute, e)
		require.Equal(t, map[uuid.UUID]int{w.director: 1, w.chair: 1}, told(t, w))
	})

	t.Run("what a system did is told to all", func(t *testing.T) {
		w := newTown(t)
		who, err := w.as(t.Context(), veldhoven, w.officer)
		require.NoError(t, err)
		who.Professional = uuid.Nil
		w.happensTo(identity.With(t.Context(), who), t, w.changed())
		require.Equal(t, map[uuid.UUID]int{w.director: 1, w.chair: 1}, told(t, w))
		require.Nil(t, all(t, w, w.acting(t, w.director), Filter{})[0].ActorID)
	})

	t.Run("each alert has one delivery by mail, each event is told once", func(t *testing.T) {
		w := newTown(t)
		w.happens(t, w.officer, w.changed(), w.changed(), w.changed())
		require.Equal(t, map[uuid.UUID]int{w.director: 3, w.chair: 3}, told(t, w))
		var deliveries int
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from delivery d join alert a on a.id = d.alert_id where state = 'pending'").Scan(&deliveries))
		require.Equal(t, 6, deliveries)
	})
}

func TestAcknowledge(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, w.action(t), w.item(t, authz.Health), w.item(t, authz.Health), w.changed())
	director, chair := w.acting(t, w.director), w.acting(t, w.chair)

	t.Run("the summary counts by the kinds that the reader is told", func(t *testing.T) {
		sum, err := w.Summarise(director)
		require.NoError(t, err)
		require.Equal(t, Summary{Open: 4, Highest: 4, ByKind: []Count{{"action-completed", 1}, {Unreadable, 2}, {"regie-changed", 1}}}, sum)
	})

	t.Run("by id, once; a second time changes nothing", func(t *testing.T) {
		latest := all(t, w, director, Filter{})[0]
		done, left, err := w.Acknowledge(director, Which{IDs: []uuid.UUID{latest.ID}})
		require.NoError(t, err)
		require.Equal(t, []int{1, 3}, []int{done, left})
		first := all(t, w, director, Filter{Acknowledged: new(true)})
		require.Len(t, first, 1)
		require.NotNil(t, first[0].AcknowledgedAt)

		done, left, err = w.Acknowledge(director, Which{IDs: []uuid.UUID{latest.ID}})
		require.NoError(t, err)
		require.Equal(t, []int{0, 3}, []int{done, left})
		require.Equal(t, first, all(t, w, director, Filter{Acknowledged: new(true)}))
		require.Len(t, all(t, w, director, Filter{Acknowledged: new(false)}), 3)
	})

	t.Run("an id of another's inbox is not found, and nothing is written", func(t *testing.T) {
		theirs, mine := all(t, w, chair, Filter{})[0], all(t, w, director, Filter{})[1]
		_, _, err := w.Acknowledge(director, Which{IDs: []uuid.UUID{mine.ID, theirs.ID}})
		require.True(t, problem.Is(err, problem.Invalid))
		require.Len(t, all(t, w, director, Filter{Acknowledged: new(false)}), 3)
	})

	t.Run("up to a number, the reader's own only", func(t *testing.T) {
		done, left, err := w.Acknowledge(director, Which{UpTo: new(int64(2))})
		require.NoError(t, err)
		require.Equal(t, []int{2, 1}, []int{done, left})
		require.Len(t, all(t, w, chair, Filter{Acknowledged: new(false)}), 4)
	})

	t.Run("it is audited and tells nobody", func(t *testing.T) {
		var audits, events int
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from audit_entry where event = 'alert.acknowledged'").Scan(&audits))
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from feed").Scan(&events))
		require.Equal(t, []int{2, 4}, []int{audits, events})
	})
}

func TestUnknownSubject(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, journal.Event{Name: "link.added", Subject: journal.Subject{Type: "unheard-of", ID: id()}})
	require.Equal(t, Unreadable, all(t, w, w.acting(t, w.director), Filter{})[0].Kind, "a subject that nobody decides on is not shown")
}
