package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on data breaches of internal/kernel/authz/acts.csv.
const (
	actReadBreach = "data-breach.read"
	actKeepBreach = "data-breach.keep"
)

// The states of a data breach.
const (
	breachOpen   = "open"
	breachClosed = "closed"
)

// reportWithin is the term in which a breach is reported to the supervisory authority (AVG 33(1)).
const reportWithin = 72 * time.Hour

// DataBreach is a breach of the security of personal data, and what was done about it (AVG 4(12), 33, 34).
type DataBreach struct {
	MunicipalityID         string    `gorm:"primaryKey" etag:"-"`
	ID                     uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version                int64     `etag:"-"`
	DiscoveredAt           time.Time `etag:"-"`
	Description            string    // empty where a withdrawal opened it and nobody described it yet
	DossierID              *uuid.UUID
	DossierNumber          string
	ItemID                 *uuid.UUID
	DocumentID             *uuid.UUID
	Withdrawn              bool       `etag:"-"` // its supplier took it back as a breach
	RecordedBy             *uuid.UUID `etag:"-"` // nil when a withdrawal opened it: that is its supplier's
	RecordedAt             time.Time  `etag:"-"`
	ChangedAt              time.Time  `etag:"-"`
	State                  string
	ReportedAt             *time.Time
	LateReason             string
	NotReportedReason      string
	PersonsInformedAt      *time.Time
	NotInformedReason      string
	ParticipantsInformedAt *time.Time
	ClosedAt               *time.Time
	ClosedBy               *uuid.UUID
	OverdueToldAt          *time.Time `etag:"-"` // when its keepers were told that the term passed
}

// TableName implements gorm's Tabler.
func (DataBreach) TableName() string { return "data_breach" }

// Guarded implements db.Row.
func (b DataBreach) Guarded() uuid.UUID { return b.ID }

// Resource is the breach, to decide on.
func (b DataBreach) Resource() authz.Resource { return authz.Resource{ID: b.ID} }

func (b DataBreach) place() page.Cursor { return page.At(b.RecordedAt, b.ID) }

// ReportDueAt is until when it is reported: 72 hours after it was discovered (AVG 33(1)).
func (b DataBreach) ReportDueAt() time.Time { return b.DiscoveredAt.Add(reportWithin) }

// Overdue tells whether that moment passed without a report or a reason why there is none.
func (b DataBreach) Overdue(now time.Time) bool {
	return b.ReportedAt == nil && b.NotReportedReason == "" && now.After(b.ReportDueAt())
}

// change is what its keeper makes of it. It fails with problem.Conflict for one that stays closed, and with
// problem.Invalid for a state that AVG 33 and 34 do not allow.
func (b *DataBreach) change(edit func(*DataBreach), by *uuid.UUID, now time.Time) error {
	before := *b
	edit(b)
	if before.State == breachClosed && b.State == breachClosed {
		return problem.Errorf(problem.Conflict, "The data breach is closed; open it again with state `open` to change it.")
	}
	wrong := b.misdated(now)
	wrong = append(wrong, b.unreasoned()...)
	if b.State == breachClosed {
		wrong = append(wrong, b.unfinished()...)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	b.ClosedAt, b.ClosedBy = nil, nil
	if b.State == breachClosed {
		b.ClosedAt, b.ClosedBy = &now, by
	}
	return nil
}

// misdated names the moments that cannot be.
func (b DataBreach) misdated(now time.Time) (wrong problem.Faults) {
	check := func(field string, at *time.Time) {
		switch {
		case at == nil:
		case at.After(now):
			wrong.Note(field, "future", "This is recorded when it has happened.")
		case at.Before(b.DiscoveredAt):
			wrong.Note(field, "order", "This cannot be before the breach was discovered.")
		}
	}
	check("/reportedAt", b.ReportedAt)
	check("/personsInformedAt", b.PersonsInformedAt)
	check("/participantsInformedAt", b.ParticipantsInformedAt)
	return wrong
}

// unreasoned names reasons that are missing, and those of what was not done although it was.
func (b DataBreach) unreasoned() (wrong problem.Faults) {
	late := b.ReportedAt != nil && b.ReportedAt.After(b.ReportDueAt())
	switch {
	case late && b.LateReason == "":
		wrong.Note("/lateReason", "required", "A report later than 72 hours after the discovery has its reasons for the delay (AVG 33(1)).")
	case !late && b.LateReason != "":
		wrong.Note("/lateReason", "unexpected", "Only a report later than 72 hours has reasons for a delay (AVG 33(1)).")
	}
	if b.ReportedAt != nil && b.NotReportedReason != "" {
		wrong.Note("/notReportedReason", "unexpected", "What was reported has no reason why it was not (AVG 33(1)).")
	}
	if b.PersonsInformedAt != nil && b.NotInformedReason != "" {
		wrong.Note("/notInformedReason", "unexpected", "Who was informed has no reason why that was not done (AVG 34(3)).")
	}
	return wrong
}

// unfinished names what has to be there before it is closed.
func (b DataBreach) unfinished() (wrong problem.Faults) {
	if b.Description == "" {
		wrong.Note("/description", "required", "A data breach is described before it is closed (AVG 33(5)).")
	}
	if b.ReportedAt == nil && b.NotReportedReason == "" {
		wrong.Note("/notReportedReason", "required", "Before it is closed a data breach was reported, or has the reason why not (AVG 33(1)).")
	}
	if b.PersonsInformedAt == nil && b.NotInformedReason == "" {
		wrong.Note("/notInformedReason", "required", "Before a data breach is closed the persons were informed, or there is a reason why not (AVG 34(3)).")
	}
	return wrong
}

func breachOperations() []authz.Operation {
	return []authz.Operation{{ID: "getDataBreach", Act: actReadBreach}, {ID: "updateDataBreach", Act: actKeepBreach}}
}
