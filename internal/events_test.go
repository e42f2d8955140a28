package internal_test

import (
	"encoding/csv"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// outsideDossiers are events of the municipality: they are in no feed, and so in no catalogue.
var outsideDossiers = []string{
	"data-breach.changed", "data-breach.opened", "data-breach.recorded", "impact-assessment.changed", "impact-assessment.recorded",
	"alert.acknowledged", "alert.preferred", "assertion.changed", "assertion.checked", "assertion.made", "assertion.withdrawn", "calendar.feed-made",
	"calendar.feed-revoked", "client.changed", "client.registered", "delivery.retried", "invitation.answered", "matrix.draft-begun",
	"matrix.draft-changed", "matrix.draft-discarded", "matrix.published", "meeting.attendance-removed", "meeting.attended", "meeting.cancelled",
	"meeting.changed", "meeting.finalised", "meeting.scheduled", "municipality.loaded", "partner.changed", "partner.registered", "preview.used",
	"professional.changed", "professional.registered", "regie-defaults.changed", "settings.changed", "substitution.arranged", "substitution.changed",
	"table.changed", "table.set-up", "webhook.changed", "webhook.renewed", "webhook.replayed", "webhook.stopped", "webhook.subscribed",
	"webhook.tested", "webhook.verified",
}

var (
	dotted = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)
	// past is how the name of an event ends; an act ("action.complete") does not.
	past = regexp.MustCompile(`(ed|made|lost|begun|broken|taken|chosen|withdrawn|overridden|acute|set-up)$`)
)

// TestTheCatalogueOfEventsIsThatOfTheCode holds the list of kinds of event against the names that are recorded, both ways.
func TestTheCatalogueOfEventsIsThatOfTheCode(t *testing.T) {
	named := map[string]bool{} // names of events in the code
	for _, s := range sources(t) {
		if s.test() || !strings.HasPrefix(s.path, "internal/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if name := strings.Trim(l.Value, "\"`"); dotted.MatchString(name) {
					named[name] = true
				}
			}
			return true
		})
	}
	f, err := os.Open("configuration/data/event_kinds.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	listed, column := map[string]bool{}, slices.Index(rows[0], "subject_type")
	for _, row := range rows[1:] {
		listed[row[0]] = true
		if row[column] == "" {
			t.Errorf("%s: the catalogue does not say what it is about", row[0])
		}
	}
	kinds := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		kind := strings.ReplaceAll(name, ".", "-")
		kinds[kind] = true
		if past.MatchString(name) && !listed[kind] && !slices.Contains(outsideDossiers, name) {
			t.Errorf("%s is recorded and not in the catalogue", name)
		}
	}
	for kind := range listed {
		if !kinds[kind] {
			t.Errorf("%s is in the catalogue and recorded nowhere", kind)
		}
	}
	for _, name := range outsideDossiers {
		if kind := strings.ReplaceAll(name, ".", "-"); !named[name] || listed[kind] {
			t.Errorf("%s is not an event outside dossiers any more", name)
		}
	}
}
