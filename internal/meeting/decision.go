package meeting

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Deliberation is what was said about a dossier (beraadslaging), from the social and the safety
// perspective (domain.md 2.12); never changed afterwards.
type Deliberation struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID         uuid.UUID
	AgendaItemID      uuid.UUID
	SocialPerspective string
	SafetyPerspective string
	AbsenceReason     string // why one of the two is absent
	Advice            string
	Contributions     []Contribution `gorm:"serializer:json"`
	RecordedBy        uuid.UUID
	RecordedAt        time.Time
}

// Contribution is what a partner brought in.
type Contribution struct {
	PartnerID uuid.UUID `json:"partnerId"`
	Text      string    `json:"text"`
}

// Guarded implements db.Row.
func (d Deliberation) Guarded() uuid.UUID { return d.ID }

// Resource is the deliberation, to read.
func (d Deliberation) Resource() authz.Resource {
	return authz.Resource{ID: d.ID, Dossier: d.DossierID, Category: authz.Deliberation}
}

func (d Deliberation) place() page.Cursor { return page.At(d.RecordedAt, d.ID) }

// mustHearBoth refuses a deliberation from one side without the reason, or from none.
func (d Deliberation) mustHearBoth() error {
	social, safety := strings.TrimSpace(d.SocialPerspective) != "", strings.TrimSpace(d.SafetyPerspective) != ""
	switch {
	case social && safety, (social || safety) && strings.TrimSpace(d.AbsenceReason) != "":
		return nil
	case social || safety:
		return problem.Errorf(problem.Conflict, "Record the social and the safety perspective, or in absenceReason why one is absent.")
	default:
		return problem.Errorf(problem.Conflict, "Record the social or the safety perspective; a deliberation from neither side is none.")
	}
}

// Decision is what was decided about a dossier (besluit), with the actions agreed with it as the
// reader sees them; never changed afterwards, only superseded by a new one (domain.md 4.04).
type Decision struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID       uuid.UUID
	AgendaItemID    uuid.UUID
	Text            string
	Reasons         string
	Dissent         string
	Dissents        []Contribution `gorm:"serializer:json"` // which partners thought otherwise
	Supersedes      *uuid.UUID     // the decision that this one replaces
	SupersededBy    *uuid.UUID     `gorm:"-"`
	ProfessionalIDs []uuid.UUID    `gorm:"column:participants;serializer:json"` // who took part
	DecidedBy       uuid.UUID
	DecidedAt       time.Time
	Actions         []plan.Seen `gorm:"-" etag:"-"`
	ActionTags      []string    `gorm:"-"` // their entity tags
}

// Guarded implements db.Row.
func (d Decision) Guarded() uuid.UUID { return d.ID }

// Resource is the decision, to read.
func (d Decision) Resource() authz.Resource {
	return authz.Resource{ID: d.ID, Dossier: d.DossierID, Category: authz.Deliberation}
}

func (d Decision) place() page.Cursor { return page.At(d.DecidedAt, d.ID) }
