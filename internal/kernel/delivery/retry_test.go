package delivery

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWait(t *testing.T) {
	for name, c := range map[string]struct {
		attempts int
		age      time.Duration
		jitter   float64
		wait     time.Duration
		more     bool
	}{
		"the first comes after two seconds":      {attempts: 1, wait: 2 * time.Second, more: true},
		"each next waits twice as long":          {attempts: 5, wait: 32 * time.Second, more: true},
		"it stays at an hour":                    {attempts: 40, wait: time.Hour, more: true},
		"chance takes up to half":                {attempts: 2, jitter: 0.5, wait: 3 * time.Second, more: true},
		"within the day it is tried again":       {attempts: 30, age: 23 * time.Hour, wait: time.Hour, more: true},
		"after a day it has failed":              {attempts: 30, age: 23*time.Hour + time.Minute, wait: time.Hour},
		"an attempt that was not counted is one": {wait: 2 * time.Second, more: true},
	} {
		t.Run(name, func(t *testing.T) {
			wait, more := Wait(c.attempts, c.age, c.jitter)
			require.Equal(t, c.wait, wait)
			require.Equal(t, c.more, more)
		})
	}
}
