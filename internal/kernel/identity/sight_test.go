package identity

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMasks(t *testing.T) {
	bits := []int64{0b101, 0, 1 << 62}
	m := NewMasks(bits)

	t.Run("a profile has its bits", func(t *testing.T) {
		require.Equal(t, []int64{0b101, 0, 1 << 62}, []int64{m.At(0), m.At(1), m.At(2)})
	})
	t.Run("an unknown profile has none", func(t *testing.T) {
		for _, profile := range []int{-1, 3, 1 << 30} {
			require.Zero(t, m.At(profile))
		}
		require.Zero(t, Masks{}.At(0))
	})
	t.Run("the database reads the same", func(t *testing.T) {
		require.Equal(t, "{5,0,4611686018427387904}", m.Literal())
	})
	t.Run("no masks are an empty list for the database, made or not", func(t *testing.T) {
		require.Equal(t, "{}", Masks{}.Literal())
		require.Equal(t, "{}", NewMasks(nil).Literal())
	})
	t.Run("what the maker does with his list later does not change them", func(t *testing.T) {
		bits[0] = -1
		require.Equal(t, int64(0b101), m.At(0))
		require.Equal(t, "{5,0,4611686018427387904}", m.Literal())
	})
}
