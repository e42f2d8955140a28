package db_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestLook(t *testing.T) {
	h := newHouse(t)
	who := identity.Identity{Municipality: home, Partner: newID(), Professional: newID()}
	look := func(who identity.Identity, fn func(context.Context) error) error {
		return h.d.Look(identity.With(t.Context(), who), fn)
	}
	later := func(ctx context.Context) *db.Answer[note] {
		return db.Later[note](db.Conn(ctx).Table("note").Select("id, title"))
	}

	t.Run("it reads what its identity may, in either way", func(t *testing.T) {
		for range 20 { // over connections that were used before
			require.NoError(t, look(who, func(ctx context.Context) error {
				rows, err := later(ctx).Rows()
				require.NoError(t, err)
				require.Len(t, rows, 1)
				return nil
			}))
			require.NoError(t, look(who, func(ctx context.Context) error {
				require.Equal(t, []string{"Here"}, titles(ctx, t))
				return nil
			}))
		}
	})
	t.Run("it writes nothing", func(t *testing.T) {
		require.ErrorContains(t, look(who, func(ctx context.Context) error {
			return db.Conn(ctx).Exec("update note set title = 'Other'").Error
		}), "read-only")
		require.Equal(t, "Here", h.stored(h.first.ID).Title)
	})
	t.Run("nothing of it is left on the connection, also when the caller has gone", func(t *testing.T) {
		for range 20 {
			ctx, gone := context.WithCancel(identity.With(t.Context(), who))
			require.NoError(t, h.d.Look(ctx, func(ctx context.Context) error {
				_, err := later(ctx).Rows()
				gone()
				return err
			}))
		}
		require.Zero(t, h.count("pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"))
		other := who
		other.Municipality = elsewhere
		require.NoError(t, look(other, func(ctx context.Context) error {
			require.Equal(t, []string{h.second.Title}, titles(ctx, t))
			return nil
		}))
	})
	t.Run("an identity from older records is made anew, and nothing is read under the old", func(t *testing.T) {
		old := who
		old.Versions = identity.Versions{People: 7}
		renewed := 0
		old.Renew = func(context.Context) (identity.Identity, error) {
			renewed++
			return who, nil
		}
		var reads int
		require.NoError(t, look(old, func(ctx context.Context) error {
			rows, err := later(ctx).Rows()
			if err != nil {
				return err
			}
			reads += len(rows)
			now, err := identity.From(ctx)
			require.Nil(t, now.Renew)
			return err
		}))
		require.Equal(t, []int{1, 1}, []int{renewed, reads})
	})
	t.Run("a query that fails is an error, and the next look is well", func(t *testing.T) {
		require.Error(t, look(who, func(ctx context.Context) error {
			_, err := db.Later[note](db.Conn(ctx).Table("nothing")).Rows()
			return err
		}))
		require.NoError(t, look(who, func(ctx context.Context) error {
			_, err := later(ctx).Rows()
			return err
		}))
	})
	t.Run("a municipality that is not known is refused", func(t *testing.T) {
		nowhere := who
		nowhere.Municipality = "GM9999"
		require.True(t, problem.Is(look(nowhere, func(ctx context.Context) error {
			_, err := later(ctx).Rows()
			return err
		}), problem.Unauthenticated))
	})
}
