package privacy

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wijkregie/wijkregie/internal/person"
)

// mask tells a person from the others in running text, by what the register holds of each: names in their forms, days of
// birth, addresses, telephone numbers. Words are compared without their case and what stands between them; a word alone
// counts as a name only with a capital, as many are words of the language too.
type mask struct {
	others map[string][]term // by first word, the longest first
	own    map[string][]term
	phones map[string]string // the last nine digits, to a role
}

// term is a row of words that stands for somebody.
type term struct {
	words []string
	role  string
}

// word is one in a text.
type word struct {
	from, to int
	text     string
	capital  bool
}

// The digits of a telephone number by which it is known, and at most with the code of a country.
const (
	phoneDigits = 9
	mostDigits  = 13
)

// shared stands for a mark of the person that is not his name.
const shared = "shared"

func newMask() mask {
	return mask{others: map[string][]term{}, own: map[string][]term{}, phones: map[string]string{}}
}

// know notes of whom the texts are gathered; before the others. His other marks do not tell that a text is about him, as a
// household shares them, and are nobody else's.
func (m mask) know(p person.Person) {
	for _, t := range namesOf(p) {
		put(m.own, term{words: t})
	}
	for _, t := range marksOf(p) {
		put(m.own, term{words: t, role: shared})
	}
	if digits := digitsOf(p.Phone); len(digits) >= phoneDigits {
		m.phones[digits[len(digits)-phoneDigits:]] = shared
	}
}

// shun notes somebody else under a role, as far as it is not the person's own name too.
func (m mask) shun(p person.Person, role string) {
	for _, words := range append(namesOf(p), marksOf(p)...) {
		if !m.isOwn(words) {
			put(m.others, term{words, role})
		}
	}
	if digits := digitsOf(p.Phone); len(digits) >= phoneDigits {
		if key := digits[len(digits)-phoneDigits:]; m.phones[key] != shared {
			m.phones[key] = role
		}
	}
}

// shunName notes a name that is only recognised whole.
func (m mask) shunName(name, role string) {
	if words := split(name); len(words) > 1 && !m.isOwn(words) {
		put(m.others, term{words, role})
	}
}

// settle forgets the own names that somebody else has too: they do not tell whom a text is about.
func (m mask) settle(others []person.Other) {
	for _, o := range others {
		for _, words := range namesOf(o.Person) {
			m.own[words[0]] = slices.DeleteFunc(m.own[words[0]], func(t term) bool { return slices.Equal(t.words, words) })
		}
	}
}

func (m mask) isOwn(words []string) bool {
	return slices.ContainsFunc(m.own[words[0]], func(t term) bool { return slices.Equal(t.words, words) })
}

func put(all map[string][]term, t term) {
	list := append(all[t.words[0]], t)
	slices.SortStableFunc(list, func(a, b term) int { return len(b.words) - len(a.words) })
	all[t.words[0]] = list
}

// namesOf are the forms in which a name is written: whole, by initial, and each part alone.
func namesOf(p person.Person) (all [][]string) {
	given, prefix, family := split(p.GivenNames), split(p.Prefix), split(p.FamilyName)
	last := slices.Concat(prefix, family)
	add := func(words ...string) {
		if len(words) > 1 || len(words) == 1 && utf8.RuneCountInString(words[0]) > 2 {
			all = append(all, words)
		}
	}
	add(slices.Concat(given, last)...)
	add(last...)
	add(family...)
	for _, name := range given {
		add(append([]string{name}, last...)...)
		add(append([]string{string([]rune(name)[:1])}, last...)...)
		add(name)
	}
	return all
}

// marksOf are the other marks of somebody: day of birth, address and e-mail address.
func marksOf(p person.Person) (all [][]string) {
	marks := []string{p.Email}
	if p.BirthDate != nil {
		marks = append(marks, p.BirthDate.Format(time.DateOnly), p.BirthDate.Format("02-01-2006"), p.BirthDate.Format("2-1-2006"))
	}
	if a := p.Address; a != nil && a.Street != "" {
		marks = append(marks, a.Street+" "+a.HouseNumber)
	}
	for _, mark := range marks {
		if words := split(mark); len(words) > 1 {
			all = append(all, words)
		}
	}
	return all
}

// names tells whether a text names the person.
func (m mask) names(text string) bool {
	words := wordsOf(text)
	for i := range words {
		if own := first(m.own, words[i:]); own != nil && own.role != shared && first(m.others, words[i:]) == nil {
			return true
		}
	}
	return false
}

// hide puts a role in the place of whatever marks somebody else.
func (m mask) hide(text string) string {
	words := wordsOf(text)
	var out strings.Builder
	at := 0
	for i := 0; i < len(words); {
		n, role := m.stranger(words[i:])
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text[at:words[i].from])
		out.WriteString("[" + role + "]")
		at = words[i+n-1].to
		i += n
	}
	out.WriteString(text[at:])
	return out.String()
}

// stranger is how many of the first words mark somebody else, and in which role; the longest mark of anybody counts.
func (m mask) stranger(words []word) (n int, role string) {
	if n, role := m.number(words); n > 0 {
		return n, role
	}
	theirs, mine := first(m.others, words), first(m.own, words)
	if theirs == nil || mine != nil && len(mine.words) >= len(theirs.words) {
		return 0, ""
	}
	return len(theirs.words), theirs.role
}

// number finds a telephone number of somebody else, and whatever may be a citizen service number, in groups of digits.
func (m mask) number(words []word) (n int, role string) {
	digits := ""
	for i, w := range words {
		if strings.Trim(w.text, "0123456789") != "" || i > 0 && w.from-words[i-1].to > 3 || len(digits)+len(w.text) > mostDigits {
			break
		}
		digits += w.text
		if len(digits) < phoneDigits {
			continue
		}
		if role := m.phones[digits[len(digits)-phoneDigits:]]; role != "" && role != shared {
			return i + 1, role
		}
		if person.LooksLikeBSN(digits) {
			return i + 1, "BSN"
		}
	}
	return 0, ""
}

// first is the longest term with which the words begin.
func first(terms map[string][]term, words []word) *term {
	for _, t := range terms[words[0].text] {
		if begins(words, t.words) {
			return &t
		}
	}
	return nil
}

func begins(words []word, term []string) bool {
	if len(words) < len(term) || len(term) == 1 && !words[0].capital {
		return false
	}
	for i, w := range term {
		if words[i].text != w || i > 0 && words[i].from-words[i-1].to > 3 {
			return false
		}
	}
	return true
}

func wordsOf(text string) (all []word) {
	from := -1
	for i, r := range text + " " {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		switch {
		case inside && from < 0:
			from = i
		case !inside && from >= 0:
			one := text[from:i]
			start, _ := utf8.DecodeRuneInString(one)
			all = append(all, word{from, i, strings.ToLower(one), !unicode.IsLower(start)})
			from = -1
		}
	}
	return all
}

func split(text string) (all []string) {
	for _, w := range wordsOf(text) {
		all = append(all, w.text)
	}
	return all
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
