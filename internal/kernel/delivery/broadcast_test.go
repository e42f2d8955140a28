package delivery

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBroadcaster(t *testing.T) {
	t.Run("many numbers are one signal, and the sender never waits", func(t *testing.T) {
		var b Broadcaster
		grown, cancel := b.Subscribe(veldhoven)
		defer cancel()
		for seq := range int64(1000) {
			b.Publish(veldhoven, seq+1)
		}
		require.Len(t, grown, 1)
	})

	t.Run("a number that was told before wakes nobody", func(t *testing.T) {
		var b Broadcaster
		b.Publish(veldhoven, 7)
		grown, cancel := b.Subscribe(veldhoven)
		defer cancel()
		b.Publish(veldhoven, 7)
		b.Publish(veldhoven, 6)
		require.Empty(t, grown)
		b.Publish(veldhoven, 8)
		require.Len(t, grown, 1)
	})

	t.Run("another municipality and who has left hear nothing", func(t *testing.T) {
		var b Broadcaster
		grown, cancel := b.Subscribe(veldhoven)
		b.Publish("GM0772", 1)
		require.Empty(t, grown)
		cancel()
		cancel()
		b.Publish(veldhoven, 1)
		require.Empty(t, grown)
		require.Empty(t, b.waiting)
	})
}

func TestListen(t *testing.T) {
	t.Run("another instance's events are heard, also after the connection broke", func(t *testing.T) {
		s := newStage(t)
		other := NewSequencer(s.open(t), &Broadcaster{}, quiet())
		heard := &Broadcaster{}
		while(t, func(ctx context.Context) { heard.Listen(ctx, s.url, quiet()) })
		grown, cancel := heard.Subscribe(veldhoven)
		defer cancel()
		for range 2 {
			_, err := s.record(func() {}, nil)
			require.NoError(t, err)
			_, err = other.round(t.Context(), nobody)
			require.NoError(t, err)
			arrives(t, grown, "the other instance's event")

			cut, err := s.admin.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and application_name = 'wijkregie listener'`)
			require.NoError(t, err)
			require.Equal(t, int64(1), cut.RowsAffected())
		}
	})

	t.Run("a lost notification costs no more than a look at the heads", func(t *testing.T) {
		s := newStage(t)
		heard := &Broadcaster{}
		while(t, func(ctx context.Context) { heard.Listen(ctx, s.url, quiet()) })
		grown, cancel := heard.Subscribe(veldhoven)
		defer cancel()
		_, err := s.admin.Exec(t.Context(), "insert into feed_head (municipality_id, last) values ('GM0861', 3)")
		require.NoError(t, err)
		arrives(t, grown, "the number in the head")
	})
}
