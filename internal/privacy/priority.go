package privacy

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on the prioritised list of internal/kernel/authz/acts.csv: who is in the dossier reads that it is on it.
const (
	actPrioritise  = "priority.set"
	actReadDossier = "dossier.read"
)

// criteriaList is the public list of criteria (BGS 2.22).
const criteriaList = "priority-criteria"

// PriorityEntry is that a dossier is on the prioritised list (geprioriteerde lijst; Wgs 2.32). It says nothing but for which public
// criteria; when it is not needed any more it is deleted.
type PriorityEntry struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64
	DossierID      uuid.UUID `etag:"-"`
	Criteria       []string  `gorm:"serializer:json" etag:"-"` // of list priority-criteria, at least one
	ReviewOn       time.Time `etag:"-"`                        // a date
	AddedBy        uuid.UUID `etag:"-"`
	AddedAt        time.Time `etag:"-"`
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row: who directs the dossier decides.
func (e PriorityEntry) Guarded() uuid.UUID { return e.DossierID }

func (e PriorityEntry) place() page.Cursor { return page.At(e.AddedAt, e.ID) }

// unfit names what keeps an entry off the list: no criterion or one that is not public (BGS 2.22), and a day that is over.
func (e PriorityEntry) unfit(known func(string) bool, today time.Time) (wrong problem.Faults) {
	unknown := func(code string) bool { return !known(code) }
	if len(e.Criteria) == 0 || slices.ContainsFunc(e.Criteria, unknown) {
		wrong.Note("/criteria", "reference", "A dossier is on the prioritised list for public criteria only (Wgs 2.32, BGS 2.22); see GET /v1/code-lists/priority-criteria.")
	}
	if e.ReviewOn.Before(today) {
		wrong.Note("/reviewOn", "past", "Choose a day that is still to come, on which is looked whether the entry is needed.")
	}
	return wrong
}

// mayList refuses a dossier for which there is no prioritised list.
func mayList(d dossier.Dossier) error {
	if d.Basis != dossier.Wgs {
		return problem.Errorf(problem.Conflict, "Only a dossier under the Wgs comes on the prioritised list (Wgs 2.32).")
	}
	return nil
}

// operations are those that there are on an entry.
func (e PriorityEntry) operations() []authz.Operation {
	return []authz.Operation{{ID: "getPriorityEntry", Act: actReadDossier}, {ID: "removePriorityEntry", Act: actPrioritise}}
}
