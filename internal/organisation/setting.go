package organisation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// These count until a municipality sets another number.
const (
	defaultMeetingAccessDays = 7
	defaultReminderDays      = 3
	defaultMailWindow        = 60
)

// Setting is what a municipality sets to its wishes (instellingen); without a row the defaults count.
type Setting struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `etag:"-"`
	Version        int64     `etag:"-"` // 0 as long as the defaults count
	// MeetingAccessDays is for how many days after a meeting who was invited for a dossier sees it, until the
	// end of the last in the municipality's time zone.
	MeetingAccessDays int
	// ReminderDays is how many days before the end of its term the owner of an action is reminded.
	ReminderDays int
	// EscalationDays is after how many working days past its term an open action is told to the case director,
	// the chair and the municipal director; rising.
	EscalationDays []int `gorm:"serializer:json"`
	// MailWindowSeconds is for how long after a mail about a dossier what follows for the same person waits, to go
	// in one mail; 0 lets each leave at once.
	MailWindowSeconds int
	// How hard the requirements are that a professional meets before he works with dossiers: block, warn or off.
	SecrecyRequirement   string
	ScreeningRequirement string
	TrainingRequirement  string
	ChangedAt            time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Setting) TableName() string { return "municipality_setting" }

// Guarded implements db.Row.
func (s Setting) Guarded() uuid.UUID { return s.ID }

// Resource is the settings, to decide on.
func (s Setting) Resource() authz.Resource { return authz.Resource{ID: s.ID} }

// defaults are the settings of a municipality that has set nothing.
func defaults(municipality string) Setting {
	return Setting{
		MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), MeetingAccessDays: defaultMeetingAccessDays, ReminderDays: defaultReminderDays,
		EscalationDays: []int{1, 5, 10}, MailWindowSeconds: defaultMailWindow,
		SecrecyRequirement: blocking, ScreeningRequirement: blocking, TrainingRequirement: warning,
	}
}

// check refuses a ladder that does not rise.
func (s Setting) check() error {
	for i := 1; i < len(s.EscalationDays); i++ {
		if s.EscalationDays[i] <= s.EscalationDays[i-1] {
			return problem.InvalidField("/escalationDays", "order", "Give each rung of the ladder more working days than the one before.")
		}
	}
	return nil
}

// changed names what differs from the settings before.
func (s Setting) changed(before Setting) (fields []string) {
	for _, one := range []struct {
		name   string
		differ bool
	}{
		{"meetingAccessDays", s.MeetingAccessDays != before.MeetingAccessDays}, {"reminderDays", s.ReminderDays != before.ReminderDays},
		{"escalationDays", !slices.Equal(s.EscalationDays, before.EscalationDays)}, {"mailWindowSeconds", s.MailWindowSeconds != before.MailWindowSeconds},
		{"secrecyRequirement", s.SecrecyRequirement != before.SecrecyRequirement}, {"screeningRequirement", s.ScreeningRequirement != before.ScreeningRequirement},
		{"trainingRequirement", s.TrainingRequirement != before.TrainingRequirement},
	} {
		if one.differ {
			fields = append(fields, one.name)
		}
	}
	return fields
}

// MailWindow is MailWindowSeconds as a length of time.
func (s Setting) MailWindow() time.Duration { return time.Duration(s.MailWindowSeconds) * time.Second }

// AccessUntil is until when a meeting that ends at a moment lets in who was invited for a dossier: the end
// of the last day, in UTC.
func (s Setting) AccessUntil(end time.Time, zone *time.Location) time.Time {
	year, month, day := end.In(zone).Date()
	return time.Date(year, month, day+s.MeetingAccessDays+1, 0, 0, 0, 0, zone).UTC()
}
