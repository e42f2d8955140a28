package person

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// keysOf are the keys of the words of a name, each once: how a word sounds in Dutch, so that it is found in another
// spelling. What stands before a family name (van, de) says nothing.
func keysOf(name string) (keys []string) {
	for _, word := range strings.FieldsFunc(folded(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		key := soundOf(word)
		if key != "" && !slices.Contains(prefixes(), word) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func prefixes() []string {
	return []string{"van", "von", "de", "den", "der", "het", "t", "te", "ten", "ter", "d", "el", "al", "la", "le", "du", "op", "in"}
}

// folded is a text in small letters without accents.
func folded(s string) string {
	var out strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case r == 'ø':
			out.WriteRune('o')
		case r == 'ß':
			out.WriteString("ss")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// soundOf is how a word of small letters sounds: spellings that sound alike are brought to one, double letters
// count once, and a d or v at the end sounds as t or f.
func soundOf(word string) string {
	alike := strings.NewReplacer(
		"sch", "sg", "sj", "s", "ch", "g", "gh", "g", "ph", "f", "th", "t", "dt", "t", "ck", "k", "qu", "kw", "cq", "k", "x", "ks",
		"eij", "1", "ij", "1", "ei", "1", "ey", "1", "aij", "1", "ay", "1", "ai", "1", "y", "1",
		"uij", "5", "auw", "2", "ouw", "2", "au", "2", "ou", "2", "ae", "a", "oe", "3", "eu", "4", "uy", "5", "ui", "5",
		"ce", "se", "ci", "si", "c", "k", "z", "s", "v", "f", "h", "")
	sound := single(alike.Replace(single(word)))
	switch {
	case strings.HasSuffix(sound, "d"):
		return strings.TrimSuffix(sound, "d") + "t"
	case strings.HasSuffix(sound, "b"):
		return strings.TrimSuffix(sound, "b") + "p"
	}
	return sound
}

// single leaves each of a run of the same letter once.
func single(s string) string {
	var out strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			out.WriteRune(r)
		}
		last = r
	}
	return out.String()
}
