package organisation

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Substitution is a period in which somebody of the same partner stands in for a professional
// (vervanging): he acts in the other's name, and the records say so.
type Substitution struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	ProfessionalID uuid.UUID
	SubstituteID   uuid.UUID
	From           time.Time `gorm:"column:starts_at"`
	Until          time.Time `gorm:"column:ends_at"`
	ChangedAt      time.Time `etag:"-"`
}

// Guarded implements db.Row: who may arrange it is decided on the professional.
func (s Substitution) Guarded() uuid.UUID { return s.ProfessionalID }

// begins refuses a substitution that cannot be arranged.
func (s Substitution) begins(replaced, substitute Professional, now time.Time) error {
	switch {
	case replaced.ID == substitute.ID:
		return problem.Errorf(problem.Conflict, "Nobody stands in for himself; choose a colleague.")
	case replaced.PartnerID != substitute.PartnerID:
		return problem.Errorf(problem.Conflict, "A substitute works for the same partner; choose a colleague.")
	case !s.Until.After(s.From):
		return problem.Errorf(problem.Conflict, "A substitution ends after it begins.")
	case !s.Until.After(now):
		return problem.Errorf(problem.Conflict, "A substitution that is over gives nothing; choose an end that is to come.")
	}
	return nil
}

// becomes refuses to rewrite what was. An end in the past ends it now.
func (s Substitution) becomes(after *Substitution, now time.Time) error {
	if !s.Until.After(now) {
		return problem.Errorf(problem.Conflict, "This substitution is over; arrange a new one.")
	}
	begun := !s.From.After(now)
	if begun && !after.From.Equal(s.From) {
		return problem.Errorf(problem.Conflict, "This substitution has begun; only its end can change.")
	}
	if begun && after.Until.Before(now) {
		after.Until = now
	}
	if !after.Until.After(after.From) {
		return problem.Errorf(problem.Conflict, "A substitution ends after it begins.")
	}
	return nil
}
