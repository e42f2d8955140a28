package matrix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// maxCells bounds a matrix, as the contract does.
const maxCells = 20_000

// residents is the partner type of associations and committees in the neighbourhood (wijkraad).
const residents = "residents"

// NewCell is a cell as somebody sent it, to be checked.
type NewCell struct {
	PartnerType *string
	PartnerID   *uuid.UUID
	DossierType string
	Category    string
	Level       string // empty for a cell to remove
}

// cell checks one cell that stands at a JSON pointer; typeOf tells the type of a partner, empty when
// there is none, and known whether a partner type exists.
func (n NewCell) cell(f *problem.Faults, at string, typeOf func(uuid.UUID) string, known func(string) bool) authz.Cell {
	c := authz.Cell{DossierType: n.DossierType, Level: authz.Level(n.Level)}
	switch {
	case (n.PartnerType == nil) == (n.PartnerID == nil):
		f.Note(at, "one-of", "Give either partnerType or partnerId.")
	case n.PartnerType != nil:
		c.PartnerType = *n.PartnerType
		if !known(c.PartnerType) {
			f.Note(at+"/partnerType", "reference", "There is no such partner type; see GET /v1/code-lists/partner-types.")
		}
	default:
		c.PartnerID = *n.PartnerID
		if typeOf(c.PartnerID) == "" {
			f.Note(at+"/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
		}
	}
	if c.DossierType != authz.AllTypes && !slices.Contains(authz.DossierTypes(), c.DossierType) {
		f.Note(at+"/dossierType", "enum", "Choose a kind of dossier, or all.")
	}
	category, err := authz.ParseCategory(n.Category)
	if err != nil {
		f.Note(at+"/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	c.Category = category
	if n.Level != "" && !slices.Contains(authz.Levels(), c.Level) {
		f.Note(at+"/level", "enum", "Choose a level of GET /v1/code-lists/matrix-levels.")
	}
	return c
}

// place is what a matrix may have one cell for.
func place(c authz.Cell) authz.Cell {
	c.Level = ""
	return c
}

// unique finds cells for the same place, each of which is a fault.
func unique(f *problem.Faults, at string, cells []authz.Cell) {
	first := make(map[authz.Cell]int, len(cells))
	told := map[int]bool{}
	for i, c := range cells {
		j, there := first[place(c)]
		if !there {
			first[place(c)] = i
			continue
		}
		for _, k := range []int{j, i} {
			if !told[k] {
				told[k] = true
				f.Note(fmt.Sprintf("%s/%d", at, k), "duplicate", "This cell is given more than once.")
			}
		}
	}
}

// disjoint finds cells that are to be set and to be removed.
func disjoint(f *problem.Faults, set, remove []authz.Cell) {
	places := make(map[authz.Cell]bool, len(set))
	for _, c := range set {
		places[place(c)] = true
	}
	for i, c := range remove {
		if places[place(c)] {
			f.Note(fmt.Sprintf("/remove/%d", i), "duplicate", "This cell is to be set as well.")
		}
	}
}

// Bounded keeps residents' associations to their own entries and the area picture: no cell, exception or
// grant gives them more. It fails with problem.Conflict.
func Bounded(partnerType string, c authz.Category, l authz.Level) error {
	if partnerType == residents && l.Acts()&^authz.Own.Acts() != 0 && (c != authz.Area || l != authz.Read) {
		return problem.Errorf(problem.Conflict,
			"Residents and their associations have at most level own, and level read on category area; lower their other cells.")
	}
	return nil
}

// allBounded holds all cells against Bounded.
func allBounded(cells []authz.Cell, typeOf func(uuid.UUID) string) error {
	for _, c := range cells {
		kind := c.PartnerType
		if c.PartnerID != uuid.Nil {
			kind = typeOf(c.PartnerID)
		}
		if err := Bounded(kind, c.Category, c.Level); err != nil {
			return err
		}
	}
	return nil
}

// changed is the cells with some set and some removed. A cell that is to be removed must be there.
func changed(cells, set, remove []authz.Cell) ([]authz.Cell, error) {
	at := make(map[authz.Cell]authz.Level, len(cells)+len(set))
	for _, c := range cells {
		at[place(c)] = c.Level
	}
	for _, c := range remove {
		if _, there := at[place(c)]; !there {
			return nil, problem.Errorf(problem.Conflict, "A cell to remove is not in the draft; read the draft again.")
		}
		delete(at, place(c))
	}
	for _, c := range set {
		at[place(c)] = c.Level
	}
	if len(at) > maxCells {
		return nil, problem.Errorf(problem.Conflict, "A matrix has at most %d cells; remove some.", maxCells)
	}
	all := make([]authz.Cell, 0, len(at))
	for c, level := range at {
		c.Level = level
		all = append(all, c)
	}
	return ordered(all), nil
}

// ordered sorts the cells in the one order in which they are kept and shown; never nil.
func ordered(cells []authz.Cell) []authz.Cell {
	cells = append([]authz.Cell{}, cells...)
	slices.SortFunc(cells, compare)
	return cells
}

func compare(a, b authz.Cell) int {
	return cmp.Or(
		cmp.Compare(a.PartnerType, b.PartnerType),
		bytes.Compare(a.PartnerID[:], b.PartnerID[:]),
		cmp.Compare(a.DossierType, b.DossierType),
		cmp.Compare(a.Category, b.Category),
	)
}
