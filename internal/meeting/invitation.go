package meeting

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
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

// opens tells whether the invitation lets somebody into the dossiers of the agenda items that it names. One
// for the whole agenda opens nothing, and a guest has no account.
func (i Invitation) opens() bool {
	return i.ProfessionalID != nil && len(i.AgendaItemIDs) > 0 && i.Response != Declined
}

// named are the items of an agenda for which somebody is invited by name.
func (i Invitation) named(agenda []AgendaItem) (items []AgendaItem) {
	for _, item := range agenda {
		if slices.Contains(i.AgendaItemIDs, item.ID) {
			items = append(items, item)
		}
	}
	return items
}

// becomes refuses to take back that one declined: that shut the dossiers, and it is not for who is invited
// to open them again.
func (i Invitation) becomes(r Response) error {
	if i.Response == Declined && r != Declined && i.ProfessionalID != nil && len(i.AgendaItemIDs) > 0 {
		return problem.Errorf(problem.Conflict, "You declined; ask who leads the meeting to invite you again.")
	}
	return nil
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
