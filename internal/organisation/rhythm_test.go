package organisation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func day(text string) time.Time {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // the test names no date
	}
	return date
}

func TestDaysOfARhythm(t *testing.T) {
	for name, c := range map[string]struct {
		interval organisation.Interval
		weekday  string
		from     string
		days     []string
	}{
		"every week, from the day itself":      {organisation.Weekly, "tuesday", "2026-12-01", []string{"2026-12-01", "2026-12-08", "2026-12-15"}},
		"every other week, from the day after": {organisation.Biweekly, "monday", "2026-12-01", []string{"2026-12-07", "2026-12-21", "2027-01-04"}},
		"every four weeks":                     {organisation.FourWeekly, "sunday", "2026-12-01", []string{"2026-12-06", "2027-01-03", "2027-01-31"}},
		"the second Thursday of the month":     {organisation.Monthly, "thursday", "2026-12-08", []string{"2026-12-10", "2027-01-14", "2027-02-11"}},
		"a fifth is the last of its month":     {organisation.Monthly, "friday", "2027-01-29", []string{"2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := organisation.Rhythm{Interval: c.interval, Weekday: c.weekday}
			for later, want := range c.days {
				assert.Equal(t, want, r.Day(day(c.from), later).Format(time.DateOnly))
			}
		})
	}
}

func TestDaysOfARhythmRiseAndKeepTheirWeekday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weekday := rapid.SampledFrom([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}).Draw(t, "weekday")
		interval := rapid.SampledFrom([]organisation.Interval{organisation.Weekly, organisation.Biweekly, organisation.FourWeekly, organisation.Monthly}).Draw(t, "interval")
		from := day("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 4000).Draw(t, "day"))
		r := organisation.Rhythm{Interval: interval, Weekday: weekday}
		before := r.Day(from, 0)
		require.False(t, before.Before(from))
		require.Less(t, before.Sub(from), 7*24*time.Hour)
		for later := 1; later <= 24; later++ {
			next := r.Day(from, later)
			require.True(t, next.After(before))
			require.Equal(t, before.Weekday(), next.Weekday())
			if interval == organisation.Monthly {
				require.Equal(t, int(before.Month())%12+1, int(next.Month()), "once in every month")
			}
			before = next
		}
	})
}

func TestTimesOfARhythmFollowTheClockOfTheMunicipality(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	r := organisation.Rhythm{StartTime: "13:00", Minutes: 90}
	for date, want := range map[string]string{"2027-01-05": "2027-01-05T12:00:00Z 2027-01-05T13:30:00Z", "2027-07-06": "2027-07-06T11:00:00Z 2027-07-06T12:30:00Z"} {
		start, end, err := r.Times(day(date), zone)
		require.NoError(t, err)
		assert.Equal(t, want, start.Format(time.RFC3339)+" "+end.Format(time.RFC3339))
	}
}

func TestTableRhythm(t *testing.T) {
	w := newTown(t)
	south, err := w.GetTable(w.as("constable"), id("south"))
	require.NoError(t, err)
	require.Nil(t, south.MeetingRhythm)
	rhythm := organisation.Rhythm{Interval: organisation.Weekly, Weekday: "tuesday", StartTime: "13:00", Minutes: 90}
	set := func(r *organisation.Rhythm) error {
		read, err := w.GetTable(w.as("administrator"), south.ID)
		require.NoError(t, err)
		_, err = w.UpdateTable(w.as("administrator"), key(read.ID, read), func(t *organisation.Table) { t.MeetingRhythm = r })
		return err
	}
	t.Run("part of one is invalid", func(t *testing.T) {
		var p *problem.Error
		require.ErrorAs(t, set(&organisation.Rhythm{Interval: organisation.Weekly, Minutes: 90}), &p)
		require.Len(t, p.Fields, 2)
		assert.Equal(t, []string{"/meetingRhythm/weekday", "/meetingRhythm/startTime"}, []string{p.Fields[0].Name, p.Fields[1].Name})
	})
	for _, want := range []*organisation.Rhythm{&rhythm, nil} {
		require.NoError(t, set(want))
		read, err := w.GetTable(w.as("constable"), south.ID)
		require.NoError(t, err)
		assert.Equal(t, want, read.MeetingRhythm)
	}
}
