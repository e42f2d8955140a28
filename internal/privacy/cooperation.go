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

// The acts on cooperations of internal/kernel/authz/acts.csv; everybody of the municipality reads them.
const (
	actManageCooperation = "cooperation.manage"
	actReadMunicipality  = "municipality.read"
)

// Where a cooperation stands.
const (
	coopDraft  = "draft"
	coopActive = "active"
	coopEnded  = "ended"
)

// Cooperation is a cooperation in which the municipality takes part (samenwerkingsverband), with the arrangement of its joint
// controllers (AVG 26, Wgs 1.4) and the contact point for who asks something about his data (BGS 1.1).
type Cooperation struct {
	MunicipalityID       string    `gorm:"primaryKey" etag:"-"`
	ID                   uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version              int64
	Name                 string        `etag:"-"`
	Basis                dossier.Basis `etag:"-"`
	PartnerIDs           []uuid.UUID   `gorm:"serializer:json" etag:"-"`
	ArrangementReference string        `etag:"-"` // where it is on file; empty with ArrangedOn nil
	ArrangedOn           *time.Time    `etag:"-"` // a date
	ContactName          string        `etag:"-"`
	ContactEmail         string        `etag:"-"`
	ContactPhone         string        `etag:"-"`
	Status               string        `etag:"-"`
	StatusReason         string        `etag:"-"`
	ActivatedAt          *time.Time    `etag:"-"`
	EndedAt              *time.Time    `etag:"-"`
	RegisteredAt         time.Time     `etag:"-"`
	ChangedAt            time.Time     `etag:"-"`
}

// Guarded implements db.Row.
func (c Cooperation) Guarded() uuid.UUID { return c.ID }

// Resource is the cooperation, to decide on.
func (c Cooperation) Resource() authz.Resource { return authz.Resource{ID: c.ID} }

func (c Cooperation) place() page.Cursor { return page.At(c.RegisteredAt, c.ID) }

// unfit names what cannot be so: a partner that there is not, an arrangement that is still to come, and a law that is not in force.
func (c Cooperation) unfit(partners []uuid.UUID, today time.Time) (wrong problem.Faults) {
	for _, id := range c.PartnerIDs {
		if !slices.Contains(partners, id) {
			wrong.Note("/partnerIds", "reference", "There is no such partner; see GET /v1/partners.")
			break
		}
	}
	if c.ArrangedOn != nil && c.ArrangedOn.After(today) {
		wrong.Note("/arrangement/agreedOn", "future", "An arrangement is on file once it is agreed (AVG 26).")
	}
	if c.Basis == dossier.Wams {
		wrong.Note("/basis", "reference", "The Wams is not in force; choose another legal basis.")
	}
	return wrong
}

// complete refuses a cooperation that works without what the law asks of it.
func (c Cooperation) complete() error {
	switch {
	case c.ArrangedOn == nil:
		return problem.Errorf(problem.Conflict, "A cooperation is active with the arrangement of its joint controllers on file (AVG 26, Wgs 1.4); record it first.")
	case c.Basis == dossier.Wgs && c.ContactEmail == "":
		return problem.Errorf(problem.Conflict, "A cooperation under the Wgs is active with a contact point for persons who appeal to their rights (BGS 1.1); name it first.")
	}
	return nil
}

// mustRun refuses what cannot be done with a cooperation that has ended.
func (c Cooperation) mustRun() error {
	if c.Status == coopEnded {
		return problem.Errorf(problem.Conflict, "The cooperation has ended; register a new one.")
	}
	return nil
}

// activate makes it active.
func (c *Cooperation) activate(reason string, now time.Time) error {
	if c.Status == coopActive {
		return problem.Errorf(problem.Conflict, "The cooperation is active already.")
	}
	c.Status, c.StatusReason, c.ActivatedAt = coopActive, reason, &now
	return c.complete()
}

// end makes it one of the past.
func (c *Cooperation) end(reason string, now time.Time) {
	c.Status, c.StatusReason, c.EndedAt = coopEnded, reason, &now
}

// operations are those that its state allows.
func (c Cooperation) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getCooperation", Act: actReadMunicipality}}
	if c.Status == coopDraft {
		all = append(all, authz.Operation{ID: "activateCooperation", Act: actManageCooperation})
	}
	if c.Status != coopEnded {
		all = append(all, authz.Operation{ID: "updateCooperation", Act: actManageCooperation}, authz.Operation{ID: "endCooperation", Act: actManageCooperation})
	}
	return all
}
