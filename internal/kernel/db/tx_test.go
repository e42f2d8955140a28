package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestTx(t *testing.T) {
	h := newHouse(t)
	errBroken := errors.New("broken")

	t.Run("without an identity nothing begins", func(t *testing.T) {
		for _, ctx := range []context.Context{t.Context(), identity.With(t.Context(), identity.Identity{Professional: newID()})} {
			err := h.d.Tx(ctx, func(context.Context) error { return errors.New("it began") })
			require.True(t, problem.Is(err, problem.Unauthenticated))
		}
	})
	t.Run("an unknown municipality is refused", func(t *testing.T) {
		err := h.tx("GM9999", func(context.Context) error { return errors.New("it began") })
		require.True(t, problem.Is(err, problem.Unauthenticated))
	})
	t.Run("a failure leaves nothing behind", func(t *testing.T) {
		n := newNote(home, "Failed")
		err := h.write(home, n.ID, func(ctx context.Context) error { return errors.Join(db.Insert(ctx, &n), errBroken) })
		require.ErrorIs(t, err, errBroken)
		require.Zero(t, h.count("note where id = $1", n.ID))
	})
	t.Run("nor does a panic, and the connection is free again", func(t *testing.T) {
		for range 8 { // more than there are connections
			n := newNote(home, "Panicked")
			require.Panics(t, func() {
				_ = h.write(home, n.ID, func(ctx context.Context) error { panic(db.Insert(ctx, &n)) })
			})
			require.Zero(t, h.count("note where id = $1", n.ID))
		}
	})
	t.Run("within another it joins that one", func(t *testing.T) {
		n := newNote(home, "Joined")
		err := h.write(home, n.ID, func(ctx context.Context) error {
			require.NoError(t, h.d.Tx(ctx, func(ctx context.Context) error { return db.Insert(ctx, &n) }))
			return errBroken
		})
		require.ErrorIs(t, err, errBroken)
		require.Zero(t, h.count("note where id = $1", n.ID))
	})
	t.Run("a statement that failed inside cannot be swallowed", func(t *testing.T) {
		n, twin := newNote(home, "Swallowed"), newNote(home, "Swallowed")
		err := h.write(home, n.ID, func(ctx context.Context) error {
			require.NoError(t, errors.Join(db.Allow(ctx, twin.ID), db.Insert(ctx, &n)))
			require.Error(t, h.d.Tx(ctx, func(ctx context.Context) error { return db.Insert(ctx, &twin) }))
			return nil
		})
		require.Error(t, err)
		require.Zero(t, h.count("note where id = $1", n.ID))
	})
	t.Run("apart from it what is not committed is not seen", func(t *testing.T) {
		n := newNote(home, "Apart")
		require.NoError(t, h.write(home, n.ID, func(ctx context.Context) error {
			require.NoError(t, db.Insert(ctx, &n))
			return h.d.Tx(db.Apart(ctx), func(ctx context.Context) error {
				require.True(t, problem.Is(db.One(db.Mine(ctx, "note").Where("id = ?", n.ID).Take(&note{})), problem.NotFound))
				return nil
			})
		}))
		require.Equal(t, 1, h.count("note where id = $1", n.ID))
	})
}

func TestDenial(t *testing.T) {
	h := newHouse(t)
	refusal := problem.Errorf(problem.Forbidden, "No.")
	for name, end := range map[string]func(context.Context, *note) error{
		"when fn returns nil":       func(ctx context.Context, n *note) error { db.Deny(ctx, refusal); return nil },
		"when it comes last":        func(ctx context.Context, n *note) error { defer db.Deny(ctx, refusal); return db.Insert(ctx, n) },
		"when it comes before more": func(ctx context.Context, n *note) error { db.Deny(ctx, refusal); return db.Insert(ctx, n) },
		"when it is deep inside": func(ctx context.Context, n *note) error {
			return h.d.Tx(ctx, func(ctx context.Context) error { db.Deny(ctx, refusal); return db.Insert(ctx, n) })
		},
		"when another follows": func(ctx context.Context, n *note) error {
			db.Deny(ctx, refusal)
			db.Deny(ctx, problem.Errorf(problem.NotFound, "Nothing."))
			return db.Insert(ctx, n)
		},
	} {
		t.Run("after it nothing commits, "+name, func(t *testing.T) {
			n, told := newNote(home, name), false
			err := h.write(home, n.ID, func(ctx context.Context) error {
				db.AfterCommit(ctx, func() { told = true })
				return end(ctx, &n)
			})
			require.ErrorIs(t, err, error(refusal))
			require.Zero(t, h.count("note where id = $1", n.ID))
			require.False(t, told)
		})
	}
	t.Run("outside a transaction there is nothing to deny", func(t *testing.T) { db.Deny(t.Context(), refusal) })
}

