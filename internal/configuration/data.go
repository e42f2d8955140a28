package configuration

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed data/*.csv
var files embed.FS

// row is a line of a CSV file by the names in its head.
type row map[string]string

// read gives the lines of an embedded file. The tests read every file, so that a broken one never
// gets out; it is the only reason to panic.
func read(name string) []row {
	file, err := files.Open("data/" + name)
	if err != nil {
		panic(fmt.Sprintf("embedded list %s: %v", name, err))
	}
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) == 0 {
		panic(fmt.Sprintf("embedded list %s: %v", name, err))
	}
	rows := make([]row, 0, len(lines)-1)
	for _, line := range lines[1:] {
		r := row{}
		for i, column := range lines[0] {
			r[column] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// camel turns a column into the name of an attribute: legal_ref becomes legalRef.
func camel(column string) string {
	parts := strings.Split(column, "_")
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
	}
	return strings.Join(parts, "")
}
