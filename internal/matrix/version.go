package matrix

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// What became of a version.
const (
	StateInForce   = "in-force"
	StateScheduled = "scheduled"
	StatePast      = "past"
	StateNever     = "never-in-force" // another was published before it began
)

// Version is a published matrix without its cells; it never changes, but for what becomes of it by the
// clock and by what is published after it.
type Version struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Number           int64     // from 1, without gaps
	Reason           string
	PublishedBy      *uuid.UUID // nil when a system of the municipality did
	PublishedAt      time.Time  // by the database's clock, as the moment of effect is
	EffectiveFrom    time.Time
	RestoresVersion  *int64    // nil when it was a draft
	Acknowledged     []Finding `gorm:"serializer:json"` // the warnings with which it was published
	SupplierConsents []Consent `gorm:"serializer:json"`
	State            string    `gorm:"->"` // worked out when it is read
}

// TableName implements gorm's Tabler.
func (Version) TableName() string { return "matrix_version" }

// Guarded implements db.Row.
func (Version) Guarded() uuid.UUID { return resource().ID }

// Published is a version with its cells, in the order of compare.
type Published struct {
	Version
	Cells []authz.Cell
}

// Consent is that a supplier agrees with more sight of a category, and where that is written down.
type Consent struct {
	PartnerID uuid.UUID      `json:"partnerId"`
	Category  authz.Category `json:"category"`
	Reference string         `json:"reference"`
}

// NewConsent is a consent as somebody sent it, to be checked.
type NewConsent struct {
	PartnerID uuid.UUID
	Category  string
	Reference string
}

// NewPublication is what a version is published with.
type NewPublication struct {
	Match           string // the ETag of the draft; not looked at when a version is restored
	Reason          string
	EffectiveFrom   *time.Time // at once when nil
	RestoresVersion *int64     // the draft when nil
	Acknowledged    []string   // ids of warnings
	Consents        []NewConsent
}

// version makes the next version of a publication at this moment.
func (p NewPublication) version(who identity.Identity, number int64, now time.Time) Version {
	v := Version{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Number: number, Reason: p.Reason, PublishedBy: who.Person(), PublishedAt: now,
		EffectiveFrom: now, RestoresVersion: p.RestoresVersion, State: StateInForce,
	}
	if p.EffectiveFrom != nil {
		v.EffectiveFrom = p.EffectiveFrom.UTC().Truncate(time.Microsecond)
	}
	switch {
	case v.EffectiveFrom.After(now):
		v.State = StateScheduled
	case v.EffectiveFrom.Before(now): // it came while the publication was checked
		v.EffectiveFrom = now
	}
	return v
}

// timely refuses a moment of effect that has passed: a past decision is never changed.
func (p NewPublication) timely(f *problem.Faults, now time.Time) {
	if p.EffectiveFrom != nil && p.EffectiveFrom.Before(now) {
		f.Note("/effectiveFrom", "past", "Choose a moment that is still to come, or leave this out to publish at once.")
	}
}

// rightless refuses a matrix without any right: everybody would be left without.
func rightless(cells []authz.Cell) error {
	for _, c := range cells {
		if c.Level.Acts() != 0 {
			return nil
		}
	}
	return problem.Errorf(problem.Conflict, "This would leave everybody without rights; give at least one cell a level above none.")
}
