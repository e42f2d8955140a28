package authz_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

func TestForget(t *testing.T) {
	s := newScene(t)
	who := s.person(t, s.police, "police")
	in := func(t *testing.T, fn func(context.Context) error) {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), who), fn))
	}
	known := func(ctx context.Context, dossier uuid.UUID) bool {
		v, err := s.decide.View(ctx, dossier)
		require.NoError(t, err)
		return v.Known()
	}

	t.Run("what was read is kept for the transaction, until it is forgotten", func(t *testing.T) {
		in(t, func(ctx context.Context) error {
			require.False(t, known(ctx, s.dossier))
			s.admit(t, who.Professional, s.dossier, "participant", 0)
			require.False(t, known(ctx, s.dossier))
			authz.Forget(ctx, s.dossier)
			require.True(t, known(ctx, s.dossier))
			return nil
		})
	})
	t.Run("what was asked for and not read yet is asked for again", func(t *testing.T) {
		in(t, func(ctx context.Context) error {
			require.NoError(t, s.decide.Expect(ctx, s.dossier))
			authz.Forget(ctx, s.dossier)
			require.True(t, known(ctx, s.dossier))
			return nil
		})
	})
	t.Run("other dossiers are not forgotten", func(t *testing.T) {
		in(t, func(ctx context.Context) error {
			require.False(t, known(ctx, s.shut))
			s.admit(t, who.Professional, s.shut, "participant", 0)
			authz.Forget(ctx, s.dossier)
			require.False(t, known(ctx, s.shut))
			return nil
		})
	})
	t.Run("outside a transaction there is nothing to forget", func(t *testing.T) {
		require.NotPanics(t, func() { authz.Forget(t.Context(), s.dossier) })
	})
}
