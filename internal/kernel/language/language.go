// Package language carries in which language a caller reads: Dutch, unless English is asked for.
package language

import (
	"context"
	"strconv"
	"strings"
)

// Tag is a language that the product speaks, as in Content-Language.
type Tag string

// The languages of the product.
const (
	Dutch   Tag = "nl"
	English Tag = "en"
)

// Text is something that people read, in both languages.
type Text struct{ NL, EN string }

// In is the text in a language, Dutch for any other than English.
func (t Text) In(tag Tag) string {
	if tag == English {
		return t.EN
	}
	return t.NL
}

// Choose reads an Accept-Language header: the language with the highest weight of those that the
// product speaks, the first of equals, Dutch when none is asked for or the header makes no sense.
func Choose(header string) Tag {
	chosen, best := Dutch, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, weight := weighted(part)
		tag, spoken := spokenTag(name)
		if spoken && weight > best {
			chosen, best = tag, weight
		}
	}
	return chosen
}

func weighted(part string) (name string, weight float64) {
	name, parameter, given := strings.Cut(part, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	if !given {
		return name, 1
	}
	value, found := strings.CutPrefix(strings.TrimSpace(parameter), "q=")
	weight, err := strconv.ParseFloat(value, 64)
	if !found || err != nil || weight > 1 {
		return name, 0
	}
	return name, weight
}

func spokenTag(name string) (Tag, bool) {
	primary, _, _ := strings.Cut(name, "-")
	switch primary {
	case "nl", "*":
		return Dutch, true
	case "en":
		return English, true
	}
	return "", false
}

type key struct{}

// With puts the caller's language in the context.
func With(ctx context.Context, tag Tag) context.Context { return context.WithValue(ctx, key{}, tag) }

// From is the caller's language, Dutch when nobody said.
func From(ctx context.Context) Tag {
	if tag, ok := ctx.Value(key{}).(Tag); ok {
		return tag
	}
	return Dutch
}
