package alert

import "time"

// digestHour is when a daily digest leaves, in local time.
const digestHour = "08:00"

// moment is what decides when the mail of an alert leaves, beside its recipient's wishes.
type moment struct {
	now    time.Time
	zone   *time.Location
	urgent bool
	muted  bool          // a rule of his wishes no mail of it
	last   time.Time     // when the latest mail to him about the dossier was or is to leave; zero without one
	window time.Duration // for how long after it the next waits for more
}

// due is when the mail of an alert leaves, and whether in a digest of all dossiers; false when none is wished. What is
// urgent breaks through everything.
func (p Preference) due(m moment) (at time.Time, digest, wished bool) {
	switch {
	case m.urgent:
		return m.now, false, true
	case m.muted || p.Email == Never:
		return at, false, false
	case p.Email == Hourly:
		at, digest = m.now.Truncate(time.Hour).Add(time.Hour), true
	case p.Email == Daily:
		at, digest = nextAt(m.now, digestHour, m.zone), true
	default:
		at = m.coalesced()
	}
	return p.afterQuiet(at, m.zone), digest, true
}

// coalesced lets the first of a burst leave at once, and what follows within the window at its end, together.
func (m moment) coalesced() time.Time {
	switch end := m.last.Add(m.window); {
	case !m.last.Before(m.now) && !m.last.After(m.now.Add(m.window)): // one is about to leave
		return m.last
	case m.last.Before(m.now) && end.After(m.now):
		return end
	}
	return m.now
}

// afterQuiet puts a moment in quiet hours off to their end.
func (p Preference) afterQuiet(at time.Time, zone *time.Location) time.Time {
	if p.QuietFrom == "" {
		return at
	}
	clock := at.In(zone).Format("15:04")
	quiet := clock >= p.QuietFrom && clock < p.QuietUntil
	if p.QuietFrom > p.QuietUntil { // over midnight
		quiet = clock >= p.QuietFrom || clock < p.QuietUntil
	}
	if !quiet {
		return at
	}
	return nextAt(at, p.QuietUntil, zone)
}

// nextAt is the first moment after at when clocks in a zone show a time ("08:00").
func nextAt(at time.Time, clock string, zone *time.Location) time.Time {
	local := at.In(zone)
	day := func(ahead int) time.Time {
		hour, minute := int(clock[0]-'0')*10+int(clock[1]-'0'), int(clock[3]-'0')*10+int(clock[4]-'0')
		return time.Date(local.Year(), local.Month(), local.Day()+ahead, hour, minute, 0, 0, zone).UTC()
	}
	if today := day(0); today.After(at) {
		return today
	}
	return day(1)
}
