package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// PreconditionAnswer is whether a precondition of a plan is met (randvoorwaarde, domain.md 4.29); the latest one
// counts. The preconditions are the code list `preconditions`.
type PreconditionAnswer struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID
	Precondition   string
	Answer         string // met or not-met
	Note           string
	AnsweredBy     *uuid.UUID // nil for a system
	AnsweredAt     time.Time
	Current        bool `gorm:"-"` // whether no later one replaced it
}

// Guarded implements db.Row.
func (a PreconditionAnswer) Guarded() uuid.UUID { return a.ID }

// Resource is the answer, to decide on.
func (a PreconditionAnswer) Resource() authz.Resource {
	return authz.Resource{ID: a.ID, Dossier: a.DossierID, Category: authz.Plan, Supplier: a.PartnerID}
}

func (a PreconditionAnswer) place() page.Cursor { return page.At(a.AnsweredAt, a.ID) }

// Override is a decision that a plan can start although preconditions are not met (afwijking).
type Override struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID
	Missing        []string `gorm:"serializer:json"` // then
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// TableName implements gorm's Tabler.
func (Override) TableName() string { return "precondition_override" }

// Guarded implements db.Row.
func (o Override) Guarded() uuid.UUID { return o.ID }

// Resource is the override, to decide on.
func (o Override) Resource() authz.Resource {
	return authz.Resource{ID: o.ID, Dossier: o.DossierID, Category: authz.Plan, Supplier: o.PartnerID}
}

func (o Override) place() page.Cursor { return page.At(o.DecidedAt, o.ID) }

// id is that of an override, nil without one.
func (o *Override) id() *uuid.UUID {
	if o == nil {
		return nil
	}
	return &o.ID
}

// covers tells whether the override was made knowing of everything that is missing.
func (o Override) covers(missing []string) bool {
	return !slices.ContainsFunc(missing, func(one string) bool { return !slices.Contains(o.Missing, one) })
}

// missing are the preconditions without a latest answer that they are met.
func missing(preconditions []string, latest map[string]PreconditionAnswer) []string {
	return slices.DeleteFunc(slices.Clone(preconditions), func(one string) bool { return latest[one].Answer == "met" })
}
