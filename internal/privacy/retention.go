package privacy

import (
	_ "embed" // the rules stand in a file
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
)

// The acts on retention of internal/kernel/authz/acts.csv.
const (
	actReadRetention   = "retention.read"
	actDecideRetention = "retention.decide"
	actExtendRetention = "retention.extend"
)

//go:embed data/retention.csv
var retentionFile string

// RetentionRule is how long a kind of record is kept, in calendar months (Wgs 1.8(7), BGS 1.16, Archiefwet).
type RetentionRule struct {
	Kind     string
	StartsAt string // first-processing, rejection, with-dossier or stays
	Months   *int   // nil for what goes with its dossier or stays
	Minimum  int
	Maximum  *int // nil where the law has none
	Source   string
	Decision *RuleDecision // nil while the default holds
}

// defaultRetention reads the rules that hold until a municipality decides otherwise.
func defaultRetention() ([]RetentionRule, error) {
	lines, err := csv.NewReader(strings.NewReader(retentionFile)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("retention rules: %w", err)
	}
	var all []RetentionRule
	for _, line := range lines[1:] {
		months, err := monthsOf(line[2])
		if err != nil {
			return nil, err
		}
		least, err := monthsOf(line[3])
		if err != nil {
			return nil, err
		}
		most, err := monthsOf(line[4])
		if err != nil {
			return nil, err
		}
		all = append(all, RetentionRule{Kind: line[0], StartsAt: line[1], Months: months, Minimum: *least, Maximum: most, Source: line[5]})
	}
	return all, nil
}

func monthsOf(text string) (*int, error) {
	if text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("retention rules: %w", err)
	}
	return &n, nil
}

// Retention is how long a dossier is kept. Dates are of the municipality's calendar.
type Retention struct {
	DossierID        uuid.UUID
	Number           string
	Kind             string
	Source           string
	FirstProcessedOn time.Time
	Months           int
	Extended         int // months that were added
	Holds            []string
	DueOn            time.Time
	Due              bool
}

// retentionKind is the rule by which a dossier is kept: a case that was not accepted has its own (Wgs 1.8(7)).
func retentionKind(c dossier.Clock) string {
	switch {
	case c.Rejected() && c.Basis == dossier.Wgs:
		return "rejected-wgs"
	case c.Rejected():
		return "rejected-other"
	}
	return "dossier-" + string(c.Basis)
}

// retentionFacts are what the retention of dossiers is reckoned from.
type retentionFacts struct {
	rules      []RetentionRule
	on         func(time.Time) time.Time // the date of a moment in the municipality
	today      time.Time
	extensions map[uuid.UUID][]RetentionExtension
	holds      map[uuid.UUID][]LegalHold
}

// of puts the clock of a dossier beside the rules: from its first processing (Wgs 1.8(7), BGS 1.16), or for a rejected
// one from the rejection, which is never kept longer than a dossier would be.
func (f retentionFacts) of(c dossier.Clock) Retention {
	rules, on := f.rules, f.on
	r := Retention{DossierID: c.ID, Number: c.Number, Kind: retentionKind(c), FirstProcessedOn: on(c.OpenedAt)}
	rule := ruleOf(rules, r.Kind)
	r.Source, r.Months = rule.Source, *rule.Months
	start := r.FirstProcessedOn
	if rule.StartsAt == "rejection" && c.RejectedAt != nil {
		start = on(*c.RejectedAt)
	}
	r.DueOn = calendar.Months(start, r.Months)
	if last := calendar.Months(r.FirstProcessedOn, *ruleOf(rules, "dossier-"+string(c.Basis)).Maximum); c.Rejected() && last.Before(r.DueOn) {
		r.DueOn = last
	}
	for _, e := range f.extensions[c.ID] {
		r.Extended += e.Months
		r.DueOn = calendar.Months(r.DueOn, e.Months)
	}
	for _, h := range f.holds[c.ID] {
		if h.live(f.today) {
			r.Holds = append(r.Holds, h.Ground)
		}
	}
	r.Due = !f.today.Before(r.DueOn)
	return r
}

// ruleOf is the rule of a kind that the file has; that it has one for every basis is tested.
func ruleOf(rules []RetentionRule, kind string) RetentionRule {
	return rules[slices.IndexFunc(rules, func(r RetentionRule) bool { return r.Kind == kind })]
}

// shortest is the least term of the dossiers that are not rejected.
func shortest(rules []RetentionRule) int {
	least := 60
	for _, r := range rules {
		if r.StartsAt == "first-processing" {
			least = min(least, *r.Months)
		}
	}
	return least
}
