// Package paper prints a record as PDF: real text with a title, a language, headings as bookmarks, and under
// every page who printed it and when. It knows no record; an area puts its own on it.
package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/text/unicode/norm"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// Sheet is what a print says of itself.
type Sheet struct {
	Title    string
	Reader   string    // for whom it was made, so that a print can be traced
	Made     time.Time // when, in the zone of the municipality
	Language language.Tag
	Label    func(list, code string) language.Text // what a code is called
}

// Paper is a print in the making. It is for one goroutine.
type Paper struct {
	sheet Sheet
	pdf   *fpdf.Fpdf
	said  hash.Hash // of the text so far, without what stands under a page
}

// Millimetres of an A4 page.
const (
	edge   = 20.0
	width  = 210 - 2*edge
	bottom = 297 - footer
	footer = 28.0
)

const (
	family = "go"
	point  = 25.4 / 72 // in millimetres
	// pages stands for the number of pages until that is known: letters that clean takes out of every text, of
	// which no half is that of two other letters beside each other.
	pages = "\ue0e0\ue0e0"
)

// style is how a piece of text looks; size is in points.
type style struct {
	weight string
	size   float64
}

func (s style) height() float64 { return s.size * point * 1.3 }

func plain() style { return style{size: 10} }
func bold() style  { return style{"B", 10} }

// New begins a print on its first page, under its title.
func New(s Sheet) *Paper {
	p := &Paper{sheet: s, pdf: fpdf.New("P", "mm", "A4", ""), said: sha256.New()}
	p.pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	p.pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	p.pdf.SetMargins(edge, edge, edge)
	p.pdf.SetCellMargin(0)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetTitle(clean(s.Title), true)
	p.pdf.SetLang(string(s.Language))
	p.pdf.SetCreationDate(s.Made)
	p.pdf.SetModificationDate(s.Made)
	p.pdf.SetCatalogSort(true)
	p.pdf.AliasNbPages(pages)
	p.pdf.SetFooterFunc(p.foot)
	p.pdf.AddPage()
	p.write(style{"B", 16}, edge, s.Title)
	p.pdf.Ln(3)
	return p
}

// Say is a text in the language of the reader.
func (p *Paper) Say(nl, en string) string { return language.Text{NL: nl, EN: en}.In(p.sheet.Language) }

// Label is what a code of a code list is called; nothing for no code.
func (p *Paper) Label(list, code string) string {
	if code == "" {
		return ""
	}
	return p.sheet.Label(list, code).In(p.sheet.Language)
}

// Day is a date as people write it; nothing for the zero time.
func (p *Paper) Day(day time.Time) string { return p.at(day, "02-01-2006", "2 January 2006") }

// Moment is a moment by the clock of the municipality; nothing for the zero time.
func (p *Paper) Moment(at time.Time) string {
	return p.at(at.In(p.sheet.Made.Location()), "02-01-2006 15:04", "2 January 2006, 15:04")
}

func (p *Paper) at(at time.Time, nl, en string) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(p.Say(nl, en))
}

// Heading begins a part, which becomes a bookmark.
func (p *Paper) Heading(text string) { p.heading(text, 0) }

// Subheading begins a part of a part, a bookmark below that of the heading.
func (p *Paper) Subheading(text string) { p.heading(text, 1) }

func (p *Paper) heading(text string, level int) {
	look := style{"B", []float64{13, 11}[level]}
	p.pdf.Ln(3)
	p.room(look.height() + 10*plain().height()) // a heading does not stand alone at the foot of a page
	p.pdf.SetFont(family, look.weight, look.size)
	p.pdf.Bookmark(clean(text), level, -1)
	p.write(look, edge, text)
	p.pdf.Ln(1)
}

// Paragraph is running text; nothing for an empty one.
func (p *Paper) Paragraph(text string) {
	if text == "" {
		return
	}
	p.write(plain(), edge, text)
	p.pdf.Ln(2)
}

// Field is a value under its name; nothing for an empty one.
func (p *Paper) Field(name, value string) {
	if value == "" {
		return
	}
	p.room(bold().height() + plain().height())
	p.write(bold(), edge, name)
	p.Paragraph(value)
}

// List is a line for each item.
func (p *Paper) List(items []string) {
	const indent = 5.0
	for _, one := range items {
		p.room(plain().height())
		p.font(plain())
		p.pdf.CellFormat(indent, plain().height(), "•", "", 0, "L", false, 0, "")
		p.write(plain(), edge+indent, one)
	}
	p.pdf.Ln(2)
}

// Tag is the entity tag of what was printed until now: a change that the reader does not see does not move it. It
// is weak, as the moment of making is in the print and not in the tag; another reader has another.
func (p *Paper) Tag() string {
	p.say(p.sheet.Reader)
	return `W/"` + base64.RawURLEncoding.EncodeToString(p.said.Sum(nil)[:16]) + `"`
}

// say counts text for the tag.
func (p *Paper) say(text string) {
	p.said.Write([]byte(text)) // never fails
	p.said.Write([]byte{0})
}

// Bytes ends the print and gives the file. The same print has the same bytes.
func (p *Paper) Bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return out.Bytes(), nil
}

// foot is what stands under every page.
func (p *Paper) foot() {
	small := style{size: 8}
	p.pdf.SetY(bottom + 4)
	p.put(small, edge, p.Say("Vertrouwelijk · gemaakt op ", "Confidential (vertrouwelijk) · made on ")+p.Moment(p.sheet.Made))
	p.put(small, edge, p.Say("Voor ", "For ")+p.sheet.Reader)
	p.font(small)
	page := p.Say("Pagina %d van %s", "Page %d of %s")
	p.pdf.CellFormat(width, small.height(), fmt.Sprintf(page, p.pdf.PageNo(), pages), "", 1, "L", false, 0, "")
}

// write writes text from a left edge to the right edge of the page, over as many lines and pages as it needs.
func (p *Paper) write(look style, left float64, text string) {
	p.say(text)
	p.put(look, left, text)
}

func (p *Paper) put(look style, left float64, text string) {
	for _, line := range p.lines(look, edge+width-left, text) {
		if p.pdf.GetY() < bottom {
			p.room(look.height())
		}
		p.font(look)
		p.pdf.SetX(left)
		p.pdf.CellFormat(edge+width-left, look.height(), line, "", 1, "L", false, 0, "")
	}
}

// lines breaks text into lines that fit a width.
func (p *Paper) lines(look style, within float64, text string) []string {
	p.font(look)
	return p.pdf.SplitText(clean(text), within)
}

func (p *Paper) font(look style) { p.pdf.SetFont(family, look.weight, look.size) }

// room goes on on the next page when this one has no room left of a height, and tells whether it did.
func (p *Paper) room(height float64) bool {
	if p.pdf.GetY()+height <= bottom {
		return false
	}
	p.pdf.AddPage()
	return true
}

// Lines are the texts that are not empty, below each other.
func Lines(texts ...string) string {
	var all []string
	for _, one := range texts {
		if one != "" {
			all = append(all, one)
		}
	}
	return strings.Join(all, "\n")
}

// clean is text as the fonts can write it: composed letters, no control characters, and a mark in the place of
// what stands outside the basic plane of Unicode.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r != '\n' && (r < ' ' || r == 0x7f):
			return -1
		case r > 0xffff, r >= 0xe000 && r <= 0xf8ff:
			return '\ufffd'
		}
		return r
	}, norm.NFC.String(text))
}
