package plan

import (
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
)

// Term is until when something is to be done (termijn): a date, or a number of working days, one of the two.
type Term struct {
	Date        time.Time
	WorkingDays int
}

const oneTerm = "Give the term as dueDate or as dueInWorkingDays, one of the two."

// last is the last day of the term: working days count from today, or from the day of the meeting where that
// is later. It is zero when the term is given in both ways, or in neither.
func (t Term) last(from earliest) time.Time {
	if t.WorkingDays == 0 {
		return t.Date
	}
	if !t.Date.IsZero() {
		return time.Time{}
	}
	first := from.today
	if from.meeting.After(first) {
		first = from.meeting
	}
	return calendar.After(first, t.WorkingDays)
}

func (n NewAction) term() Term { return Term{Date: n.DueDate, WorkingDays: n.WorkingDays} }

func (n *NewAction) put(t Term) { n.DueDate, n.WorkingDays = t.Date, t.WorkingDays }
