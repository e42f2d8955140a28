package oversight

import (
	"time"

	"github.com/google/uuid"
)

// The rules by which a dossier may stagnate, codes of list stagnation-rules.
const (
	noActionDone   = "no-action-done"
	overdueActions = "overdue-actions"
	reviewPassed   = "review-passed"
	meetingMissed  = "meeting-missed"
)

// Flag is a sign that a dossier stagnates, with the rule and the figures on which it rests: it can be explained, and
// a person decides what follows (Wgs 1.9; AVG 22). It is computed, never stored.
type Flag struct {
	Rule    string
	Since   time.Time // a date
	Figures []Figure
}

// Figure is a number on which a flag rests.
type Figure struct {
	Name  string // code of list stagnation-figures
	Value int
}

// progress is what is known of how a dossier goes on, as far as the reader may see it. Dates are those of the
// municipality.
type progress struct {
	seesActions  bool      // all of them
	last         time.Time // the date of the last action that was done, else of when it came to where it is
	open, done   int
	overdue      int
	overdueSince time.Time  // the earliest term that passed
	review       *time.Time // the date on which the regie is looked at again
	missed       int
	missedSince  time.Time
}

// flags holds progress against the rules; today is a date, limit the days after which a dossier stagnates.
func (p progress) flags(today time.Time, limit int) []Flag {
	all := []Flag{}
	if days := daysBetween(p.last, today); p.seesActions && days >= limit {
		all = append(all, Flag{noActionDone, p.last, []Figure{{"days", days}, {"stagnation-days", limit}, {"open-actions", p.open}, {"done-actions", p.done}}})
	}
	if p.overdue > 0 {
		since := p.overdueSince.AddDate(0, 0, 1) // a term lasts until the end of its day
		all = append(all, Flag{overdueActions, since, []Figure{{"overdue-actions", p.overdue}, {"days", daysBetween(since, today)}}})
	}
	if p.review != nil && p.review.Before(today) {
		all = append(all, Flag{reviewPassed, *p.review, []Figure{{"days", daysBetween(*p.review, today)}}})
	}
	if p.missed > 0 {
		all = append(all, Flag{meetingMissed, p.missedSince, []Figure{{"missed-meetings", p.missed}, {"days", daysBetween(p.missedSince, today)}}})
	}
	return all
}

func daysBetween(from, until time.Time) int { return int(until.Sub(from) / (24 * time.Hour)) }

// Stagnation is the signs that a dossier stagnates.
type Stagnation struct {
	DossierID uuid.UUID
	At        time.Time `etag:"-"`
	Flags     []Flag
}
