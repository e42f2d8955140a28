// Package meeting holds coordination meetings (afstemmingsoverleggen): who leads them, who is
// invited, what is on the agenda, what was deliberated and what was decided.
package meeting

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Status is where a meeting stands.
type Status string

// The statuses of a meeting; it is finalised with its minutes.
const (
	Planned   Status = "planned"
	Held      Status = "held"
	Finalised Status = "finalised"
	Cancelled Status = "cancelled"
)

// Meeting is one meeting. Its agenda and invitations are as the reader sees them.
type Meeting struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	Title          string
	TableID        *uuid.UUID
	ChairID        uuid.UUID // who leads it
	StartsAt       time.Time
	EndsAt         time.Time
	Place          string
	OnlineUrl      string // spelled as in the contract, whose names changed fields have
	Status         Status
	ScheduledBy    uuid.UUID    `etag:"-"`
	SeriesID       *uuid.UUID   `etag:"-"` // what was scheduled together
	ChangedAt      time.Time    `etag:"-"`
	AgendaItems    []AgendaItem `gorm:"-"`
	Invitations    []Invitation `gorm:"-"`
}

// Guarded implements db.Row.
func (m Meeting) Guarded() uuid.UUID { return m.ID }

// Resource is the meeting, to decide on.
func (m Meeting) Resource() authz.Resource { return authz.Resource{ID: m.ID, Leader: m.ChairID} }

// The acts of internal/kernel/authz/acts.csv that meetings know.
const (
	actRead        = "meeting.read"
	actSchedule    = "meeting.schedule"
	actLead        = "meeting.lead"
	actAnswer      = "invitation.answer"
	actDeliberated = "deliberation.read"
	actPropose     = "agenda.propose"
	actSuggested   = "suggestion.read"
)

// operations are those that the meeting's state allows.
func (m Meeting) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getMeeting", Act: actRead}, {ID: "listAgendaItems", Act: actRead}, {ID: "listInvitations", Act: actRead},
		{ID: "listMeetingCancellations", Act: actRead}, {ID: "listMeetingFinalisations", Act: actRead}, {ID: "listAttendances", Act: actRead},
		{ID: "getMinutes", Act: actRead}, {ID: "listAgendaProposals", Act: actRead}, {ID: "listAgendaSuggestions", Act: actSuggested},
	}
	leads := func(ids ...string) {
		for _, id := range ids {
			all = append(all, authz.Operation{ID: id, Act: actLead})
		}
	}
	if m.mustRun() == nil {
		leads("updateMeeting", "recordAttendance")
	}
	if m.mustBePlanned() == nil {
		leads("invite", "addAgendaItem", "cancelMeeting")
		all = append(all, authz.Operation{ID: "proposeAgendaItem", Act: actRead}) // for a dossier that he knows
	}
	if m.Status == Held {
		leads("finaliseMeeting")
	}
	return all
}

// mustBePlanned refuses what prepares a meeting once it is over.
func (m Meeting) mustBePlanned() error {
	if m.Status != Planned {
		return problem.Errorf(problem.Conflict, "The meeting is over or cancelled; schedule another.")
	}
	return nil
}

// mustRun refuses what can no longer be said of a meeting.
func (m Meeting) mustRun() error {
	if m.Status == Finalised || m.Status == Cancelled {
		return problem.Errorf(problem.Conflict, "The meeting is finalised or cancelled and no longer changes.")
	}
	return nil
}

func (m Meeting) mustEndLater() error {
	if !m.EndsAt.After(m.StartsAt) {
		return problem.InvalidField("/endsAt", "order", "The end lies after the start.")
	}
	return nil
}

// follow moves the meeting to another status: a planned one is held or cancelled, a held one finalised.
func (m *Meeting) follow(to Status) error {
	switch {
	case to == Finalised && m.Status == Planned:
		return problem.Errorf(problem.Conflict, "Say first that the meeting is held, then finalise it.")
	case to == Finalised && m.Status != Held, to == Cancelled && m.Status != Planned, to == Held && m.Status != Held && m.Status != Planned:
		return problem.Errorf(problem.Conflict, "Only a planned meeting can be held or cancelled.")
	}
	m.Status = to
	return nil
}

// moment is a time as a row keeps it: UTC, whole microseconds.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// all is a list that is never null.
func all[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// most bounds agenda and invitations, which are shown whole with the meeting.
const most = 200
