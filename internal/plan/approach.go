package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Approach is what was chosen to do in a dossier (gekozen aanpak, domain.md 4.05), with the decision that it
// rests on; the latest one is the current one.
type Approach struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID
	Description    string
	Alternatives   []Alternative `gorm:"serializer:json"`
	DecisionID     uuid.UUID
	PlanID         *uuid.UUID
	ChosenBy       uuid.UUID
	ChosenAt       time.Time
	Current        bool `gorm:"-"`
}

// Alternative is an approach that was considered and not chosen.
type Alternative struct {
	Description   string `json:"description"`
	ReasonAgainst string `json:"reasonAgainst"`
}

// Guarded implements db.Row.
func (a Approach) Guarded() uuid.UUID { return a.ID }

// Resource is the approach, to decide on.
func (a Approach) Resource() authz.Resource {
	return authz.Resource{ID: a.ID, Dossier: a.DossierID, Category: authz.Plan, Supplier: a.PartnerID}
}

func (a Approach) place() page.Cursor { return page.At(a.ChosenAt, a.ID) }
