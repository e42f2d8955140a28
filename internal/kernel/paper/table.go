package paper

import "strings"

// Column is a column of a table: what stands over it, and its share of the width against that of the others.
type Column struct {
	Head  string
	Share float64
}

const (
	gap      = 3.0 // between two columns
	together = 6   // lines of a row that stay on one page
)

// Table prints rows of cells under their columns, again on every page that it takes; nothing without rows.
func (p *Paper) Table(columns []Column, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.Head
	}
	head := func() { p.row(tableHead(), columns, heads, func() {}) }
	p.room((2+together)*tableText().height() + 2) // the heads do not stand alone either
	head()
	for _, cells := range rows {
		p.say(strings.Join(cells, "\x00"))
		p.row(tableText(), columns, cells, head)
	}
	p.pdf.Ln(2)
}

func tableHead() style { return style{"B", 9} }
func tableText() style { return style{size: 9} }

// row prints the cells beside each other, each as a whole so that it reads as one text. A row is kept on one page
// where there is little of it; one that is higher than the page goes on on the next.
func (p *Paper) row(look style, columns []Column, cells []string, again func()) {
	parts, most := make([][]string, len(columns)), 1
	for i := range columns {
		parts[i] = p.lines(look, p.widthOf(columns, i)-gap, cells[i])
		most = max(most, len(parts[i]))
	}
	if p.room(float64(min(most, together)) * look.height()) {
		again()
	}
	for from := 0; from < most; {
		fit := max(1, int((bottom-p.pdf.GetY())/look.height()+0.001))
		until := min(most, from+fit)
		p.cells(look, columns, parts, [2]int{from, until})
		if from = until; from < most {
			p.pdf.AddPage()
			again()
		}
	}
	y := p.pdf.GetY() + 0.5
	p.pdf.Line(edge, y, edge+width, y)
	p.pdf.SetY(y + 0.5)
}

// cells prints those lines of each cell that are in a range of lines.
func (p *Paper) cells(look style, columns []Column, parts [][]string, of [2]int) {
	p.font(look)
	x, y := edge, p.pdf.GetY()
	for i, lines := range parts {
		for n := of[0]; n < min(of[1], len(lines)); n++ {
			p.pdf.SetXY(x, y+float64(n-of[0])*look.height())
			p.pdf.CellFormat(p.widthOf(columns, i), look.height(), lines[n], "", 0, "L", false, 0, "")
		}
		x += p.widthOf(columns, i)
	}
	p.pdf.SetY(y + float64(of[1]-of[0])*look.height())
}

func (p *Paper) widthOf(columns []Column, at int) float64 {
	var all float64
	for _, c := range columns {
		all += c.Share
	}
	return width * columns[at].Share / all
}
