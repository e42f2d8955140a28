package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// actKeepInforming is the act of who records that a subject was informed, of internal/kernel/authz/acts.csv.
const actKeepInforming = "information-duty.keep"

// postponementsList is the list of grounds on which informing waits (AVG 14(5), UAVG 41).
const postponementsList = "informing-postponements"

// The outcomes of an information record.
const (
	subjectInformed   = "informed"
	subjectPostponed  = "postponed"
	monthsToInform    = 1 // AVG 14(3)(a)
	mostInformRecords = 50
)

// InformationDuty is whom a dossier is about, with the record that counts on informing him (informatieplicht; AVG 13, 14, BGS 1.3).
// Its id is that of the subject.
type InformationDuty struct {
	ID        uuid.UUID
	DossierID uuid.UUID
	PersonID  uuid.UUID
	Category  authz.Category `etag:"-"`
	AddedAt   time.Time      `etag:"-"`
	LastID    *uuid.UUID     // the record that counts; nil without one
	Outcome   string
	ReviewOn  *time.Time // a date
}

func (d InformationDuty) place() page.Cursor { return page.At(d.AddedAt, d.ID) }

// InformBy is the date until which he is informed: a calendar month after he came into the dossier (AVG 14(3)(a)), or the day on which
// a postponement is looked at again; nil when he was.
func (d InformationDuty) InformBy(zone *time.Location) *time.Time {
	switch d.Outcome {
	case subjectInformed:
		return nil
	case subjectPostponed:
		return d.ReviewOn
	}
	day := calendar.Months(organisation.DateOf(d.AddedAt, zone), monthsToInform)
	return &day
}

// Due tells whether nothing is recorded, or the review date has passed.
func (d InformationDuty) Due(today time.Time) bool {
	return d.LastID == nil || d.ReviewOn != nil && d.ReviewOn.Before(today)
}

// InformingRecord is that a subject was informed, or that it was postponed. It never changes; a later one counts instead.
type InformingRecord struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	SubjectID      uuid.UUID
	DossierID      uuid.UUID
	Outcome        string
	InformedOn     *time.Time // a date, as ReviewOn
	Manner         string     // of list informing-manners
	InformedBy     *uuid.UUID // a partner
	Postponement   string     // of list informing-postponements
	ReviewOn       *time.Time
	RecordedBy     uuid.UUID
	RecordedAt     time.Time
}

// TableName implements gorm's Tabler.
func (InformingRecord) TableName() string { return "information_record" }

// Guarded implements db.Row: who directs the dossier decides.
func (r InformingRecord) Guarded() uuid.UUID { return r.DossierID }

// unfit names what is wrong with a record on the day on which it is made.
func (r InformingRecord) unfit(known func(string) bool, today time.Time) (wrong problem.Faults) {
	if r.Outcome == subjectInformed {
		return r.unfitInformed(today)
	}
	if r.Postponement == "" || !known(r.Postponement) {
		wrong.Note("/postponement", "reference", "Informing waits on a ground of the law only (AVG 14(5), UAVG 41); see GET /v1/code-lists/informing-postponements.")
	}
	if r.ReviewOn == nil || r.ReviewOn.Before(today) {
		wrong.Note("/reviewOn", "past", "A postponement has a day, today or later, on which it is looked at again (BGS 1.3).")
	}
	unexpected := func(field string) {
		wrong.Note(field, "unexpected", "What is postponed has not been done; leave this out.")
	}
	if r.InformedOn != nil {
		unexpected("/informedOn")
	}
	if r.Manner != "" {
		unexpected("/manner")
	}
	if r.InformedBy != nil {
		unexpected("/informedByPartnerId")
	}
	return wrong
}

func (r InformingRecord) unfitInformed(today time.Time) (wrong problem.Faults) {
	switch {
	case r.InformedOn == nil:
		wrong.Note("/informedOn", "required", "Say on which day the person was informed (AVG 13, 14).")
	case r.InformedOn.After(today):
		wrong.Note("/informedOn", "future", "This is recorded when it has happened.")
	}
	if r.Manner == "" {
		wrong.Note("/manner", "required", "Say how the person was informed (AVG 12(1)).")
	}
	if r.Postponement != "" {
		wrong.Note("/postponement", "unexpected", "Who was informed does not wait; leave this out.")
	}
	if r.ReviewOn != nil {
		wrong.Note("/reviewOn", "unexpected", "Who was informed does not wait; leave this out.")
	}
	return wrong
}

func (InformationDuty) operations() []authz.Operation {
	return []authz.Operation{{ID: "getInformationDuty", Act: actReadDossier}, {ID: "recordInforming", Act: actKeepInforming}}
}
