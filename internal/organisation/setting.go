package organisation

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// defaultMeetingAccessDays counts until a municipality sets another number.
const defaultMeetingAccessDays = 7

// Setting is what a municipality sets to its wishes (instellingen); without a row the defaults count.
type Setting struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `etag:"-"`
	Version        int64     `etag:"-"` // 0 as long as the defaults count
	// MeetingAccessDays is for how many days after a meeting who was invited for a dossier sees it, until the
	// end of the last in the municipality's time zone.
	MeetingAccessDays int
	ChangedAt         time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Setting) TableName() string { return "municipality_setting" }

// Guarded implements db.Row.
func (s Setting) Guarded() uuid.UUID { return s.ID }

// Resource is the settings, to decide on.
func (s Setting) Resource() authz.Resource { return authz.Resource{ID: s.ID} }

// defaults are the settings of a municipality that has set nothing.
func defaults(municipality string) Setting {
	return Setting{MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), MeetingAccessDays: defaultMeetingAccessDays}
}

// AccessUntil is until when a meeting that ends at a moment lets in who was invited for a dossier: the end
// of the last day, in UTC.
func (s Setting) AccessUntil(end time.Time, zone *time.Location) time.Time {
	year, month, day := end.In(zone).Date()
	return time.Date(year, month, day+s.MeetingAccessDays+1, 0, 0, 0, 0, zone).UTC()
}
