package meeting

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Response is the answer to an invitation.
type Response string

// The answers; pending is none yet.
const (
	Pending   Response = "pending"
	Accepted  Response = "accepted"
	Declined  Response = "declined"
	Tentative Response = "tentative"
)

// Invitation asks a professional to a meeting, or a guest who gets no access (agendadeelnemer).
type Invitation struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-" json:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-" json:"-"`
	MeetingID         uuid.UUID
	ProfessionalID    *uuid.UUID // nil for a guest
	GuestName         string
	GuestOrganisation string
	AgendaItemIDs     []uuid.UUID `gorm:"serializer:json"` // empty: the whole agenda
	Response          Response
	ChangedAt         time.Time `etag:"-" json:"-"`
}

// Guarded implements db.Row.
func (i Invitation) Guarded() uuid.UUID { return i.ID }

// resource is the invitation, to decide on; for a guest the chair answers.
func (i Invitation) resource(m Meeting) authz.Resource {
	r := authz.Resource{ID: i.ID, Leader: m.ChairID, Self: m.ChairID}
	if i.ProfessionalID != nil {
		r.Self = *i.ProfessionalID
	}
	return r
}

// beside cuts an invitation for somebody else than the invited and the chair to the part of the
// agenda that he sees; false when it is for nothing of that, so that he learns of no hidden item.
func (i Invitation) beside(agenda []AgendaItem) (Invitation, bool) {
	if len(i.AgendaItemIDs) == 0 {
		return i, true
	}
	i.AgendaItemIDs = slices.DeleteFunc(slices.Clone(i.AgendaItemIDs), func(id uuid.UUID) bool { return !onAgenda(agenda, id) })
	return i, len(i.AgendaItemIDs) > 0
}
