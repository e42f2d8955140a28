package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// NewSeries is how many meetings of a table to schedule, and the first date on which there may be one.
type NewSeries struct {
	Count int
	From  time.Time
}

// Series is meetings that were scheduled together, the latest start first; without operations.
type Series struct {
	ID       uuid.UUID
	Meetings []Seen
}

// ScheduleSeries schedules the next meetings of a table by its rhythm, for its chair or by the municipal
// director; what the table left unfinished is on the agenda of the first. It fails with problem.Conflict when the
// table has no rhythm or its chair not that role, and with problem.Invalid for a date that is over or more than a year
// away.
func (s *Service) ScheduleSeries(ctx context.Context, table uuid.UUID, n NewSeries) (series Series, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		t, err := s.people.HoldTable(ctx, table)
		if err != nil {
			return err
		}
		first := NewMeeting{Title: t.Name, TableID: &t.ID, ChairID: t.ChairID}.meeting(who, s.k.Now())
		if err := s.maySchedule(ctx, who, first); err != nil {
			return err
		}
		zone, err := s.people.Zone(ctx)
		if err != nil {
			return err
		}
		if err := n.check(t, organisation.DateOf(s.k.Now(), zone)); err != nil {
			return err
		}
		meetings, err := s.plan(ctx, first, *t.MeetingRhythm, n)
		if err != nil {
			return err
		}
		series, err = s.addAll(ctx, meetings)
		return err
	})
	return series, err
}

// check holds what is asked against the table and the calendar.
func (n NewSeries) check(t organisation.Table, today time.Time) error {
	if t.MeetingRhythm == nil {
		return problem.Errorf(problem.Conflict, "The table has no rhythm; have an administrator set it first.")
	}
	if n.From.Before(today) || n.From.After(today.AddDate(1, 0, 0)) {
		return problem.InvalidField("/from", "order", "Begin today or within a year.")
	}
	return nil
}

// plan makes meetings like a first one by the rhythm, past holidays, what is over and what is planned already.
func (s *Service) plan(ctx context.Context, like Meeting, r organisation.Rhythm, n NewSeries) (meetings []Meeting, err error) {
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := s.taken(ctx, like, n.From, zone)
	if err != nil {
		return nil, err
	}
	series := uuid.Must(uuid.NewV7())
	for later := 0; len(meetings) < n.Count; later++ {
		day := r.Day(n.From, later)
		m := like
		if m.StartsAt, m.EndsAt, err = r.Times(day, zone); err != nil {
			return nil, err
		}
		if calendar.Holiday(day) || taken[day] || !m.StartsAt.After(s.k.Now()) {
			continue
		}
		m.ID, m.SeriesID = uuid.Must(uuid.NewV7()), &series
		meetings = append(meetings, m)
	}
	return meetings, nil
}

// taken are the dates from one on, on which a table has a planned meeting under its chair.
func (s *Service) taken(ctx context.Context, like Meeting, from time.Time, zone *time.Location) (map[time.Time]bool, error) {
	year, month, day := from.Date()
	starts, err := plannedStarts(ctx, like, time.Date(year, month, day, 0, 0, 0, 0, zone))
	taken := make(map[time.Time]bool, len(starts))
	for _, start := range starts {
		taken[organisation.DateOf(start, zone)] = true
	}
	return taken, err
}

// addAll saves meetings that are scheduled together, and shows them.
func (s *Service) addAll(ctx context.Context, meetings []Meeting) (series Series, err error) {
	for _, m := range meetings {
		if err := s.k.Authz.Require(ctx, actSchedule, m.Resource()); err != nil {
			return series, err
		}
		if err := s.add(ctx, m); err != nil {
			return series, err
		}
	}
	if err := s.carry(ctx, meetings[0], actSchedule, nil); err != nil {
		return series, err
	}
	series.ID = *meetings[0].SeriesID
	slices.Reverse(meetings)
	if meetings, err = s.complete(ctx, meetings); err != nil {
		return series, err
	}
	for _, m := range meetings {
		series.Meetings = append(series.Meetings, Seen{Meeting: m, Tag: etag.Of(m)})
	}
	return series, nil
}
