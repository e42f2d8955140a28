package alert

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

func TestRecipients(t *testing.T) {
	director, chair, first, second, municipal := id(), id(), id(), id(), id()
	both := dossier.Dossier{CaseDirectorID: &director, ChairID: &chair}
	standIns := map[uuid.UUID][]uuid.UUID{director: {first}, chair: {first, second}}
	for name, c := range map[string]struct {
		dossier  dossier.Dossier
		standIns map[uuid.UUID][]uuid.UUID
		actor    *uuid.UUID
		event    string
		told     []uuid.UUID
	}{
		"case director and chair":                  {dossier: both, told: []uuid.UUID{director, chair}},
		"substitutes too, each once":               {dossier: both, standIns: standIns, told: []uuid.UUID{director, first, chair, second}},
		"not the case director who acted":          {dossier: both, actor: &director, told: []uuid.UUID{chair}},
		"not the chair who acted":                  {dossier: both, actor: &chair, told: []uuid.UUID{director}},
		"not the substitute who acted":             {dossier: both, standIns: standIns, actor: &first, told: []uuid.UUID{director, chair, second}},
		"everybody when a system acted":            {dossier: both, actor: nil, told: []uuid.UUID{director, chair}},
		"everybody when an outsider acted":         {dossier: both, actor: new(id()), told: []uuid.UUID{director, chair}},
		"once who is both":                         {dossier: dossier.Dossier{CaseDirectorID: &chair, ChairID: &chair}, told: []uuid.UUID{chair}},
		"the chair alone without a case director":  {dossier: dossier.Dossier{ChairID: &chair}, standIns: standIns, told: []uuid.UUID{chair, first, second}},
		"nobody while nobody directs the dossier":  {standIns: standIns},
		"the municipal directors of an emergency":  {dossier: both, event: "emergency.opened", told: []uuid.UUID{director, chair, municipal}},
		"them alone of a broken assertion":         {dossier: both, standIns: standIns, event: "assertion.broken", told: []uuid.UUID{municipal}},
		"them of a request, unless they made it":   {dossier: both, event: "access-request.made", actor: &municipal, told: []uuid.UUID{director, chair}},
		"nobody when who directs alone is who did": {dossier: dossier.Dossier{ChairID: &chair}, actor: &chair},
	} {
		t.Run(name, func(t *testing.T) {
			in := id()
			all := circle{dossiers: map[uuid.UUID]dossier.Dossier{in: c.dossier}, standIns: c.standIns, directors: []uuid.UUID{municipal}}
			require.Equal(t, c.told, all.recipients(delivery.Event{Name: c.event, DossierID: &in, ActorID: c.actor}))
		})
	}
}

// apart are kinds of record of which no event in a dossier is told: events of the municipality, of a meeting as such, what
// an event carries along with its subject, from whom something is withheld, which its supplier alone may know, and a way into a
// dossier that ended, of which its holder alone is told.
var apart = []string{
	"access", "action-step", "agenda-item", "alert-preferences", "attendance", "calendar-feed", "commitment", "completion", "cooperation",
	"destruction-certificate", "goal-result", "impact-assessment", "inbox", "invitation", "legal-hold", "matrix-draft", "matrix-version", "person",
	"privacy-assertion-check", "privacy-audit", "regie-defaults", "release", "retention-rule", "retention-run", "withholding",
}

// TestEverySubject reads which kinds of record the areas tell of, and asks that it is known what a reader must prove to
// learn of each: a new kind is silently "dossier changed" otherwise.
func TestEverySubject(t *testing.T) {
	named := regexp.MustCompile(`Subject\{Type: "([a-z-]+)"|subject: "([a-z-]+)"`)
	told := map[string]bool{}
	require.NoError(t, filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range named.FindAllStringSubmatch(string(text), -1) {
			told[found[1]+found[2]] = true
		}
		return err
	}))
	require.Greater(t, len(told), 20, "the areas name their subjects otherwise now")
	for subject := range told {
		require.NotEqual(t, slices.Contains(apart, subject), proofFor(subject) != none, "%s: give it a proof in proofFor, or say why it stays apart", subject)
	}
	for _, subject := range apart {
		require.True(t, told[subject], "nothing tells of %s any more", subject)
	}
}
