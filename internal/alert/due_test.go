package alert

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDue(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	local := func(hour, minute, second int) time.Time {
		return time.Date(2026, 11, 24, hour, minute, second, 0, zone).UTC()
	}
	at, later := local(10, 30, 0), func(d time.Duration) time.Time { return local(10, 30, 0).Add(d) }
	quiet := func(m Mailing, from, until string) Preference {
		return Preference{Email: m, QuietFrom: from, QuietUntil: until}
	}
	for name, c := range map[string]struct {
		wish     Preference
		now      time.Time
		last     time.Time
		noWindow bool
		urgent   bool
		due      time.Time
		digest   bool
	}{
		"the first leaves at once":                             {wish: Preference{Email: AtOnce}, now: at, due: at},
		"what follows leaves at the end of the window":         {wish: Preference{Email: AtOnce}, now: later(20 * time.Second), last: at, due: later(time.Minute)},
		"what happens with the first leaves with it":           {wish: Preference{Email: AtOnce}, now: at, last: at, due: at},
		"what comes while one waits leaves with it":            {wish: Preference{Email: AtOnce}, now: later(40 * time.Second), last: later(time.Minute), due: later(time.Minute)},
		"after the window the next is a first":                 {wish: Preference{Email: AtOnce}, now: later(time.Minute), last: at, due: later(time.Minute)},
		"a clock that was set back delays nothing":             {wish: Preference{Email: AtOnce}, now: at, last: later(2 * time.Minute), due: at},
		"without a window each leaves at once":                 {wish: Preference{Email: AtOnce}, now: later(time.Second), last: at, noWindow: true, due: later(time.Second)},
		"per hour at the next whole hour":                      {wish: Preference{Email: Hourly}, now: at, due: local(11, 0, 0), digest: true},
		"per day at eight of the next morning":                 {wish: Preference{Email: Daily}, now: at, due: local(32, 0, 0), digest: true},
		"per day at eight of this morning":                     {wish: Preference{Email: Daily}, now: local(7, 0, 0), due: local(8, 0, 0), digest: true},
		"per day not at eight itself but a day later":          {wish: Preference{Email: Daily}, now: local(8, 0, 0), due: local(32, 0, 0), digest: true},
		"in quiet hours at their end":                          {wish: quiet(AtOnce, "10:00", "12:15"), now: at, due: local(12, 15, 0)},
		"in quiet hours over midnight at their end, before it": {wish: quiet(AtOnce, "19:00", "07:30"), now: local(23, 0, 0), due: local(31, 30, 0)},
		"in quiet hours over midnight at their end, after it":  {wish: quiet(AtOnce, "19:00", "07:30"), now: local(3, 0, 0), due: local(7, 30, 0)},
		"outside quiet hours at once":                          {wish: quiet(AtOnce, "19:00", "07:30"), now: local(7, 30, 0), due: local(7, 30, 0)},
		"a digest that falls in quiet hours at their end":      {wish: quiet(Hourly, "11:00", "13:00"), now: at, due: local(13, 0, 0), digest: true},
		"what is urgent at once, although no mail is wished":   {wish: Preference{Email: Never}, now: at, urgent: true, due: at},
		"what is urgent at once, in quiet hours":               {wish: quiet(Daily, "10:00", "12:00"), now: at, urgent: true, due: at},
		"what is urgent at once, although one has just left":   {wish: Preference{Email: AtOnce}, now: later(time.Second), last: at, urgent: true, due: later(time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			window := time.Minute
			if c.noWindow {
				window = 0
			}
			due, digest, wished := c.wish.due(moment{now: c.now, zone: zone, urgent: c.urgent, last: c.last, window: window})
			require.True(t, wished)
			require.Equal(t, c.due.UTC(), due.UTC())
			require.Equal(t, c.digest, digest)
		})
	}

	t.Run("who wishes none gets none", func(t *testing.T) {
		_, _, wished := Preference{Email: Never}.due(moment{now: at, zone: zone, window: time.Minute})
		require.False(t, wished)
	})

	t.Run("when the clock is put forward quiet hours end by the clock", func(t *testing.T) {
		spring := time.Date(2026, 3, 28, 23, 0, 0, 0, zone)
		due, _, _ := quiet(AtOnce, "22:00", "07:00").due(moment{now: spring, zone: zone})
		require.Equal(t, 7*time.Hour, due.Sub(spring), "one hour was skipped")
	})
}
