package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestRenew(t *testing.T) {
	h := newHouse(t)
	h.exec("update municipality_stamp set people = 5, matrix = 2 where municipality_id = $1", home)
	current := identity.Versions{People: 5, Matrix: 2}
	renewed := 0
	// made is an identity from records of some age, which is made anew by renew.
	made := func(from identity.Versions, renew func() (identity.Versions, error)) identity.Identity {
		who := identity.Identity{Municipality: home, Partner: newID(), Professional: newID(), Versions: from}
		who.Renew = func(context.Context) (identity.Identity, error) {
			renewed++
			after := who
			var err error
			after.Versions, err = renew()
			return after, err
		}
		return who
	}
	act := func(who identity.Identity) (acted []identity.Versions, err error) {
		renewed = 0
		err = h.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error {
			who, err := identity.From(ctx)
			acted = append(acted, who.Versions)
			return err
		})
		return acted, err
	}
	upToDate := func() (identity.Versions, error) { return current, nil }

	t.Run("one that is up to date acts as it is", func(t *testing.T) {
		acted, err := act(made(current, upToDate))
		require.NoError(t, err)
		require.Equal(t, []identity.Versions{current}, acted)
		require.Zero(t, renewed)
	})
	for name, old := range map[string]identity.Versions{
		"from before people changed":         {People: 4, Matrix: 2},
		"from before the matrix":             {People: 5, Matrix: 1},
		"from a later state that was undone": {People: 6, Matrix: 2},
	} {
		t.Run("one "+name+" is made anew, once, before it acts", func(t *testing.T) {
			acted, err := act(made(old, upToDate))
			require.NoError(t, err)
			require.Equal(t, []identity.Versions{current}, acted)
			require.Equal(t, 1, renewed)
		})
	}
	t.Run("one that cannot be made anew is refused and does not act", func(t *testing.T) {
		suspended := problem.Errorf(problem.Unauthenticated, "Your organisation has no access at present.")
		acted, err := act(made(identity.Versions{}, func() (identity.Versions, error) { return identity.Versions{}, suspended }))
		require.ErrorIs(t, err, error(suspended))
		require.Empty(t, acted)
		require.Equal(t, 1, renewed)
	})
	t.Run("one that stays behind is refused after some tries, and may come back", func(t *testing.T) {
		acted, err := act(made(identity.Versions{}, func() (identity.Versions, error) { return identity.Versions{People: 4}, nil }))
		require.True(t, problem.Is(err, problem.Unavailable))
		require.Empty(t, acted)
		require.Equal(t, 10, renewed, "somebody who changes his records all the time keeps nobody out at once")
	})
	t.Run("the fence is that of the identity made anew", func(t *testing.T) {
		who := made(identity.Versions{}, upToDate)
		moved := who
		moved.Municipality, moved.Versions = elsewhere, identity.Versions{People: 1}
		who.Renew = func(context.Context) (identity.Identity, error) { return moved, nil }
		require.NoError(t, h.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error {
			require.Equal(t, []string{h.second.Title}, titles(ctx, t))
			return nil
		}))
	})
	t.Run("a failure of what acts is not a reason to act twice", func(t *testing.T) {
		times := 0
		err := h.d.Tx(identity.With(t.Context(), made(identity.Versions{}, upToDate)), func(context.Context) error {
			times++
			return errors.New("failed")
		})
		require.Error(t, err)
		require.Equal(t, 1, times)
	})
}
