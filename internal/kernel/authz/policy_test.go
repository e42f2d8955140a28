package authz

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The partners and partner types of random matrices: few, so that cells of every specificity meet.
func somePartners() []uuid.UUID {
	return []uuid.UUID{uuid.MustParse("019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f01"), uuid.MustParse("019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f02")}
}

func someTypes() []string { return []string{"police", "social-domain", "municipal-director"} }

// someCells is a random matrix without two cells for the same place, `none` included.
func someCells() *rapid.Generator[[]Cell] {
	cell := rapid.Custom(func(t *rapid.T) Cell {
		c := Cell{
			DossierType: rapid.SampledFrom(append(DossierTypes(), AllTypes)).Draw(t, "dossier type"),
			Category:    Category(rapid.IntRange(0, int(categories)-1).Draw(t, "category")),
			Level:       rapid.SampledFrom(Levels()).Draw(t, "level"),
		}
		if rapid.Bool().Draw(t, "by partner") {
			c.PartnerID = rapid.SampledFrom(somePartners()).Draw(t, "partner")
			return c
		}
		c.PartnerType = rapid.SampledFrom(someTypes()).Draw(t, "partner type")
		return c
	})
	return rapid.SliceOfNDistinct(cell, 0, 120, place)
}

// place is what may occur once in a matrix.
func place(c Cell) Cell {
	c.Level = ""
	return c
}

// asWritten finds the cell that counts as contract.md says it: the most specific one.
func asWritten(cells []Cell, partner uuid.UUID, partnerType, dossierType string, category Category) Level {
	at := make(map[Cell]Level, len(cells))
	for _, c := range cells {
		at[place(c)] = c.Level
	}
	for _, c := range []Cell{
		{PartnerID: partner, DossierType: dossierType, Category: category},
		{PartnerID: partner, DossierType: AllTypes, Category: category},
		{PartnerType: partnerType, DossierType: dossierType, Category: category},
		{PartnerType: partnerType, DossierType: AllTypes, Category: category},
	} {
		if level, ok := at[c]; ok {
			return level
		}
	}
	return None
}

// eachQuestion asks everything that a row answers.
func eachQuestion(ask func(dossierType string, t int, category Category)) {
	for t, dossierType := range DossierTypes() {
		for category := range categories {
			ask(dossierType, t, category)
		}
	}
}

func TestCompileRow(t *testing.T) {
	t.Run("a compiled row answers as Casbin on the whole matrix and as the contract words it", rapid.MakeCheck(func(t *rapid.T) {
		cells := someCells().Draw(t, "cells")
		partner := rapid.SampledFrom(somePartners()).Draw(t, "who")
		partnerType := rapid.SampledFrom(someTypes()).Draw(t, "of type")
		row, err := CompileRow(cells, partner, partnerType)
		require.NoError(t, err)
		policy, err := NewPolicy(cells)
		require.NoError(t, err)

		eachQuestion(func(dossierType string, at int, category Category) {
			plain, err := policy.Level(partner, partnerType, dossierType, category)
			require.NoError(t, err)
			require.Equal(t, plain, row[at][category], "%s %s", dossierType, category.Slug())
			require.Equal(t, asWritten(cells, partner, partnerType, dossierType, category), plain, "%s %s", dossierType, category.Slug())
		})
	}))

	t.Run("the order of the cells never matters", rapid.MakeCheck(func(t *rapid.T) {
		cells := someCells().Draw(t, "cells")
		before, err := CompileRow(cells, somePartners()[0], "police")
		require.NoError(t, err)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, seed)).Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
		after, err := CompileRow(cells, somePartners()[0], "police")
		require.NoError(t, err)
		require.Equal(t, before, after)
	}))
}
