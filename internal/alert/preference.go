package alert

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Mailing is when alerts leave by mail.
type Mailing string

// The ways of mailing.
const (
	AtOnce Mailing = "at-once"
	Hourly Mailing = "hourly"
	Daily  Mailing = "daily" // at digestHour
	Never  Mailing = "none"
)

// Preference is how a professional wishes to be told by mail (berichtvoorkeuren); without a row the defaults count.
type Preference struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"` // 0 as long as the defaults count
	ProfessionalID uuid.UUID `etag:"-"`
	Email          Mailing
	// QuietFrom and QuietUntil are local times ("19:00") between which nothing leaves, over midnight when the first is
	// the later; empty without quiet hours.
	QuietFrom, QuietUntil string
	Rules                 []Rule    `gorm:"serializer:json"`
	ChangedAt             time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Preference) TableName() string { return "alert_preference" }

// Guarded implements db.Row.
func (p Preference) Guarded() uuid.UUID { return p.ProfessionalID }

// wish is what counts for a professional who has set nothing.
func wish(municipality string, professional uuid.UUID) Preference {
	return Preference{MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), ProfessionalID: professional, Email: AtOnce, Rules: []Rule{}}
}

// check refuses quiet hours without an end or without a length.
func (p Preference) check() error {
	switch {
	case (p.QuietFrom == "") != (p.QuietUntil == ""):
		return problem.InvalidField("/quietUntil", "together", "Give both when the quiet hours begin and when they end, or neither.")
	case p.QuietFrom != "" && p.QuietFrom == p.QuietUntil:
		return problem.InvalidField("/quietUntil", "order", "Let the quiet hours end at another time than they begin.")
	}
	return nil
}
