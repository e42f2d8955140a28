package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts of internal/kernel/authz/acts.csv on information requests.
const (
	actAsk         = "information.ask"
	actReadRequest = "information.read"
	actSupply      = "information.answer"
)

// InformationRequest asks a partner that takes part for information of a category, before a day
// (informatieverzoek). Who leads the dossier and who is asked know of it.
type InformationRequest struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID // who is asked
	Category       authz.Category
	Question       string
	DueDate        time.Time // a date
	AskedBy        uuid.UUID
	AskedAt        time.Time
	ChangedAt      time.Time `etag:"-"`
	Outcome        string    // supplied, refused, or empty until it is answered
}

// Guarded implements db.Row.
func (r InformationRequest) Guarded() uuid.UUID { return r.ID }

func (r InformationRequest) place() page.Cursor { return page.At(r.AskedAt, r.ID) }

func (r InformationRequest) resource() authz.Resource {
	return authz.Resource{ID: r.ID, Dossier: r.DossierID, Category: r.Category, Asked: r.PartnerID}
}

// Status is open until it is answered.
func (r InformationRequest) Status() string {
	if r.Outcome == "" {
		return "open"
	}
	return r.Outcome
}

// Overdue tells whether it is open after its last day.
func (r InformationRequest) Overdue(today time.Time) bool {
	return r.Outcome == "" && r.DueDate.Before(today)
}

// InformationAnswer is what the partner answered: the items that it supplied, or the weighty reasons for which it does
// not (Wgs 1.5, 2.29(3)).
type InformationAnswer struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID         uuid.UUID
	RequestID         uuid.UUID
	Outcome           string
	ItemIDs           []uuid.UUID `gorm:"serializer:json"`
	Reason            string
	AnsweredBy        *uuid.UUID // nil for a system of the partner
	AnsweredPartnerID uuid.UUID
	AnsweredAt        time.Time
}

// Guarded implements db.Row: it is written under the decision on its request.
func (a InformationAnswer) Guarded() uuid.UUID { return a.RequestID }

func (a InformationAnswer) place() page.Cursor { return page.At(a.AnsweredAt, a.ID) }

// check asks for items or a reason, and not for both.
func (a InformationAnswer) check() error {
	var wrong problem.Faults
	switch {
	case len(a.ItemIDs) == 0 && a.Reason == "":
		wrong.Note("", "one-of", "Name the items that answer the request, or the weighty reasons for refusing it.")
	case len(a.ItemIDs) > 0 && a.Reason != "":
		wrong.Note("/reason", "one-of", "A reason belongs to a refusal; leave it out, or the items.")
	}
	return wrong.Err()
}

// SeenInformationRequest is one as the caller sees it.
type SeenInformationRequest struct {
	InformationRequest
	Late    bool
	Allowed []string // operations; nil in lists
}
