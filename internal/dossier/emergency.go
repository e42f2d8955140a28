package dossier

import (
	"time"

	"github.com/google/uuid"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// The acts of internal/kernel/authz/acts.csv on emergency access.
const (
	actEmergency = "dossier.emergency"
	actEndGlass  = "emergency.end"
	actReview    = "emergency.review"
	actOversee   = "emergency.oversee"
)

// longestHours is for how many hours an emergency access holds at most, and when none are asked.
const longestHours = 24

// reviewDays is within how many working days the municipal director reviews an emergency access.
const reviewDays = 5

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

// reviewDue is the last day of the review, as a date: weekends and the days of art. 3 Algemene
// termijnenwet do not count, nor the day in the zone on which the access was taken.
func reviewDue(taken time.Time, zone *time.Location) time.Time {
	working := cal.NewBusinessCalendar()
	working.AddHoliday(nl.Holidays...)
	return organisation.DateOf(working.WorkdaysFrom(taken.In(zone), reviewDays), zone)
}

// overdue tells whether the review should have been done by the start of a day in the municipality.
func (e EmergencyAccess) overdue(today time.Time) bool {
	return e.ReviewedAt == nil && e.ReviewDue.Before(today)
}

// mustRun refuses to end what has ended.
func (e EmergencyAccess) mustRun(now time.Time) error {
	if !e.Until.After(now) {
		return problem.Errorf(problem.Conflict, "The emergency access has ended.")
	}
	return nil
}

// mayBeReviewed refuses a second review, and one by who took the access.
func (e EmergencyAccess) mayBeReviewed(who identity.Identity, now time.Time) error {
	if e.ReviewedAt != nil {
		return problem.Errorf(problem.Conflict, "The emergency access was reviewed before.")
	}
	if who.Is(e.ProfessionalID, now) {
		return problem.Errorf(problem.Conflict, "You took this emergency access yourself, or stand in for who did; another municipal director reviews it.")
	}
	return nil
}

// resource is the access, to decide on for who took it or oversees it, whether or not he is in the dossier.
func (e EmergencyAccess) resource() authz.Resource {
	return authz.Resource{ID: e.DossierID, Self: e.ProfessionalID}
}

// operations are those that the state of the access allows to somebody.
func (e EmergencyAccess) operations(who identity.Identity, now time.Time) []authz.Operation {
	var all []authz.Operation
	if e.mustRun(now) == nil {
		all = append(all, authz.Operation{ID: "endEmergencyAccess", Act: actEndGlass})
	}
	if e.mayBeReviewed(who, now) == nil {
		all = append(all, authz.Operation{ID: "reviewEmergencyAccess", Act: actReview})
	}
	return all
}

// way is the access as an admission into a dossier of this type and basis.
func (e EmergencyAccess) way(kind Type, basis Basis) Admission {
	d := Dossier{MunicipalityID: e.MunicipalityID, ID: e.DossierID, Type: kind, Basis: basis}
	return admissionsOf(d, ways{emergencies: []EmergencyAccess{e}}, uuid.Nil)[1]
}

func (e EmergencyAccess) place() page.Cursor { return page.At(e.Since, e.ID) }

// SeenEmergency is an emergency access as the caller sees it.
type SeenEmergency struct {
	EmergencyAccess
	Overdue bool     // its review is not done and should be
	Allowed []string // operations; nil in lists
}

func (e SeenEmergency) place() page.Cursor { return e.EmergencyAccess.place() }
