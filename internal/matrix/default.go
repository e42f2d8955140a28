package matrix

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

//go:embed data/autorisatiematrix-default.csv
var defaultTable string

// Default is the matrix that a municipality may begin from: for every partner type and category a level
// in all kinds of dossier. It follows Wgs 2.27-2.31 and BGS 2.21 and has no force until it is published.
// The tests read the embedded table, so that a broken one never gets out; it is the only reason to panic.
func Default() []authz.Cell {
	lines, err := csv.NewReader(strings.NewReader(defaultTable)).ReadAll()
	if err != nil || len(lines) == 0 {
		panic(fmt.Sprintf("embedded default matrix: %v", err))
	}
	var cells []authz.Cell
	for _, line := range lines[1:] {
		for i, letter := range line[1:] {
			category, err := authz.ParseCategory(lines[0][i+1])
			level, known := authz.LevelOf(letter)
			if err != nil || !known {
				panic(fmt.Sprintf("embedded default matrix: %s of %s: %s", lines[0][i+1], line[0], letter))
			}
			cells = append(cells, authz.Cell{PartnerType: line[0], DossierType: authz.AllTypes, Category: category, Level: level})
		}
	}
	return ordered(cells)
}
