package db_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

func TestLater(t *testing.T) {
	h := newHouse(t)
	first, second := h.added(home, "First"), h.added(home, "Second")
	named := func(ctx context.Context, ids ...uuid.UUID) *db.Answer[note] {
		return db.Later[note](db.Mine(ctx, "note").Where("id = any(?)", db.IDs(ids)).Order("title"))
	}

	t.Run("each gets the rows that he asked for, whoever needs his first", func(t *testing.T) {
		require.NoError(t, h.tx(home, func(ctx context.Context) error {
			one, both, none := named(ctx, first.ID), named(ctx, second.ID, first.ID), named(ctx)
			rows, err := both.Rows()
			require.NoError(t, err)
			require.Equal(t, []string{"First", "Second"}, []string{rows[0].Title, rows[1].Title})
			rows, err = one.Rows()
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, first.ID, rows[0].ID)
			rows, err = none.Rows()
			require.NoError(t, err)
			require.Empty(t, rows)
			return nil
		}))
	})
	t.Run("rows that came stay as they were", func(t *testing.T) {
		require.NoError(t, h.tx(home, func(ctx context.Context) error {
			a := named(ctx, first.ID)
			once, err := a.Rows()
			require.NoError(t, err)
			again, err := a.Rows()
			require.NoError(t, err)
			require.Equal(t, once, again)
			return nil
		}))
	})
	t.Run("it is fenced as every query", func(t *testing.T) {
		require.NoError(t, h.tx(elsewhere, func(ctx context.Context) error {
			rows, err := db.Later[note](db.Conn(ctx).Raw("select * from note where id = ?", first.ID)).Rows()
			require.NoError(t, err)
			require.Empty(t, rows)
			return nil
		}))
	})
	t.Run("one that fails takes along those that were sent with it, and the transaction", func(t *testing.T) {
		require.Error(t, h.tx(home, func(ctx context.Context) error {
			wrong, right := db.Later[note](db.Conn(ctx).Raw("select 1/0 as title")), named(ctx, first.ID)
			_, err := right.Rows()
			require.Error(t, err)
			_, err = wrong.Rows()
			require.Error(t, err)
			return nil
		}))
	})
	t.Run("outside a transaction it fails", func(t *testing.T) {
		_, err := named(t.Context(), first.ID).Rows()
		require.Error(t, err)
		require.Error(t, db.Exec(t.Context(), db.Statement{SQL: "select 1"}))
	})
}

func TestIDs(t *testing.T) {
	t.Run("they are the array that PostgreSQL reads, also where no type is known", func(t *testing.T) {
		one, other := newID(), newID()
		for want, ids := range map[string]db.IDs{"{}": nil, "{" + one.String() + "," + other.String() + "}": {one, other}} {
			text, err := ids.Value()
			require.NoError(t, err)
			require.Equal(t, want, text)
		}
	})
}
