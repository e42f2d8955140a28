package meeting

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Attendance is that somebody was at a meeting (aanwezigheid): the chair, or somebody by an invitation.
type Attendance struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-" json:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	MeetingID      uuid.UUID
	InvitationID   *uuid.UUID // nil for a chair who was not invited
	ProfessionalID *uuid.UUID // nil for a guest
	PartnerID      *uuid.UUID // nil for a guest
	Domain         string     // of the partner on that day; empty for a guest
	RecordedBy     uuid.UUID  `etag:"-" json:"-"`
	RecordedAt     time.Time
	Guest          *Guest `gorm:"-"`
}

// Guarded implements db.Row.
func (a Attendance) Guarded() uuid.UUID { return a.ID }

// resource is the attendance, to decide on.
func (a Attendance) resource(m Meeting) authz.Resource {
	return authz.Resource{ID: a.ID, Leader: m.ChairID}
}

// Presence is which domains were at a meeting (vertegenwoordiging).
type Presence struct{ Social, Safety bool }

// presenceOf counts the domains of who was there; a partner of both counts for both.
func presenceOf(attendances []Attendance) (p Presence) {
	for _, a := range attendances {
		p.Social = p.Social || a.Domain == "social" || a.Domain == "both"
		p.Safety = p.Safety || a.Domain == "safety" || a.Domain == "both"
	}
	return p
}

// invited finds by which invitation somebody came: nil for a chair who was not invited. The meeting has the
// invitations that its chair sees.
func (m Meeting) invited(n NewAttendance) (*Invitation, error) {
	at := slices.IndexFunc(m.Invitations, func(i Invitation) bool {
		return n.InvitationID != nil && i.ID == *n.InvitationID ||
			n.ProfessionalID != nil && i.ProfessionalID != nil && *i.ProfessionalID == *n.ProfessionalID
	})
	switch {
	case (n.ProfessionalID == nil) == (n.InvitationID == nil):
		return nil, problem.InvalidField("/professionalId", "one-of", "Name either a professional or an invitation.")
	case at >= 0:
		return &m.Invitations[at], nil
	case n.InvitationID != nil:
		return nil, problem.InvalidField("/invitationId", "reference", "There is no such invitation to this meeting.")
	case *n.ProfessionalID != m.ChairID:
		return nil, problem.InvalidField("/professionalId", "reference", "This professional is not invited; invite him to the meeting first.")
	}
	return nil, nil
}
