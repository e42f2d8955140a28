package organisation

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAccessUntil(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		end  string
		days int
		want string
	}{
		"it lasts until the end of the day itself":       {"2026-06-10T12:00:00Z", 0, "2026-06-10T22:00:00Z"},
		"or of so many days later":                       {"2026-06-10T12:00:00Z", 7, "2026-06-17T22:00:00Z"},
		"a day begins where the municipality is":         {"2026-06-10T22:30:00Z", 0, "2026-06-11T22:00:00Z"},
		"and stays whole when the clock is put back":     {"2026-10-24T12:00:00Z", 1, "2026-10-25T23:00:00Z"},
		"what ends at midnight ends on the day it opens": {"2026-01-10T23:00:00Z", 0, "2026-01-11T23:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			end, err := time.Parse(time.RFC3339, c.end)
			require.NoError(t, err)
			require.Equal(t, c.want, Setting{MeetingAccessDays: c.days}.AccessUntil(end, zone).Format(time.RFC3339))
		})
	}
}
