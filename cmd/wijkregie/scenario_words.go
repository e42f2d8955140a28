package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// learn reads the Dutch words of the code lists that a story uses.
func (s *story) learn(ctx context.Context) {
	s.words = map[string]string{}
	for _, list := range []string{
		"action-tracks", "dossier-types", "information-categories", "legal-bases", "life-domains", "problem-levels", "results", "subject-roles",
	} {
		for _, code := range seen[client.CodeList](s)(s.as("director").GetCodeList(ctx, list)).Codes {
			s.words[list+"/"+code.Code] = small(code.Label.Nl)
		}
	}
}

// word is what people call a code of a list; the code itself where the list has no word.
func (s *story) word(list string, code any) string {
	if word, known := s.words[list+"/"+fmt.Sprint(code)]; known {
		return word
	}
	return fmt.Sprint(code)
}

// domains are life domains in a row.
func (s *story) domains(codes []client.LifeDomain) string {
	var words []string
	for _, code := range codes {
		words = append(words, s.word("life-domains", code))
	}
	return strings.Join(words, ", ")
}

// who is somebody of the demonstration by function and name.
func who(short string) string {
	p, err := demo.Find(short)
	if err != nil || p.System() {
		return short
	}
	return function(p) + " " + p.Name
}

// whom are people of the demonstration by their function; niemand where there are none.
func whom(shorts []string) string {
	var functions []string
	for _, short := range shorts {
		if p, err := demo.Find(short); err == nil {
			functions = append(functions, function(p))
		}
	}
	if len(functions) == 0 {
		return "niemand"
	}
	return strings.Join(functions, ", ")
}

// function is the function of a person in the middle of a sentence.
func function(p demo.Person) string {
	f := small(p.Function)
	if p.Municipality != demo.Veldhoven {
		f += " van een andere gemeente"
	}
	return f
}

// small is a text as it stands in the middle of a sentence.
func small(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// yes is ja or nee.
func yes(is bool) string {
	if is {
		return "ja"
	}
	return "nee"
}

// counted is how many each has, in the order of their names.
func counted(of map[string]int) string {
	var all []string
	for _, short := range slices.Sorted(maps.Keys(of)) {
		all = append(all, fmt.Sprintf("%s %d", whom([]string{short}), of[short]))
	}
	return strings.Join(all, ", ")
}
