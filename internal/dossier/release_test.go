package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestReleaseItem(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing")
	item := w.added("health", d, something(authz.Health))
	shared := w.added("housing", d, something(authz.Housing))
	secret := something(authz.Health)
	secret.Secret = true
	kept := w.added("health", d, secret)

	for _, c := range []struct {
		by   string
		item SeenItem
		want problem.Kind
	}{
		{"police", item, problem.NotFound}, {"lead", item, problem.NotFound}, {"stranger", item, problem.NotFound}, {"lead", shared, problem.Forbidden},
		{"chair", shared, problem.Forbidden}, {"director", shared, problem.Forbidden}, {"health", kept, problem.Conflict}, {"housing", shared, ""},
		{"health-system", item, ""},
	} {
		t.Run("of who may not supply it, "+c.by+" gets "+string(c.want), func(t *testing.T) {
			before := w.count("release")
			_, err := w.s.ReleaseItem(w.as(c.by), d.ID, c.item.ID, NewRelease{Purpose: "To help."})
			require.Equal(t, c.want, kind(err))
			require.Equal(t, c.want == "", w.count("release") > before)
		})
	}
	t.Run("only partners that take part now get it", func(t *testing.T) {
		for _, partner := range []uuid.UUID{w.people["fire"].partner, w.people["stranger"].partner, newID()} {
			_, err := w.s.ReleaseItem(w.as("health"), d.ID, item.ID, NewRelease{Purpose: "To help.", PartnerIDs: []uuid.UUID{partner}})
			require.Equal(t, []string{"/partnerIds"}, pointers(t, err))
		}
	})
	r := w.released("health", item, NewRelease{PartnerIDs: []uuid.UUID{w.people["lead"].partner}, Conditions: "Not on paper.", Until: new(time.Now().Add(time.Hour))})
	t.Run("it is told as the item, and audited by its own id too", func(t *testing.T) {
		require.Equal(t, event{Name: "item.released", Subject: item.ID, Category: new(int(authz.Health)), Fields: []string{}}, w.last(d.ID))
		require.Equal(t, 1, w.count("audit_entry where event = 'item.released' and subject_id = $1 and professional_id = $2", r.ID, w.people["health"].id))
	})
	t.Run("who reads the item reads to whom it was released, others do not", func(t *testing.T) {
		for _, name := range []string{"health", "lead"} {
			in, err := w.s.GetRelease(w.as(name), d.ID, item.ID, r.ID)
			require.NoError(t, err)
			require.Equal(t, etag.Of(r), etag.Of(in.Row))
		}
		for _, name := range []string{"police", "stranger", "colleague"} {
			_, err := w.s.GetRelease(w.as(name), d.ID, item.ID, r.ID)
			require.Equal(t, problem.NotFound, kind(err))
			_, err = w.s.ListReleases(w.as(name), d.ID, item.ID, page.Request{Limit: 9})
			require.Equal(t, problem.NotFound, kind(err))
		}
	})
	t.Run("it is found under its own item only", func(t *testing.T) {
		for _, at := range [][2]uuid.UUID{{d.ID, kept.ID}, {w.opened("health").ID, item.ID}, {newID(), item.ID}} {
			_, err := w.s.GetRelease(w.as("health"), at[0], at[1], r.ID)
			require.Equal(t, problem.NotFound, kind(err))
		}
	})
	t.Run("page after page gives each once", func(t *testing.T) {
		w.exec("update release set released_at = '2026-11-03'")
		var all []uuid.UUID
		p := page.Request{Limit: 1}
		for more := true; more; {
			in, err := w.s.ListReleases(w.as("health"), d.ID, item.ID, p)
			require.NoError(t, err)
			all = append(all, in.Row.Rows[0].ID)
			if more = in.Row.Next != nil; more {
				p, err = page.Parse(new(1), in.Row.Next)
				require.NoError(t, err)
			}
		}
		require.Len(t, all, w.count("release where item_id = $1", item.ID))
		require.Contains(t, all, r.ID)
	})
}

func TestWithdrawRelease(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health")
	item := w.added("health", d, something(authz.Health))
	first := w.released("health", item, NewRelease{})
	second := w.released("health", item, NewRelease{PartnerIDs: []uuid.UUID{w.people["chair"].partner}})
	withdraw := func(by string, r Release, match string) (Release, error) {
		in, err := w.s.WithdrawRelease(w.as(by), etag.Key{ID: r.ID, Match: match}, "No longer needed.")
		return in.Row, err
	}
	for _, c := range []struct {
		by, match string
		want      problem.Kind
	}{
		{"lead", "*", problem.Forbidden}, {"director", "*", problem.Forbidden}, {"police", "*", problem.NotFound}, {"stranger", "*", problem.NotFound},
		{"health", "", problem.MatchRequired}, {"health", `"older"`, problem.Stale},
	} {
		t.Run("by "+c.by+" with tag "+c.match+" it is refused, and who reads the item goes on", func(t *testing.T) {
			_, err := withdraw(c.by, first, c.match)
			require.Equal(t, c.want, kind(err))
			require.Equal(t, []string{"director", "chair", "lead", "health"}, w.readers(item, "director", "chair", "lead", "police", "health"))
		})
	}
	t.Run("by its supplier it ends at the next read, for who has no other", func(t *testing.T) {
		after, err := withdraw("health", first, etag.Of(first))
		require.NoError(t, err)
		require.Equal(t, w.people["health"].id, *after.WithdrawnBy)
		require.Equal(t, []string{"director", "chair", "health"}, w.readers(item, "director", "chair", "lead", "police", "health"))
		_, err = withdraw("health", second, etag.Of(second))
		require.NoError(t, err)
		require.Equal(t, []string{"health"}, w.readers(item, "director", "chair", "lead", "police", "health"))
	})
	t.Run("it stays to be read, with why", func(t *testing.T) {
		in, err := w.s.ReleaseOf(w.as("health"), first.ID)
		require.NoError(t, err)
		require.Equal(t, "No longer needed.", in.Row.WithdrawalReason)
		require.NotNil(t, in.Row.WithdrawnAt)
		_, err = w.s.ReleaseOf(w.as("lead"), first.ID)
		require.Equal(t, problem.NotFound, kind(err), "not to who lost the item by it")
	})
	t.Run("twice is a conflict", func(t *testing.T) {
		_, err := withdraw("health", first, "*")
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("it is audited by names, and told to who may read the item", func(t *testing.T) {
		for subject, times := range map[uuid.UUID]int{first.ID: 1, second.ID: 1, item.ID: 2} {
			require.Equal(t, times, w.count(`audit_entry where event = 'release.withdrawn' and subject_id = $1
				and fields @> '["withdrawnAt", "withdrawalReason"]'`, subject))
		}
		require.Equal(t, new(int(authz.Health)), w.last(d.ID).Category)
		require.Zero(t, w.count("audit_entry where fields::text ~ 'needed'"))
	})
	t.Run("it can be released anew", func(t *testing.T) {
		w.released("health", item, NewRelease{})
		require.Equal(t, []string{"lead", "health"}, w.readers(item, "lead", "police", "health"))
	})
}
