package alert

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWatch is a pipeline in which nobody works on what is due.
func TestWatch(t *testing.T) {
	w := newTown(t)
	w.exec(t, `update professional set roles = '["municipal-director"]' where id = $1`, w.stranger)
	stalls := func() (n int) {
		require.NoError(t, w.admin.QueryRow(t.Context(), `select count(*) from alert a join feed f on f.municipality_id = a.municipality_id and f.seq = a.seq
			where f.name = 'pipeline.stalled' and a.professional_id = $1`, w.stranger).Scan(&n))
		return n
	}
	events := func() (n int) {
		require.NoError(t, w.admin.QueryRow(t.Context(), `select count(*) from audit_entry where event = 'pipeline.stalled'`).Scan(&n))
		return n
	}
	w.happens(t, w.officer, w.changed())
	require.NoError(t, w.Watch(t.Context()))
	require.Zero(t, events(), "what was just made does not wait")

	t.Run("the director is told once, and by no mail", func(t *testing.T) {
		grown, cancel := w.m.Heard.Subscribe(veldhoven)
		defer cancel()
		w.ahead.Store(int64(atRest + time.Second))
		for range 3 {
			require.NoError(t, w.Watch(t.Context()))
		}
		arrives(t, grown, "the event")
		require.Equal(t, 1, events())
		require.Equal(t, 1, stalls())
		deliveries, _ := w.waiting(t)
		require.Equal(t, 2, deliveries, "those that wait, and no more")
	})
	t.Run("a mail server that is down is no standstill", func(t *testing.T) {
		require.NoError(t, w.attemptAll(t.Context()))
		require.Equal(t, Pending, w.delivery(t, w.director).State)
		w.ahead.Add(int64(atRest))
		require.NoError(t, w.Watch(t.Context()))
		var open int
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from standstill where ended_at is null").Scan(&open))
		require.Zero(t, open, "it has ended")
	})
	t.Run("of the next standstill he is told again", func(t *testing.T) {
		grown, cancel := w.m.Heard.Subscribe(veldhoven)
		defer cancel()
		w.ahead.Add(int64(2 * time.Hour)) // longer than two attempts lie apart
		require.NoError(t, w.Watch(t.Context()))
		arrives(t, grown, "the event")
		require.Equal(t, 2, stalls())
	})
	t.Run("events without a number are a standstill too", func(t *testing.T) {
		w.exec(t, "update delivery set state = 'sent', next_try_at = null")
		require.NoError(t, w.Watch(t.Context()))
		before := events()
		tx, err := w.admin.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "select from feed_head where municipality_id = 'GM0861' for update")
		require.NoError(t, err)
		require.NoError(t, w.k.DB.Tx(w.acting(t, w.officer), func(ctx context.Context) error {
			e := w.changed()
			e.Dossier = w.dossier
			return w.k.Journal.Record(ctx, e)
		}))
		w.ahead.Add(int64(atRest + time.Second))
		require.NoError(t, w.Watch(t.Context()))
		require.NoError(t, tx.Rollback(t.Context()))
		require.Equal(t, before+1, events())
	})
}
