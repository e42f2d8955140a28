package privacy

import (
	"strings"
	"time"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// actReadChecklist is the act on the checklist of internal/kernel/authz/acts.csv.
const actReadChecklist = "legal-checklist.read"

// The lists of the duties and of what can be counted.
const (
	dutiesList   = "legal-duties"
	evidenceList = "legal-evidence"
)

// Checklist is what the law asks with what the records of a municipality show on it at a moment.
type Checklist struct {
	AsOf       time.Time `etag:"-"`
	Shortfalls int64
	Duties     []Duty
}

// Duty is what articles of law ask, the operations that serve it and the evidence.
type Duty struct {
	Code       string
	Articles   string
	Text       language.Text
	Operations []string
	Evidence   []Evidence
}

// Evidence is how many records there are of a kind; of a shortfall none is right.
type Evidence struct {
	Code      string
	Count     int64
	Shortfall bool
}

// checklistOf puts what was counted beside the duties that it shows.
func checklistOf(duties []configuration.Code, counted []Evidence, now time.Time) Checklist {
	by := make(map[string]Evidence, len(counted))
	all := Checklist{AsOf: now, Duties: make([]Duty, len(duties))}
	for _, e := range counted {
		by[e.Code] = e
		if e.Shortfall {
			all.Shortfalls += e.Count
		}
	}
	for i, c := range duties {
		d := Duty{Code: c.Code, Articles: c.Attributes["legalRef"], Text: c.Label, Operations: strings.Fields(c.Attributes["operations"])}
		for _, code := range strings.Fields(c.Attributes["evidence"]) {
			if e, known := by[code]; known {
				d.Evidence = append(d.Evidence, e)
			}
		}
		all.Duties[i] = d
	}
	return all
}
