package meeting

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// EndingKind is how a meeting ends.
type EndingKind string

// The kinds of ending.
const (
	Cancellation EndingKind = "cancellation" // annulering
	Finalisation EndingKind = "finalisation" // vaststelling
)

// Ending is how a meeting ended, with the reason; never changed afterwards.
type Ending struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	MeetingID      uuid.UUID
	Kind           EndingKind
	Reason         string // of a finalisation: why one of the domains was not there
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// TableName is the table of endings.
func (Ending) TableName() string { return "meeting_step" }

// Guarded implements db.Row: who leads the meeting says how it ends.
func (e Ending) Guarded() uuid.UUID { return e.MeetingID }

// end is how the meeting ends now.
func (m Meeting) end(who identity.Identity, now time.Time, kind EndingKind, reason string) Ending {
	return Ending{
		MunicipalityID: m.MunicipalityID, ID: uuid.Must(uuid.NewV7()), MeetingID: m.ID, Kind: kind, Reason: reason,
		DecidedBy: who.Professional, DecidedAt: now,
	}
}

// mustExplain refuses minutes of a meeting without one of the two domains that do not say why (domain.md 2.12).
func (p Presence) mustExplain(reason string) error {
	if reason == "" && !(p.Social && p.Safety) {
		return problem.Errorf(problem.Conflict, "Record who was there, or in absenceReason why the social or the safety domain was not.")
	}
	return nil
}
