package dossier

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// TestSecondWall takes the policies of reading away: the rule in memory alone has to hold.
func TestSecondWall(t *testing.T) {
	w := newWorld(t)
	d, hidden := w.directed("police", "health", "fire"), w.directed("health")
	item := w.added("health", d, something(authz.Health))
	release := w.released("health", item, NewRelease{PartnerIDs: []uuid.UUID{w.people["lead"].partner}})
	in, err := w.s.AddLink(w.as("lead"), d.ID, Link{OtherDossierID: hidden.ID, Kind: "related"})
	require.NoError(t, err)
	exception, theirs := w.excepted(d, "fire", authz.Health, authz.None), w.excepted(hidden, "fire", authz.Health, authz.None)
	grant, kept := w.granted(d, "school", authz.Read), w.withheld("health", item, "chair")
	closed := w.directed("police")
	_, err = w.close("chair", closed)
	require.NoError(t, err)
	for _, table := range []string{"dossier", "item", "release", "link", "participant", "regie_change", "closure", "matrix_exception", "access_grant",
		"withholding"} {
		w.exec("drop policy read on " + table + "; create policy read on " + table + " for select to wijkregie_app using (true)")
	}
	ctx, p := w.as("police"), page.Request{Limit: 99}

	t.Run("no list has more", func(t *testing.T) {
		require.Equal(t, []uuid.UUID{d.ID}, idsOf(w.listed("police", Filter{}, 99)))
		require.Empty(t, w.listed("colleague", Filter{}, 99))
		items, err := w.s.ListItems(ctx, d.ID, ItemFilter{}, p)
		require.NoError(t, err)
		require.Empty(t, items.Row.Rows)
		links, err := w.s.ListLinks(ctx, d.ID, LinkFilter{}, p)
		require.NoError(t, err)
		require.Empty(t, links.Row.Rows)
	})
	for name, c := range map[string]struct {
		read func() error
		want problem.Kind
	}{
		"dossier":                  {func() error { _, err := w.s.Get(ctx, hidden.ID); return err }, problem.NotFound},
		"closed dossier":           {func() error { _, err := w.s.Get(ctx, closed.ID); return err }, problem.Shielded},
		"item":                     {func() error { _, err := w.s.GetItem(ctx, d.ID, item.ID); return err }, problem.NotFound},
		"item of a hidden dossier": {func() error { _, err := w.s.GetItem(ctx, hidden.ID, item.ID); return err }, problem.NotFound},
		"releases":                 {func() error { _, err := w.s.ListReleases(ctx, d.ID, item.ID, p); return err }, problem.NotFound},
		"release":                  {func() error { _, err := w.s.GetRelease(ctx, d.ID, item.ID, release.ID); return err }, problem.NotFound},
		"release by itself":        {func() error { _, err := w.s.ReleaseOf(ctx, release.ID); return err }, problem.NotFound},
		"withdrawing": {func() error {
			_, err := w.s.WithdrawRelease(ctx, etag.Key{ID: release.ID, Match: "*"}, "r")
			return err
		}, problem.Forbidden},
		"link":                         {func() error { _, err := w.s.GetLink(ctx, d.ID, in.Row.Link.ID); return err }, problem.NotFound},
		"participants of a hidden one": {func() error { _, err := w.s.ListParticipants(ctx, hidden.ID, p); return err }, problem.NotFound},
		"decisions of a hidden one":    {func() error { _, err := w.s.ListRegieChanges(ctx, hidden.ID, p); return err }, problem.NotFound},
		"exceptions":                   {func() error { _, err := w.s.ListExceptions(ctx, d.ID, p); return err }, problem.Forbidden},
		"exception":                    {func() error { _, err := w.s.GetException(ctx, d.ID, exception.ID); return err }, problem.Forbidden},
		"exception in a hidden one":    {func() error { _, err := w.s.GetException(ctx, hidden.ID, theirs.ID); return err }, problem.NotFound},
		"grants":                       {func() error { _, err := w.s.ListGrants(ctx, d.ID, p); return err }, problem.Forbidden},
		"grant of another":             {func() error { _, err := w.s.GetGrant(ctx, d.ID, grant.ID); return err }, problem.Forbidden},
		"withholdings":                 {func() error { _, err := w.s.ListWithholdings(ctx, d.ID, item.ID, p); return err }, problem.NotFound},
		"withholding by itself":        {func() error { _, err := w.s.WithholdingOf(ctx, kept.ID); return err }, problem.NotFound},
		"lifting":                      {func() error { return w.lift("police", kept, "*") }, problem.Forbidden},
		"closures of a closed one":     {func() error { _, err := w.s.ListClosures(ctx, closed.ID, p); return err }, problem.Shielded},
	} {
		t.Run(name+" stays "+string(c.want), func(t *testing.T) { require.Equal(t, c.want, kind(c.read())) })
	}
	t.Run("no other record shows its number", func(t *testing.T) {
		require.NoError(t, w.k.DB.Tx(ctx, func(ctx context.Context) error {
			refs, err := w.s.Refs(ctx, []uuid.UUID{d.ID, hidden.ID, closed.ID})
			require.Len(t, refs, 1)
			require.Contains(t, refs, d.ID)
			return err
		}))
	})
	t.Run("another municipality finds nothing", func(t *testing.T) {
		require.Empty(t, w.listed("stranger", Filter{}, 99))
		require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound, problem.NotFound}, []problem.Kind{
			w.kinds(d, "stranger")[0], w.kinds(hidden, "stranger")[0], w.kinds(closed, "stranger")[0]})
	})
}

