package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTransaction(t *testing.T) {
	const log = `7|LOG:  statement: begin
8|LOG:  statement: begin
7|LOG:  execute stmtcache_1: select set_config('a',
	 $1, true)
8|LOG:  execute stmtcache_2: select other
7|LOG:  execute stmtcache_3: SELECT * FROM "dossier"
8|LOG:  statement: commit
7|LOG:  statement: commit
9|LOG:  statement: begin
9|LOG:  execute stmtcache_3: SELECT * FROM "dossier" WHERE unfinished
`
	t.Run("it is the last whole one with the marker, also between those of others", func(t *testing.T) {
		want := []string{"begin", "select set_config('a', $1, true)", `SELECT * FROM "dossier"`, "commit"}
		require.Equal(t, want, transaction(log, `FROM "dossier"`))
	})
	t.Run("without one there is none", func(t *testing.T) { require.Nil(t, transaction(log, "nothing like it")) })
}

func TestDiffer(t *testing.T) {
	a := []string{"begin", "commit"}
	t.Run("the same lists differ nowhere", func(t *testing.T) { require.Equal(t, -1, differ(a, a)) })
	t.Run("a longer one differs where the other ends", func(t *testing.T) { require.Equal(t, 2, differ(a, append(a, "more"))) })
}

func TestMedian(t *testing.T) {
	t.Run("it is the middle, or between the two in the middle", func(t *testing.T) {
		require.Equal(t, 2.0, median([]float64{9, 1, 2}))
		require.Equal(t, 1.5, median([]float64{2, 9, 1, 0}))
	})
}

func TestKolmogorovSmirnov(t *testing.T) {
	t.Run("of the same distribution it is nothing, of two apart everything", func(t *testing.T) {
		require.Zero(t, kolmogorovSmirnov([]float64{3, 1, 2, 2}, []float64{2, 1, 2, 3}))
		require.Equal(t, 1.0, kolmogorovSmirnov([]float64{1, 2}, []float64{3, 4}))
	})
	t.Run("it is the largest distance", func(t *testing.T) {
		require.Equal(t, 0.5, kolmogorovSmirnov([]float64{1, 2, 3, 4}, []float64{3, 3, 4, 5}))
	})
}
