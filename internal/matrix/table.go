package matrix

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// columns are the head of a table of cells.
var columns = [...]string{"partner_type", "partner_id", "dossier_type", "category", "level"}

// writeTable writes cells as CSV (RFC 4180) in their order. Every value is a slug, an id or empty, so none
// can begin a formula in a spreadsheet and none needs a quote.
func writeTable(cells []authz.Cell) []byte {
	var table bytes.Buffer
	table.WriteString(strings.Join(columns[:], ",") + "\r\n")
	for _, c := range cells {
		partner := ""
		if c.PartnerID != uuid.Nil {
			partner = c.PartnerID.String()
		}
		table.WriteString(strings.Join([]string{c.PartnerType, partner, c.DossierType, c.Category.Slug(), string(c.Level)}, ",") + "\r\n")
	}
	return table.Bytes()
}

// readTable reads cells as writeTable writes them; a level may be a letter. It fails with problem.Invalid,
// naming every line that is wrong as the cell that it holds, and never what stands in it.
func readTable(r io.Reader) ([]NewCell, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	var f problem.Faults
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // spreadsheets begin with it
	if !utf8.Valid(text) {
		f.Note("", "text", "Send the table in UTF-8.")
		return nil, f.Err()
	}
	lines := csv.NewReader(bytes.NewReader(text))
	lines.FieldsPerRecord = -1
	head, err := lines.Read()
	if err != nil || !slices.Equal(head, columns[:]) {
		f.Note("", "header", "The first line has to be partner_type,partner_id,dossier_type,category,level.")
		return nil, f.Err()
	}
	var cells []NewCell
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return cells, f.Err()
		}
		at := fmt.Sprintf("/cells/%d", len(cells))
		if err != nil {
			f.Note(at, "syntax", "This line, or a line after it, has a quote that is not as RFC 4180 has it.")
			return nil, f.Err()
		}
		if len(cells) == maxCells {
			f.Note("/cells", "too-many", "A matrix has at most 20,000 cells.")
			return nil, f.Err()
		}
		cells = append(cells, newLine(&f, at, line))
	}
}

// newLine is the cell of one line.
func newLine(f *problem.Faults, at string, line []string) (n NewCell) {
	if len(line) != len(columns) {
		f.Note(at, "columns", "A line has five columns.")
		return n
	}
	if line[0] != "" {
		n.PartnerType = &line[0]
	}
	if line[1] != "" {
		id, err := uuid.Parse(line[1])
		if err != nil || len(line[1]) != len(id.String()) {
			f.Note(at+"/partnerId", "uuid", "Give a UUID, in lower or upper case and with its hyphens.")
		}
		n.PartnerID = &id
	}
	n.DossierType, n.Category, n.Level = line[2], line[3], line[4]
	if n.Level == "" {
		f.Note(at+"/level", "required", "Give a level; none takes a right away.")
	}
	if level, letter := authz.LevelOf(n.Level); letter {
		n.Level = string(level)
	}
	return n
}
