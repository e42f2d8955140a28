package problem_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestIn(t *testing.T) {
	texts := problem.Texts{
		"At most %d cells.": "Hooguit %d cellen.",
		"See errors.":       "Zie errors.",
		"At least %v.":      "Ten minste %v.",
		"Half is 50%%.":     "De helft is 50%%.",
	}
	filled := problem.Field{In: "body", Name: "/cells", Code: "too-few"}.Detailf("At least %v.", 3)
	for name, test := range map[string]struct {
		err  *problem.Error
		want string
	}{
		"a format is filled again":           {problem.Errorf(problem.Conflict, "At most %d cells.", 7), "Hooguit 7 cellen."},
		"a text without a format":            {&problem.Error{Kind: problem.Invalid, Detail: "See errors."}, "Zie errors."},
		"a format that nothing fills":        {problem.Errorf(problem.Conflict, "Half is 50%%."), "De helft is 50%."},
		"a text without Dutch stays English": {problem.Errorf(problem.Conflict, "Ask %s.", "her"), "Ask her."},
		"no text stays none":                 {&problem.Error{Kind: problem.TooLarge}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			test.err.Fields = []problem.Field{filled}
			english := test.err.Error()
			told := texts.In(language.Dutch, test.err)
			if told.Detail != test.want || told.Kind != test.err.Kind {
				t.Errorf("%q in Dutch is %q, want %q", english, told.Detail, test.want)
			}
			if told.Fields[0].Detail != "Ten minste 3." || told.Fields[0].Name != "/cells" {
				t.Errorf("the field in Dutch is %+v", told.Fields[0])
			}
			if test.err.Error() != english || test.err.Fields[0].Detail != "At least 3." {
				t.Errorf("telling it in Dutch changed the failure to %q, %+v", test.err.Error(), test.err.Fields)
			}
			if same := texts.In(language.English, test.err); same.Error() != english || same.Fields[0].Detail != "At least 3." {
				t.Errorf("%q in English is %q, %+v", english, same.Error(), same.Fields)
			}
		})
	}
}

func TestTheDutchTextsSayWhatTheEnglishSay(t *testing.T) {
	verb := regexp.MustCompile(`%[^a-zA-Z%]*[a-zA-Z%]`)
	address := regexp.MustCompile(`/v1/[a-z/-]+`)
	informal := regexp.MustCompile(`(?i)\b(je|jij|jou|jouw|jullie)\b`)
	for english, dutch := range problem.ReadTexts() {
		for _, same := range []*regexp.Regexp{verb, address} {
			if want, got := same.FindAllString(english, -1), same.FindAllString(dutch, -1); !slices.Equal(got, want) {
				t.Errorf("%q has %v in Dutch, want %v", english, got, want)
			}
		}
		if strings.TrimSpace(dutch) == "" || dutch == english || informal.MatchString(dutch) {
			t.Errorf("%q has no proper Dutch: %q", english, dutch)
		}
	}
}
