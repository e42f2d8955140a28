package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Exception is a decision of the municipal director that in one dossier another level counts for a
// partner on a category than the matrix says (uitzondering op de matrix).
type Exception struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	PartnerID        uuid.UUID
	Category         authz.Category
	Level            authz.Level
	Reason           string
	Since            time.Time
	Until            *time.Time // nil is until it is revoked
	DecidedBy        *uuid.UUID
	RevokedAt        *time.Time
	RevokedBy        *uuid.UUID
	RevocationReason string
	ChangedAt        time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Exception) TableName() string { return "matrix_exception" }

// Guarded implements db.Row.
func (e Exception) Guarded() uuid.UUID { return e.DossierID }

func (e Exception) end() *time.Time { return earliest(e.Until, e.RevokedAt) }

func (e Exception) runs(at time.Time) bool { return runs(e.Since, e.end(), at) }

// Grant lets a professional into a dossier until a moment, with categories beside his partner's cells
// (tijdelijke toegang); the ceilings stay.
type Grant struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	PartnerID        uuid.UUID
	ProfessionalID   uuid.UUID
	Categories       []authz.Category `gorm:"serializer:json"`
	Level            authz.Level
	Reason           string
	Since            time.Time
	Until            time.Time
	GrantedBy        *uuid.UUID
	RevokedAt        *time.Time
	RevokedBy        *uuid.UUID
	RevocationReason string
	ChangedAt        time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Grant) TableName() string { return "access_grant" }

// Guarded implements db.Row.
func (g Grant) Guarded() uuid.UUID { return g.DossierID }

func (g Grant) end() *time.Time { return earliest(&g.Until, g.RevokedAt) }

// MeetingAccess lets somebody who is invited for a dossier on an agenda into it for a while
// (toegang voor het overleg).
type MeetingAccess struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	MeetingID      uuid.UUID
	InvitationID   uuid.UUID
	PartnerID      uuid.UUID
	ProfessionalID uuid.UUID
	Since          time.Time
	Until          time.Time
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (m MeetingAccess) Guarded() uuid.UUID { return m.DossierID }

// EmergencyAccess is that a professional let himself into a dossier because it could not wait
// (noodtoegang), for at most a day; it is reviewed afterwards.
type EmergencyAccess struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	DossierNumber  string // as it was known to who took it
	PartnerID      uuid.UUID
	ProfessionalID uuid.UUID
	Purpose        string
	Since          time.Time
	Until          time.Time
	ReviewDue      time.Time // a date
	ReviewedBy     *uuid.UUID
	ReviewedAt     *time.Time
	Outcome        string // justified, not-justified, or empty until it is reviewed
	Findings       string
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (e EmergencyAccess) Guarded() uuid.UUID { return e.DossierID }

func earliest(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// runs tells whether a moment lies in a period; nil is without end.
func runs(since time.Time, until *time.Time, at time.Time) bool {
	return !since.After(at) && (until == nil || until.After(at))
}
