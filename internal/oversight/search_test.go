package oversight

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// many adds so many items to the dossier that the planner has something to choose; police may read one in a hundred.
func (w *world) many(n int) {
	w.t.Helper()
	w.exec(`insert into item (municipality_id, id, version, dossier_id, category, text, observed_on, supplier_id, added_at, changed_at)
		select $1, h::uuid, 1, $2, case when i % 100 = 0 then $3::int else $4::int end, 'Melding nummer' || i || case when i % 100 = 0 then ' van jongeren' else '' end,
		 current_date, $5, now(), now() from (select i, lpad(to_hex(i), 32, '0') as h from generate_series(1, $6) i) s`,
		home, w.dossier, int(authz.Housing), int(authz.Health), w.people["health"].partner, n)
	w.exec("analyze item")
}

func (w *world) found(name string, q Query, p page.Request) (ids []uuid.UUID, next *string) {
	w.t.Helper()
	hits, next, err := w.s.Search(w.as(name), q, p)
	require.NoError(w.t, err)
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return ids, next
}

func TestSearch_4_15_goes_by_the_index(t *testing.T) {
	w := newWorld(t)
	w.many(20000)
	scans := func(index string) (n int) {
		require.NoError(t, w.admin.QueryRow(t.Context(), "select idx_scan from pg_stat_user_indexes where indexrelname = $1", index).Scan(&n))
		return n
	}
	t.Run("as the application role a rare word is looked up, not read through", func(t *testing.T) {
		before := scans("item_search")
		require.Eventually(t, func() bool { // what is counted comes out with what is asked later
			ids, _ := w.found("police", Query{Text: "nummer19900", Kinds: []string{"item"}}, page.Request{Limit: 5})
			require.Len(t, ids, 1)
			return scans("item_search") > before
		}, 10*time.Second, 500*time.Millisecond)
	})
	t.Run("who reads few of many hits gets full pages of them, and no word of the others", func(t *testing.T) {
		all := map[uuid.UUID]bool{}
		var p = page.Request{Limit: 70}
		for {
			ids, next := w.found("police", Query{Text: "melding", Kinds: []string{"item"}}, p)
			for _, id := range ids {
				all[id] = true
			}
			if next == nil {
				break
			}
			require.Len(t, ids, 70)
			var err error
			p, err = page.Parse(&p.Limit, next)
			require.NoError(t, err)
		}
		require.Len(t, all, 200)
		ids, next := w.found("chair", Query{Text: "melding", Kinds: []string{"item"}}, page.Request{Limit: 70})
		require.Empty(t, ids)
		require.Nil(t, next)
	})
	t.Run("of another municipality nothing meets the words", func(t *testing.T) {
		var n int
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from item_hits('melding', null, null, null)").Scan(&n))
		require.Zero(t, n, "without a municipality that acts")
		_, err := w.admin.Exec(t.Context(), "select set_config('me.municipality', 'GM0844', false)")
		require.NoError(t, err)
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from item_hits('melding', null, null, null)").Scan(&n))
		require.Zero(t, n)
		_, err = w.admin.Exec(t.Context(), fmt.Sprintf("select set_config('me.municipality', '%s', false)", home))
		require.NoError(t, err)
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from item_hits('melding', null, null, null)").Scan(&n))
		require.Equal(t, 20000, n)
	})
}
