package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestNewestFirst(t *testing.T) {
	h := newHouse(t)
	at := time.Date(2026, 11, 3, 9, 0, 0, 123456000, time.UTC)
	for i := range 7 { // three moments, to the microsecond
		h.exec(`insert into note values ('GM0861', $1, 1, $2, false, 0, null, null, '[]', $3)`, newID(), string(rune('a'+i)), at.Add(time.Duration(i/3)*time.Microsecond))
	}
	h.exec("delete from note where title in ('Here', 'There')")
	var want []uuid.UUID
	rows, err := h.admin.Query(t.Context(), "select id from note order by changed_at desc, id desc")
	require.NoError(t, err)
	for rows.Next() {
		var id uuid.UUID
		require.NoError(t, rows.Scan(&id))
		want = append(want, id)
	}
	require.Len(t, want, 7)

	for _, limit := range []int{1, 2, 3, 7, 8} {
		t.Run("page after page gives each row once, the latest first, also those of one moment", func(t *testing.T) {
			var read []uuid.UUID
			p := page.Request{Limit: limit}
			for more := true; more; {
				require.NoError(t, h.tx(home, func(ctx context.Context) error {
					q, err := db.NewestFirst(db.Mine(ctx, "note"), "changed_at", p)
					require.NoError(t, err)
					var found []note
					require.NoError(t, q.Find(&found).Error)
					found, next := page.Cut(found, limit, func(n note) page.Cursor { return page.At(n.ChangedAt, n.ID) })
					for _, n := range found {
						read = append(read, n.ID)
					}
					if more = next != nil; more {
						p, err = page.Parse(&limit, next)
					}
					return err
				}))
			}
			require.Equal(t, want, read)
		})
	}
	t.Run("a cursor of a list by name is not valid", func(t *testing.T) {
		require.NoError(t, h.tx(home, func(ctx context.Context) error {
			_, err := db.NewestFirst(db.Mine(ctx, "note"), "changed_at", page.Request{Limit: 1, After: &page.Cursor{Key: "2026-000042"}})
			require.True(t, problem.Is(err, problem.Invalid))
			return nil
		}))
	})
}

func TestAnyOf(t *testing.T) {
	h := newHouse(t)
	other := h.added(home, "Other")
	for name, c := range map[string]struct {
		ids  db.IDs
		want []string
	}{
		"no list finds nothing":             {nil, nil},
		"an empty list finds nothing":       {db.IDs{}, nil},
		"one finds one":                     {db.IDs{other.ID}, []string{"Other"}},
		"several find those that there are": {db.IDs{newID(), h.first.ID, uuid.Nil, other.ID, other.ID}, []string{"Here", "Other"}},
		"none finds what is elsewhere":      {db.IDs{h.second.ID}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, h.tx(home, func(ctx context.Context) error {
				var found []string
				require.NoError(t, db.Mine(ctx, "note").Where("id = any(?)", c.ids).Order("title").Pluck("title", &found).Error)
				require.ElementsMatch(t, c.want, found)
				return nil
			}))
		})
	}
	t.Run("an id that may be missing is written and read as it is", func(t *testing.T) {
		for _, owner := range []*uuid.UUID{&other.ID, nil} {
			_, _, err := h.update(h.stored(h.first.ID), func(n *note) { n.OwnerID = owner })
			require.NoError(t, err)
			require.Equal(t, owner, h.stored(h.first.ID).OwnerID)
		}
	})
}
