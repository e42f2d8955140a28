package dossier

import (
	"time"

	"github.com/google/uuid"
)

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

// Invited is a professional who is invited to a meeting for dossiers on its agenda.
type Invited struct {
	MeetingID      uuid.UUID
	InvitationID   uuid.UUID
	ProfessionalID uuid.UUID
	Leader         uuid.UUID // the chair of the meeting
	Dossiers       []uuid.UUID
	Until          time.Time
}

// Shut is that what a meeting opened ends sooner, for everybody or by one invitation.
type Shut struct {
	MeetingID    uuid.UUID
	InvitationID *uuid.UUID // nil is everybody
	Latest       time.Time  // one in the past is now
	// Next are dossiers that the same transaction opens afterwards: all are held in one order.
	Next []uuid.UUID
}

// Guarded implements db.Row: who leads the meeting or answers the invitation may.
func (s Shut) Guarded() uuid.UUID {
	if s.InvitationID != nil {
		return *s.InvitationID
	}
	return s.MeetingID
}

// actInvite lets who leads a meeting invite to a dossier on its agenda.
const actInvite = "dossier.invite"