func TestAfterCommit(t *testing.T) {
	h := newHouse(t)
	t.Run("it runs once, in order, when others see what was written", func(t *testing.T) {
		n := newNote(home, "Told")
		var seen []int
		require.NoError(t, h.write(home, n.ID, func(ctx context.Context) error {
			db.AfterCommit(ctx, func() { seen = append(seen, h.count("note where id = $1", n.ID)) })
			db.AfterCommit(ctx, func() { seen = append(seen, 2) })
			require.NoError(t, db.Insert(ctx, &n))
			require.Empty(t, seen)
			return nil
		}))
		require.Equal(t, []int{1, 2}, seen)
	})
	t.Run("it does not run after a failure, nor outside a transaction", func(t *testing.T) {
		told := func() { t.Error("told") }
		require.Error(t, h.tx(home, func(ctx context.Context) error {
			db.AfterCommit(ctx, told)
			return errors.New("failed")
		}))
		db.AfterCommit(t.Context(), told)
	})
}

func TestKeep(t *testing.T) {
	h := newHouse(t)
	type key struct{ name string }
	made := 0
	count := func() (int, error) { made++; return made, nil }

	t.Run("a value is made once in a transaction, and anew in the next", func(t *testing.T) {
		for want := 1; want <= 2; want++ {
			require.NoError(t, h.tx(home, func(ctx context.Context) error {
				for range 3 {
					got, err := db.Keep(ctx, key{"a"}, count)
					require.NoError(t, err)
					require.Equal(t, want, got)
				}
				return nil
			}))
		}
	})
	t.Run("what could not be made is tried again", func(t *testing.T) {
		require.NoError(t, h.tx(home, func(ctx context.Context) error {
			_, err := db.Keep(ctx, key{"b"}, func() (int, error) { return 0, errors.New("failed") })
			require.Error(t, err)
			got, err := db.Keep(ctx, key{"b"}, func() (int, error) { return 7, nil })
			require.NoError(t, err)
			require.Equal(t, 7, got)
			return nil
		}))
	})
	t.Run("outside a transaction it fails", func(t *testing.T) {
		_, err := db.Keep(t.Context(), key{"c"}, count)
		require.Error(t, err)
	})
}

func TestOutsideATransaction(t *testing.T) {
	ctx := identity.With(t.Context(), identity.Identity{Municipality: home})
	n, all, found := newNote(home, "Outside"), []note{}, int64(0)
	for name, use := range map[string]func() error{
		"finding":         func() error { return db.Conn(ctx).Find(&all).Error },
		"taking":          func() error { return db.One(db.Conn(ctx).Where("id = ?", n.ID).Take(&n)) },
		"one's own":       func() error { return db.Mine(ctx, "note").Order("id").Limit(1).Find(&all).Error },
		"plucking":        func() error { return db.Mine(ctx, "note").Pluck("id", &all).Error },
		"counting":        func() error { return db.Mine(ctx, "note").Count(&found).Error },
		"a statement":     func() error { return db.Conn(ctx).Exec("delete from note").Error },
		"a query":         func() error { return db.Conn(ctx).Raw("select 1").Scan(&found).Error },
		"one row":         func() error { return db.Conn(ctx).Raw("select 1").Row().Scan(&found) },
		"several rows":    func() error { _, err := db.Conn(ctx).Raw("select 1").Rows(); return err },
		"creating":        func() error { return db.Conn(ctx).Create(&n).Error },
		"changing":        func() error { return db.Conn(ctx).Model(&n).Updates(&n).Error },
		"inserting":       func() error { return db.Insert(ctx, &n) },
		"updating":        func() error { _, err := db.Update(ctx, &n, &n); return err },
		"deleting":        func() error { return db.Delete(ctx, &n) },
		"allowing":        func() error { return db.Allow(ctx, n.ID) },
		"asking for that": func() error { return db.Decided(ctx, n) },
	} {
		t.Run(name+" fails", func(t *testing.T) { require.Error(t, use()) })
	}
}
