package meeting

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
)

// Suggestion is a dossier that needs attention (agendasuggestie), with the reasons as codes of the list agenda-reasons.
type Suggestion struct {
	DossierID uuid.UUID
	Ref       dossier.Ref
	Reasons   []string
}

// suggested are the dossiers with a reason that are not on the agenda yet, those with most reasons first.
func suggested(reasons map[uuid.UUID][]string, refs map[uuid.UUID]dossier.Ref, agenda []AgendaItem) (all []Suggestion) {
	on := dossiersOn(agenda)
	for id, why := range reasons {
		if len(why) > 0 && !slices.Contains(on, id) {
			all = append(all, Suggestion{DossierID: id, Ref: refs[id], Reasons: why})
		}
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(len(b.Reasons), len(a.Reasons)), cmp.Compare(a.Ref.Number, b.Ref.Number))
	})
	return all
}
