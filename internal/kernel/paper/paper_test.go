package paper_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
	"github.com/wijkregie/wijkregie/internal/testkit/pdftext"
)

func sheet(t *testing.T, tag language.Tag) paper.Sheet {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	return paper.Sheet{
		Title: "Plan van aanpak", Reader: "A. Jansen, Politie", Made: time.Date(2026, 7, 1, 12, 30, 0, 0, time.UTC).In(zone), Language: tag,
		Label: func(_, code string) language.Text { return language.Text{NL: "nl-" + code, EN: "en-" + code} },
	}
}

func file(t *testing.T, p *paper.Paper) []byte {
	t.Helper()
	made, err := p.Bytes()
	require.NoError(t, err)
	return made
}

// wide is text as PDF keeps it outside the pages.
func wide(text string) []byte {
	out := []byte{0xfe, 0xff}
	for _, r := range text {
		out = append(out, byte(r>>8), byte(r))
	}
	return out
}

func TestAPrintSaysWhatItIsAndForWhom(t *testing.T) {
	for tag, foot := range map[language.Tag]string{
		language.Dutch:   "Vertrouwelijk · gemaakt op 01-07-2026 14:30 Voor A. Jansen, Politie Pagina 1 van 1",
		language.English: "Confidential (vertrouwelijk) · made on 1 July 2026, 14:30 For A. Jansen, Politie Page 1 of 1",
	} {
		p := paper.New(sheet(t, tag))
		p.Heading("Doelen")
		p.Subheading("Wonen")
		p.Field("Waarom", "Daarom.")
		p.Field("Leeg", "")
		p.List([]string{p.Label("list", "code")})
		made := file(t, p)
		assert.Equal(t, "Plan van aanpak Doelen Wonen Waarom Daarom. • "+string(tag)+"-code "+foot, pdftext.Of(made))
		assert.Contains(t, string(made), "/Lang ("+string(tag)+")")
		for _, bookmark := range []string{"Plan van aanpak", "Doelen", "Wonen"} {
			assert.True(t, bytes.Contains(made, wide(bookmark)), bookmark)
		}
	}
}

func TestTheSamePrintHasTheSameBytes(t *testing.T) {
	font := sha256.Sum256(goregular.TTF)
	one := func() ([]byte, string) {
		p := paper.New(sheet(t, language.Dutch))
		p.Heading("Doelen")
		p.Table([]paper.Column{{Head: "Wat", Share: 1}, {Head: "Wie", Share: 2}}, [][]string{{"a", "b"}})
		tag := p.Tag()
		return file(t, p), tag
	}
	first, tag := one()
	second, again := one()
	assert.Equal(t, first, second)
	assert.Equal(t, tag, again)
	assert.Equal(t, font, sha256.Sum256(goregular.TTF), "the font stays as it is")
}

func TestTheTagMovesWithTheTextAndTheReaderAndNotWithTheMoment(t *testing.T) {
	tag := func(change func(*paper.Sheet), text string) string {
		s := sheet(t, language.Dutch)
		change(&s)
		p := paper.New(s)
		p.Paragraph(text)
		return p.Tag()
	}
	same := func(*paper.Sheet) {}
	first := tag(same, "Zo.")
	assert.Regexp(t, `^W/"[\w-]{22}"$`, first)
	assert.Equal(t, first, tag(func(s *paper.Sheet) { s.Made = s.Made.Add(time.Hour) }, "Zo."))
	assert.NotEqual(t, first, tag(same, "Anders."))
	assert.NotEqual(t, first, tag(func(s *paper.Sheet) { s.Reader = "B. de Vries, Politie" }, "Zo."))
}

func TestEveryLetterPrints(t *testing.T) {
	p := paper.New(sheet(t, language.Dutch))
	p.Paragraph("Zoë, José, Şahin, Łukasz, Ağaoğlu, Ελένη, Юлия — „één” (dat \\ is) à à àa €")
	p.Paragraph("e\u0308 met een los trema")
	p.Paragraph("😀 en \ue0e0\ue0e0 en\x00 {nb}")
	text := pdftext.Of(file(t, p))
	assert.Contains(t, text, "Zoë, José, Şahin, Łukasz, Ağaoğlu, Ελένη, Юлия — „één” (dat \\ is) à à àa €")
	assert.Contains(t, text, "ë met een los trema")
	assert.Contains(t, text, "\ufffd en \ufffd\ufffd en {nb} Vertrouwelijk")
}

func TestALongTableGoesOnUnderItsHeads(t *testing.T) {
	p := paper.New(sheet(t, language.Dutch))
	rows := make([][]string, 200)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("regel-%d.", i), strings.Repeat("Er is veel te doen. ", 5)}
	}
	rows[100][1] = strings.Repeat("Een rij die hoger is dan een pagina. ", 400) + strings.Repeat("lang", 100)
	p.Table([]paper.Column{{Head: "Kop-wat", Share: 1}, {Head: "Kop-wie", Share: 2}}, rows)
	pages := pdftext.Pages(file(t, p))
	all := strings.Join(pages, " ")
	require.Greater(t, len(pages), 10)
	for i := range rows {
		assert.Equal(t, 1, strings.Count(all, fmt.Sprintf(" regel-%d. ", i)), i)
	}
	assert.Equal(t, 400, strings.Count(strings.ReplaceAll(all, "Kop-wat Kop-wie ", ""), "hoger"))
	for n, page := range pages {
		assert.Contains(t, page, "Kop-wat Kop-wie")
		assert.True(t, strings.HasSuffix(page, fmt.Sprintf("Pagina %d van %d", n+1, len(pages))), page[len(page)-40:])
	}
}

func TestAHeadingDoesNotStandAloneAtTheFoot(t *testing.T) {
	under := map[string]func(*paper.Paper){
		"text":  func(p *paper.Paper) { p.Paragraph("Wat eronder staat.") },
		"field": func(p *paper.Paper) { p.Field("Kop van een veld", "Wat eronder staat.") },
		"table": func(p *paper.Paper) {
			p.Table([]paper.Column{{Head: "Eerste kop", Share: 1}, {Head: "Tweede kop die over twee regels gaat", Share: 0.4}}, [][]string{{strings.Repeat("Wat eronder staat. ", 30), ""}})
		},
	}
	for name, print := range under {
		for lines := range 60 {
			p := paper.New(sheet(t, language.Dutch))
			for range lines {
				p.Paragraph("Een regel.")
			}
			p.Heading("De kop")
			print(p)
			for _, page := range pdftext.Pages(file(t, p)) {
				assert.NotRegexp(t, `(De kop|veld|gaat) Vertrouwelijk`, page, name, lines)
			}
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	for b.Loop() {
		p := paper.New(paper.Sheet{Title: "Plan", Made: time.Now(), Language: language.Dutch})
		p.Paragraph(strings.Repeat("Er is veel te doen. ", 500))
		if _, err := p.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
