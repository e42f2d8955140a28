package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts of internal/kernel/authz/acts.csv on access requests.
const (
	actRequest = "access.request"
	actAnswer  = "access.answer"
)

// AccessRequest asks the municipal director, and a partner that may have supplied something, for access to
// a category in a dossier (verzoek om toegang). Its answer changes no right, and tells who asked nothing.
type AccessRequest struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	PartnerID      uuid.UUID
	ProfessionalID uuid.UUID // who asks
	Category       authz.Category
	SupplierID     *uuid.UUID // who is asked beside the municipal director
	Purpose        string
	RequestedAt    time.Time
	AnsweredAt     *time.Time
	AnsweredBy     *uuid.UUID // nil when a system of the supplier answered
	Outcome        string     // granted, refused, or empty until it is answered
	Note           string
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (r AccessRequest) Guarded() uuid.UUID { return r.ID }

// resource is the request, to decide on.
func (r AccessRequest) resource() authz.Resource {
	of := authz.Resource{ID: r.ID, Dossier: r.DossierID, Category: r.Category}
	if r.SupplierID != nil {
		of.Supplier = *r.SupplierID
	}
	return of
}

// asks tells whether somebody is asked, and so knows what was answered: a system of the partner only about
// the categories to which it is limited. Nobody is asked what he asks himself.
func (r AccessRequest) asks(who identity.Identity, now time.Time) bool {
	if who.Is(r.ProfessionalID, now) {
		return false
	}
	return who.Has(identity.MunicipalDirector) || r.SupplierID != nil && *r.SupplierID == who.Partner && who.Sight.Limit&r.Category.Bit() != 0
}

// concerns tells whether somebody may know of the request: who made it, and who is asked.
func (r AccessRequest) concerns(who identity.Identity, now time.Time) bool {
	return who.Is(r.ProfessionalID, now) || r.asks(who, now)
}

// seenBy is the request as somebody sees it: who made it learns that it is handled, and nothing of the
// answer.
func (r AccessRequest) seenBy(who identity.Identity, now time.Time) AccessRequest {
	if !r.asks(who, now) {
		r.Outcome, r.Note, r.AnsweredBy = "", "", nil
	}
	return r
}

// Status is open until the request is answered, then handled.
func (r AccessRequest) Status() string {
	if r.AnsweredAt == nil {
		return "open"
	}
	return "handled"
}

// mustBeOpen refuses a second answer.
func (r AccessRequest) mustBeOpen() error {
	if r.AnsweredAt != nil {
		return problem.Errorf(problem.Conflict, "The request is handled already.")
	}
	return nil
}

// mayBeAnswered refuses who asks himself.
func (r AccessRequest) mayBeAnswered(who identity.Identity, now time.Time) error {
	if who.Is(r.ProfessionalID, now) {
		return problem.Errorf(problem.Forbidden, "You made this request yourself, or stand in for who did; another answers it.")
	}
	return nil
}

func (r AccessRequest) place() page.Cursor { return page.At(r.RequestedAt, r.ID) }

// SeenRequest is an access request as the caller sees it.
type SeenRequest struct {
	AccessRequest
	Allowed []string // operations; nil in lists
}
