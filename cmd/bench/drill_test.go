package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name           string
		truth, arrived []int
		lost, doubles  int
	}{
		{"what arrived once is right, in any order", []int{1, 2, 3}, []int{3, 1, 2}, 0, 0},
		{"what did not arrive is lost", []int{1, 2, 3}, []int{2}, 2, 0},
		{"what came again is a double, each time", []int{1, 2}, []int{1, 1, 1, 2}, 0, 2},
		{"what never happened is a double", []int{1}, []int{1, 7}, 0, 1},
		{"one does not make up for the other", []int{1, 2}, []int{1, 1}, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			lost, doubles := compare(c.truth, c.arrived)
			require.Equal(t, []int{c.lost, c.doubles}, []int{lost, doubles})
		})
	}
}

// TestSink takes letters as a mail server does: what it counts is what the drill is judged by.
func TestSink(t *testing.T) {
	p, err := newSink(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.shut()) })
	answer, wait := p.take("a")
	require.NoError(t, answer)
	require.Nil(t, wait)
	p.refuse(errNoLetter)
	answer, _ = p.take("b")
	require.ErrorIs(t, answer, errNoLetter)
	require.Equal(t, map[string]int{"a": 1}, p.letters(), "a refused letter was not taken")
	p.refuse(nil)
	release, taken := p.hang()
	_, wait = p.take("a")
	require.NotNil(t, wait)
	release()
	<-wait.release
	close(wait.taken)
	<-taken
	require.Equal(t, map[string]int{"a": 2}, p.letters())
	require.NoError(t, p.shut())
	require.NoError(t, p.open(t.Context()), "it opens at the same address again")
}
