package person

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConsentIsActive(t *testing.T) {
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		require.NoError(t, err)
		return d
	}
	last, moment := day("2026-03-01"), day("2026-02-01")
	for name, c := range map[string]struct {
		consent Consent
		today   string
		want    bool
	}{
		"from the day on which it was given": {Consent{GivenOn: moment}, "2026-02-01", true},
		"not before":                         {Consent{GivenOn: moment}, "2026-01-31", false},
		"on its last day":                    {Consent{GivenOn: moment, Until: &last}, "2026-03-01", true},
		"not the day after":                  {Consent{GivenOn: moment, Until: &last}, "2026-03-02", false},
		"not on the day it is withdrawn":     {Consent{GivenOn: moment, WithdrawnAt: &moment}, "2026-02-01", false},
		"for good when it has no last day":   {Consent{GivenOn: moment}, "2196-01-01", true},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, c.consent.Active(day(c.today))) })
	}
}
