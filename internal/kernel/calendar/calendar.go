// Package calendar counts working days in the Netherlands: every day but Saturdays, Sundays and the
// generally recognised holidays of the Algemene termijnenwet.
package calendar

import "time"

// Easter is the first day of Easter in a year of the Gregorian calendar, as a date in UTC.
func Easter(year int) time.Time {
	// Gauss' rule as Meeus, Jones and Butcher wrote it down: it has no exceptions.
	golden, century, rest := year%19, year/100, year%100
	leap, skipped := century/4, century%4
	moon := (19*golden + century - leap - (century-(century+8)/25+1)/3 + 15) % 30
	sunday := (32 + 2*skipped + 2*(rest/4) - moon - rest%4) % 7
	late := (golden + 11*moon + 22*sunday) / 451
	days := moon + sunday - 7*late + 114
	return time.Date(year, time.Month(days/31), days%31+1, 0, 0, 0, 0, time.UTC)
}

// Holiday tells whether a date is a generally recognised holiday (Algemene termijnenwet, art. 3, first and
// second paragraph): New Year's Day, Good Friday, Easter Monday, the day on which the King's birthday is kept,
// 5 May, Ascension Day, Whit Monday and both Christmas days. The days that a royal decree treats alike in some
// years (third paragraph) are working days here.
func Holiday(date time.Time) bool {
	year, month, day := date.Date()
	switch {
	case month == time.January && day == 1, month == time.May && day == 5, month == time.December && (day == 25 || day == 26):
		return true
	case month == time.April && day == kingsDay(year):
		return true
	}
	easter := Easter(year)
	here := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	for _, days := range []int{-2, 1, 39, 50} {
		if here.Equal(easter.AddDate(0, 0, days)) {
			return true
		}
	}
	return false
}

// kingsDay is the day in April on which the King's birthday is kept: 27 April, or the day before when that is a
// Sunday. It counts from 2014.
func kingsDay(year int) int {
	if time.Date(year, time.April, 27, 0, 0, 0, 0, time.UTC).Weekday() == time.Sunday {
		return 26
	}
	return 27
}

// WorkingDay tells whether a date is neither a Saturday, nor a Sunday, nor a holiday.
func WorkingDay(date time.Time) bool {
	return date.Weekday() != time.Saturday && date.Weekday() != time.Sunday && !Holiday(date)
}

// After is the date so many working days after a date; that date itself does not count, and zero gives it back.
func After(date time.Time, workingDays int) time.Time {
	for workingDays > 0 {
		date = date.AddDate(0, 0, 1)
		if WorkingDay(date) {
			workingDays--
		}
	}
	return date
}

// Latest is the last date that so many working days, at least one, have followed by today: today counts as one
// when it is a working day.
func Latest(today time.Time, workingDays int) time.Time {
	for {
		if WorkingDay(today) {
			workingDays--
		}
		today = today.AddDate(0, 0, -1)
		if workingDays <= 0 {
			return today
		}
	}
}

// Months is the day so many calendar months after a date: the same day of the month, or its last day where that month
// is shorter.
func Months(date time.Time, months int) time.Time {
	first := time.Date(date.Year(), date.Month()+time.Month(months), 1, 0, 0, 0, 0, date.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(date.Day(), last)-1)
}
