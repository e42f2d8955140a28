// Package oversight looks across the areas: the actual situation of a dossier, cut to what the
// reader may see.
package oversight

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Report is the situation report of a dossier at a moment (situatierapport, sitrap). Nothing in it
// is stored: it is what the reader would find if he read everything now.
type Report struct {
	AsOf      time.Time
	Dossier   dossier.Seen  // as it is now
	State     dossier.State // at the moment of the report
	Figures   plan.Figures
	Actions   []plan.Seen              // open ones first, by term
	Scores    []dossier.SeenAssessment // the last per member and life domain
	Decisions []meeting.Decision
	Changes   []Change // the last first
}

// Change is one thing that happened, by the names of what changed.
type Change struct {
	At      time.Time
	Kind    string // a code of list event-kinds
	Subject string
	ID      uuid.UUID
}

const lastChanges = 20

// changesOf puts what the reader may see in the order of time, the last first.
func changesOf(items []dossier.SeenItem, actions []plan.Seen, decisions []meeting.Decision) []Change {
	var all []Change
	for _, i := range items {
		all = append(all, Change{At: i.AddedAt, Kind: "item-added", Subject: "item", ID: i.ID})
	}
	for _, a := range actions {
		all = append(all, Change{At: a.CreatedAt, Kind: "action-created", Subject: "action", ID: a.ID})
		if a.Completion != nil {
			all = append(all, Change{At: a.Completion.CompletedAt, Kind: "action-completed", Subject: "action", ID: a.ID})
		}
	}
	for _, d := range decisions {
		all = append(all, Change{At: d.DecidedAt, Kind: "decision-taken", Subject: "decision", ID: d.ID})
	}
	slices.SortStableFunc(all, func(a, b Change) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
	return all[:min(len(all), lastChanges)]
}
