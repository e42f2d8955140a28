package hostile

import (
	"flag"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// everybody are those who ask: in the dossiers and out of them, a system, and another municipality.
func everybody() []string {
	return []string{"director", "chair", "case-director", "social", "police", "mental-health", "housing", "privacy-officer", "auditor", "police-system", "other-director"}
}

// TestEveryOperation drives every operation that returns dossier data, over random matrices, as everybody:
// what comes out anywhere is what the contract's words allow, no more and no less.
func TestEveryOperation(t *testing.T) {
	a := newArchive(t)
	a.harvest(t)
	paths, unasked := a.questions()
	require.Empty(t, unasked, "nothing is asked of these: give the archive one, or say that they are free of dossiers")
	for n := range matrices(t) {
		cells := someCells().Example(n)
		a.Impose(t, demo.Veldhoven, cells)
		for _, short := range everybody() {
			t.Run(fmt.Sprintf("matrix %d as %s", n, short), func(t *testing.T) {
				got := a.asksAll(t, short, paths, nil)
				for _, finding := range append(a.leaks(cells, short, got), unprinted(got)...) {
					t.Error(finding)
				}
			})
		}
	}
}

// matrices is one in thirty of what a property in memory has: over HTTP one costs seconds.
func matrices(t *testing.T) int {
	t.Helper()
	budget, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	assert.NoError(t, err)
	return max(2, budget/30)
}

// someCells is a matrix of the partner types that take part.
func someCells() *rapid.Generator[[]authz.Cell] {
	types := []string{"municipal-director", "public-order", "social-domain", "police", "mental-health-care", "housing-association"}
	cell := rapid.Custom(func(t *rapid.T) authz.Cell {
		return authz.Cell{
			PartnerType: rapid.SampledFrom(types).Draw(t, "partner type"),
			DossierType: rapid.SampledFrom([]string{authz.AllTypes, authz.AllTypes, "person", "situation"}).Draw(t, "dossier type"),
			Category:    rapid.SampledFrom(authz.Categories()).Draw(t, "category"),
			Level:       rapid.SampledFrom(authz.Levels()).Draw(t, "level"),
		}
	})
	return rapid.SliceOfNDistinct(cell, 20, 120, func(c authz.Cell) authz.Cell {
		c.Level = ""
		return c
	})
}
