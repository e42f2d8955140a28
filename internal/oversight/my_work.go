package oversight

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// What somebody is in a dossier: a code of list my-dossier-roles.
const (
	asCaseDirector = "case-director"
	asChair        = "chair"
	asParticipant  = "participant"
)

// How much of each a list of work gives.
const (
	mostMine     = 50 // dossiers, and actions
	mostMeetings = 20
	mostChanges  = 20
	changesAsked = 200 // at once, of which some may be out of the reader's sight
	lately       = 30 * 24 * time.Hour
)

// MyWork is what waits for somebody (mijn werk), of what he may read.
type MyWork struct {
	AsOf              time.Time `etag:"-"`
	Today, WeekEndsOn time.Time // dates
	Phases            []PhaseCount
	Dossiers          []MyDossier
	Own, Partners     ActionCount
	Actions           []MyAction
	Unread, Coming    int
	Meetings          []meeting.Meeting
	Changes           []MyChange
	leads             func(uuid.UUID) bool // whether a chair is him or who he stands in for
}

// PhaseCount is how many open dossiers of somebody are in a phase, by what he is in them.
type PhaseCount struct{ Phase, Directs, Chairs, TakesPart, Total int }

// ActionCount is how many actions are open.
type ActionCount struct{ Open, Overdue, Week int }

// MyDossier is an open dossier of somebody, with what he is in it.
type MyDossier struct {
	dossier.Seen
	Roles []string
}

// MyAction is an open action of somebody or his partner.
type MyAction struct {
	plan.Seen
	Own, Week bool
}

// MyChange is something that happened in a dossier of somebody.
type MyChange struct {
	Entry
	Dossier dossier.Ref
}

// sunday is the last day of the week of a date.
func sunday(today time.Time) time.Time {
	return today.AddDate(0, 0, (7-int(today.Weekday()))%7)
}