func TestListParticipants(t *testing.T) {
	w := newWorld(t)
	d := w.opened("police", "health", "fire", "chair")
	ended := time.Now().Add(-time.Hour)
	w.exec("update participant set starts_at = $2 where dossier_id = $1 and partner_id <> $3", d.ID, ended.Add(-time.Hour), w.people["social"].partner)
	w.exec("update participant set ends_at = $2 where dossier_id = $1 and partner_id = $3", d.ID, ended, w.people["fire"].partner)
	for _, limit := range []int{1, 2, 3, 200} {
		t.Run("page after page gives everybody once, who took part too, the earliest first", func(t *testing.T) {
			var read []Participant
			p := page.Request{Limit: limit}
			for more := true; more; {
				in, err := w.s.ListParticipants(w.as("social"), d.ID, p)
				require.NoError(t, err)
				read = append(read, in.Row.Rows...)
				if more = in.Row.Next != nil; more {
					p, err = page.Parse(&limit, in.Row.Next)
					require.NoError(t, err)
				}
			}
			require.Len(t, read, 5)
			seen := map[uuid.UUID]bool{}
			for i, one := range read {
				seen[one.PartnerID] = true
				require.False(t, i > 0 && one.StartsAt.Before(read[i-1].StartsAt))
			}
			require.Len(t, seen, 5)
		})
	}
	t.Run("a cursor of a list by number is not valid", func(t *testing.T) {
		for name, list := range map[string]func(page.Request) error{
			"participants":  func(p page.Request) error { _, err := w.s.ListParticipants(w.as("social"), d.ID, p); return err },
			"items":         func(p page.Request) error { _, err := w.s.ListItems(w.as("social"), d.ID, ItemFilter{}, p); return err },
			"links":         func(p page.Request) error { _, err := w.s.ListLinks(w.as("social"), d.ID, LinkFilter{}, p); return err },
			"regie changes": func(p page.Request) error { _, err := w.s.ListRegieChanges(w.as("social"), d.ID, p); return err },
			"closures":      func(p page.Request) error { _, err := w.s.ListClosures(w.as("social"), d.ID, p); return err },
		} {
			require.Equal(t, problem.Invalid, kind(list(page.Request{Limit: 1, After: &page.Cursor{Key: "2026-000001"}})), name)
		}
	})
}
