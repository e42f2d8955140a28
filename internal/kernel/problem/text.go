package problem

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

//go:embed texts.nl.csv
var dutchTexts string

// wording is the English format of a text and what fills it, to say the same in another language;
// zero for a text that nothing fills.
type wording struct {
	format string
	args   []any
}

// Texts is the Dutch of every text that a failure tells, by its English format.
type Texts map[string]string

// ReadTexts reads the embedded texts. The tests read them too, so that broken ones never leave the house.
func ReadTexts() Texts {
	lines, err := csv.NewReader(strings.NewReader(dutchTexts)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("embedded texts: %v", err))
	}
	texts := make(Texts, len(lines))
	for _, line := range lines[1:] {
		texts[line[0]] = line[1]
	}
	return texts
}

// In is a failure as a reader of the language is told it; e itself stays as it is. A text that has
// no Dutch stays English.
func (t Texts) In(tag language.Tag, e *Error) *Error {
	if tag == language.English {
		return e
	}
	told := *e
	told.Detail = t.dutch(e.Detail, e.said)
	told.Fields = slices.Clone(e.Fields)
	for i, f := range told.Fields {
		told.Fields[i].Detail = t.dutch(f.Detail, f.said)
	}
	return &told
}

func (t Texts) dutch(english string, said wording) string {
	format, known := t[cmp.Or(said.format, english)]
	switch {
	case !known:
		return english
	case said.format == "":
		return format
	}
	return fmt.Sprintf(format, said.args...)
}
