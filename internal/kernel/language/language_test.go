package language_test

import (
	"context"
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

func TestChoose(t *testing.T) {
	for header, want := range map[string]language.Tag{
		"":                          language.Dutch,
		"nl":                        language.Dutch,
		"EN-gb":                     language.English,
		"fr, en;q=0.5":              language.English,
		"fr":                        language.Dutch,
		"*":                         language.Dutch,
		"en;q=0.4, nl;q=0.7":        language.Dutch,
		"nl;q=0, en;q=0.1":          language.English,
		"en;q=nonsense":             language.Dutch,
		"en;q=7":                    language.Dutch,
		"en, nl":                    language.English,
		",;;q=,":                    language.Dutch,
		"de-DE,de;q=0.9,en-US;q=.8": language.English,
	} {
		if got := language.Choose(header); got != want {
			t.Errorf("Choose(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestFrom(t *testing.T) {
	if got := language.From(context.Background()); got != language.Dutch {
		t.Errorf("without a choice the language is %q, want Dutch", got)
	}
	ctx := language.With(context.Background(), language.English)
	text := language.Text{NL: "Gesloten", EN: "Closed"}
	if got := text.In(language.From(ctx)); got != "Closed" {
		t.Errorf("the text is %q, want the English one", got)
	}
}
