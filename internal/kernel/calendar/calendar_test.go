package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
)

func date(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // the test names no date
	}
	return day
}

func TestEasterOfKnownYears(t *testing.T) {
	for _, day := range []string{"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18"} {
		require.Equal(t, date(day), calendar.Easter(date(day).Year()))
	}
}

func TestPlan_4_19_the_holidays_of_a_year_are_those_of_the_law(t *testing.T) {
	for year, want := range map[int][]string{
		2025: {"2025-01-01", "2025-04-18", "2025-04-21", "2025-04-26", "2025-05-05", "2025-05-29", "2025-06-09", "2025-12-25", "2025-12-26"},
		2026: {"2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25", "2026-12-25", "2026-12-26"},
	} {
		var found []string
		for day := date("2000-01-01").AddDate(year-2000, 0, 0); day.Year() == year; day = day.AddDate(0, 0, 1) {
			if calendar.Holiday(day) {
				found = append(found, day.Format(time.DateOnly))
			}
		}
		require.Equal(t, want, found)
	}
}

func TestAfterSkipsWeekendsAndHolidays(t *testing.T) {
	for _, c := range []struct {
		from string
		days int
		to   string
	}{
		{"2026-11-20", 1, "2026-11-23"}, // over a weekend
		{"2026-04-02", 1, "2026-04-07"}, // over Easter
		{"2026-12-24", 1, "2026-12-28"}, // over Christmas
		{"2026-04-24", 1, "2026-04-28"}, // over King's Day on a Monday
		{"2026-05-13", 2, "2026-05-18"}, // over Ascension Day: the Friday after it is a working day
		{"2026-11-21", 5, "2026-11-27"}, // from a Saturday
		{"2026-11-21", 0, "2026-11-21"},
	} {
		require.Equal(t, date(c.to), calendar.After(date(c.from), c.days), c.from)
	}
}

func TestWorkingDaysCountTheSameInBothDirections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := date("2014-01-01").AddDate(0, 0, rapid.IntRange(0, 40000).Draw(t, "day"))
		days := rapid.IntRange(1, 60).Draw(t, "working days")
		to := calendar.After(from, days)
		require.True(t, calendar.WorkingDay(to))
		counted := 0
		for day := from.AddDate(0, 0, 1); !day.After(to); day = day.AddDate(0, 0, 1) {
			if calendar.WorkingDay(day) {
				counted++
			}
		}
		require.Equal(t, days, counted)
		latest := calendar.Latest(to, days)
		require.False(t, latest.Before(from), "it is over by then")
		require.False(t, calendar.After(latest, days).After(to))
		require.True(t, calendar.After(latest.AddDate(0, 0, 1), days).After(to), "a day later it is not")
	})
}

func TestEasterIsASundayBetweenItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		easter := calendar.Easter(rapid.IntRange(1600, 4000).Draw(t, "year"))
		require.Equal(t, time.Sunday, easter.Weekday())
		require.True(t, easter.Month() == time.March && easter.Day() >= 22 || easter.Month() == time.April && easter.Day() <= 25)
	})
}

func TestPrivacy_L19_a_term_in_months_ends_on_the_same_day_or_the_last_of_the_month(t *testing.T) {
	for from, ends := range map[string][3]string{ // after one, two and three months
		"2026-01-31": {"2026-02-28", "2026-03-31", "2026-04-30"},
		"2028-01-31": {"2028-02-29", "2028-03-31", "2028-04-30"},
		"2026-01-15": {"2026-02-15", "2026-03-15", "2026-04-15"},
		"2026-11-30": {"2026-12-30", "2027-01-30", "2027-02-28"},
		"2026-12-31": {"2027-01-31", "2027-02-28", "2027-03-31"},
	} {
		for i, end := range ends {
			require.Equal(t, date(end), calendar.Months(date(from), i+1), "%s and %d months", from, i+1)
		}
	}
}
