package organisation

import (
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Interval is how often a table meets.
type Interval string

// The intervals of a rhythm.
const (
	Weekly     Interval = "weekly"
	Biweekly   Interval = "biweekly"
	FourWeekly Interval = "four-weekly"
	Monthly    Interval = "monthly"
)

// clock is how the start of a meeting is written.
const clock = "15:04"

// Rhythm is when a table meets (ritme), in the municipality's time zone.
type Rhythm struct {
	Interval  Interval `json:"interval"`
	Weekday   string   `json:"weekday"`   // monday to sunday
	StartTime string   `json:"startTime"` // as 13:00
	Minutes   int      `json:"minutes"`
}

// check notes what a rhythm lacks: a table without one got only part of it.
func (r *Rhythm) check(f *problem.Faults) {
	if r == nil {
		return
	}
	for _, part := range []struct {
		name  string
		lacks bool
	}{{"interval", r.Interval == ""}, {"weekday", r.Weekday == ""}, {"startTime", r.StartTime == ""}, {"minutes", r.Minutes == 0}} {
		if part.lacks {
			f.Note("/meetingRhythm/"+part.name, "required", "Give the whole rhythm to a table that had none.")
		}
	}
}

// Day is a date on which the table meets: the first on or after a date, or so many later. What is monthly
// keeps its place in the month, as the second Tuesday; a fifth is the last of its month.
func (r Rhythm) Day(from time.Time, later int) time.Time {
	first := r.onWeekday(from)
	switch r.Interval {
	case Weekly:
		return first.AddDate(0, 0, 7*later)
	case Biweekly:
		return first.AddDate(0, 0, 14*later)
	case FourWeekly:
		return first.AddDate(0, 0, 28*later)
	}
	place := (first.Day() - 1) / 7
	month := time.Date(first.Year(), first.Month()+time.Month(later), 1, 0, 0, 0, 0, time.UTC)
	day := r.onWeekday(month).AddDate(0, 0, 7*place)
	if day.Month() != month.Month() {
		day = day.AddDate(0, 0, -7)
	}
	return day
}

// onWeekday is the first date on or after a date that falls on the weekday of the rhythm.
func (r Rhythm) onWeekday(from time.Time) time.Time {
	wanted := map[string]time.Weekday{
		"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
		"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
	}[r.Weekday]
	return from.AddDate(0, 0, int(wanted-from.Weekday()+7)%7)
}

// Times are when the table meets on a date: by the clock of the time zone, in summer and in winter.
func (r Rhythm) Times(day time.Time, zone *time.Location) (start, end time.Time, err error) {
	at, err := time.Parse(clock, r.StartTime)
	if err != nil {
		return start, end, problem.Errorf(problem.Conflict, "The table has no start time; give it one first.")
	}
	year, month, date := day.Date()
	start = time.Date(year, month, date, at.Hour(), at.Minute(), 0, 0, zone)
	return start.UTC(), start.Add(time.Duration(r.Minutes) * time.Minute).UTC(), nil
}
