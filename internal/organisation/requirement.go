package organisation

import (
	"slices"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// How hard a requirement is.
const (
	blocking = "block" // who does not meet it has no access to anything but the organisation and himself
	warning  = "warn"  // GET /me says so
	ignored  = "off"
)

// Requirement is what a professional fulfils before he works with dossiers (toelatingseis), and how it stands with
// him. A system has none.
type Requirement struct {
	Name  identity.Requirement
	Level string // block, warn or off
	Met   bool
	Until *time.Time // the last day on which it is met, in the municipality's time zone; nil without an end
}

// requirements are how it stands with a professional on a day.
func (at standing) requirements(day time.Time) []Requirement {
	return []Requirement{
		{Name: identity.Secrecy, Level: at.SecrecyRequirement, Met: at.SecrecyAcceptedOn != nil},
		{Name: identity.Screening, Level: at.ScreeningRequirement, Met: at.ScreeningUntil != nil && valid(at.ScreeningUntil, day), Until: at.ScreeningUntil},
		{Name: identity.Training, Level: at.TrainingRequirement, Met: at.TrainedOn != nil},
	}
}

// unmet are the requirements without which the professional has no access.
func (at standing) unmet(day time.Time) (missing []identity.Requirement) {
	for _, one := range at.requirements(day) {
		if one.Level == blocking && !one.Met {
			missing = append(missing, one.Name)
		}
	}
	return missing
}

// ends is when an identity that was made on a day is no longer right: with the token, the validity or the screening.
func (at standing) ends(token time.Time, zone *time.Location, day time.Time) time.Time {
	if at.ValidUntil != nil {
		token = earlier(token, expiry(*at.ValidUntil, zone).UTC())
	}
	if at.ScreeningRequirement == blocking && at.ScreeningUntil != nil && valid(at.ScreeningUntil, day) {
		token = earlier(token, expiry(*at.ScreeningUntil, zone).UTC())
	}
	return token
}

// harder tells whether settings ask of people what those before did not, or the other way round.
func (s Setting) harder(before Setting) bool {
	return !slices.Equal([]string{s.SecrecyRequirement, s.ScreeningRequirement, s.TrainingRequirement},
		[]string{before.SecrecyRequirement, before.ScreeningRequirement, before.TrainingRequirement})
}
