package meeting

import (
	"crypto/sha256"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Feed is a secret address under which somebody's calendar reads his meetings (agendafeed); only a hash of the
// secret is kept.
type Feed struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	ProfessionalID uuid.UUID
	SecretHash     []byte `etag:"-"`
	CreatedAt      time.Time
	RevokedAt      *time.Time
	ChangedAt      time.Time `etag:"-"`
	Address        string    `gorm:"-" etag:"-"` // told once, when it is made
}

// TableName is the table of feeds.
func (Feed) TableName() string { return "calendar_feed" }

// Guarded implements db.Row.
func (f Feed) Guarded() uuid.UUID { return f.ID }

// Resource is the feed, to decide on.
func (f Feed) Resource() authz.Resource { return authz.Resource{ID: f.ID, Self: f.ProfessionalID} }

// The acts of internal/kernel/authz/acts.csv that feeds know.
const (
	actFeed     = "calendar.manage"
	actReadFeed = "calendar.read"
)

// operations are those that the state of the feed allows.
func (f Feed) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getCalendarFeed", Act: actReadFeed}}
	if f.RevokedAt == nil {
		all = append(all, authz.Operation{ID: "revokeCalendarFeed", Act: actFeed})
	}
	return all
}

// revoke ends the feed.
func (f *Feed) revoke(at time.Time) error {
	if f.RevokedAt != nil {
		return problem.Errorf(problem.Conflict, "The calendar feed is revoked already.")
	}
	f.RevokedAt, f.ChangedAt = &at, at
	return nil
}

// mostFeeds bounds how many feeds somebody can have at once.
const mostFeeds = 10

// hashOf is what is kept of the secret in an address.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// appointment is a meeting as a calendar shows it: nothing of persons, nor where or what about.
type appointment struct {
	ID               uuid.UUID
	StartsAt, EndsAt time.Time
	Status           Status
	ChangedAt        time.Time
	TableName        string
}

// calendarOf writes appointments as iCalendar (RFC 5545); at is the address of the meetings.
func calendarOf(rows []appointment, tag language.Tag, at string) string {
	title := language.Text{NL: "Overleg", EN: "Meeting"}.In(tag)
	calendar := ics.NewCalendarFor("Wijkregie")
	calendar.SetMethod(ics.MethodPublish)
	for _, a := range rows {
		event := calendar.AddEvent(a.ID.String())
		event.SetDtStampTime(a.ChangedAt)
		event.SetStartAt(a.StartsAt)
		event.SetEndAt(a.EndsAt)
		event.SetURL(at + a.ID.String())
		event.SetSummary(title)
		if a.TableName != "" {
			event.SetSummary(title + ": " + a.TableName)
		}
		event.SetStatus(ics.ObjectStatusConfirmed)
		if a.Status == Cancelled {
			event.SetStatus(ics.ObjectStatusCancelled)
		}
	}
	return calendar.Serialize()
}
