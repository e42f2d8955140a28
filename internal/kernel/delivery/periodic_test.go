package delivery

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestByTheClock(t *testing.T) {
	t.Run("the next turn is at a whole hour, whenever the product began", func(t *testing.T) {
		hour := every{time.Hour}
		at := func(h, m int) time.Time { return time.Date(2026, 3, 29, h, m, 0, 0, time.UTC) }
		require.Equal(t, at(3, 0), hour.Next(at(2, 1)))
		require.Equal(t, at(3, 0), hour.Next(at(2, 59)))
		require.Equal(t, at(4, 0), hour.Next(at(3, 0)))
	})

	t.Run("of several processes one has the turn", func(t *testing.T) {
		s := newStage(t)
		const pace = 2 * time.Second
		turns := make(chan struct{}, 100)
		for range 2 {
			workers, err := start(t.Context(), s.url, Tasks{Hourly: func(context.Context) error {
				turns <- struct{}{}
				return nil
			}}, every{pace}, quiet())
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, workers.Stop(context.Background())) })
		}
		arrives(t, turns, "a turn")
		arrives(t, turns, "the next turn")
		var jobs, periods int
		require.NoError(t, s.admin.QueryRow(t.Context(), `select count(*), count(distinct date_bin('2 seconds', scheduled_at, '2026-01-01'))
			from river_job where kind = 'turn'`).Scan(&jobs, &periods))
		require.Equal(t, jobs, periods, "two turns in one period")
	})
}
