package alert

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// TestKilledWithLetterInHand is what a process leaves behind that was killed after it took deliveries in hand.
func TestKilledWithLetterInHand(t *testing.T) {
	w := newTown(t)
	w.post.Open(t)
	w.happens(t, w.officer, w.changed())
	d := w.delivery(t, w.director)
	held, err := w.hold(identity.With(t.Context(), identity.System(veldhoven, "delivery")), d.ID)
	require.NoError(t, err)
	require.Len(t, held, 1)

	t.Run("nobody else sends it while it is in hand", func(t *testing.T) {
		w.ahead.Store(int64(inHand - time.Second))
		require.NoError(t, w.Sweep(t.Context()))
		_, err := w.Deliver(t.Context(), d.job())
		require.NoError(t, err)
		require.Empty(t, w.post.Received)
	})

	t.Run("then it is queued again and goes out under the same Message-ID, once", func(t *testing.T) {
		w.ahead.Store(int64(inHand + late + time.Second))
		before := w.jobs(t, d)
		require.NoError(t, w.Sweep(t.Context()))
		require.Equal(t, before+1, w.jobs(t, d))
		require.NoError(t, w.Sweep(t.Context()))
		require.Equal(t, before+1, w.jobs(t, d), "the next look leaves it alone")
		for range 2 {
			_, err := w.Deliver(t.Context(), d.job())
			require.NoError(t, err)
		}
		letter := arrives(t, w.post.Received, "the mail")
		require.Equal(t, "<"+held[0].LetterID.String()+"@wijkregie.example>", letter.Header.Get("Message-Id"))
		require.Empty(t, w.post.Received)
		require.Equal(t, Sent, w.delivery(t, w.director).State)
	})
}

// TestClockSetBack is a clock that goes back a minute between two changes.
func TestClockSetBack(t *testing.T) {
	w := newTown(t)
	w.post.Open(t)
	w.happens(t, w.officer, w.changed())
	w.ahead.Store(int64(-time.Minute))
	w.happens(t, w.officer, w.changed())

	t.Run("inbox and stream have both, in the order in which they happened", func(t *testing.T) {
		c, err := w.Following(w.acting(t, w.director), 0)
		require.NoError(t, err)
		require.Len(t, c.Seen, 2)
		require.Equal(t, c.Seen[0].Sequence+1, c.Seen[1].Sequence)
		require.True(t, c.Seen[1].At.Before(c.Seen[0].At))
		rest, err := w.Following(w.acting(t, w.director), c.After)
		require.NoError(t, err)
		require.Empty(t, rest.Seen)
	})

	t.Run("both are mailed, each once, at the latest when the clock has caught up", func(t *testing.T) {
		attempt := func() {
			for _, d := range w.deliveries(t, w.director) {
				_, err := w.Deliver(t.Context(), d.job())
				require.NoError(t, err)
			}
		}
		attempt()
		w.ahead.Store(int64(late + time.Second))
		require.NoError(t, w.Sweep(t.Context()))
		attempt()
		letters, came := map[string]bool{}, map[string]bool{}
		for _, d := range w.deliveries(t, w.director) {
			require.Equal(t, Sent, d.State)
			letters["<"+d.LetterID.String()+"@wijkregie.example>"] = true
		}
		for range letters {
			came[arrives(t, w.post.Received, "a mail").Header.Get("Message-Id")] = true
		}
		require.Equal(t, letters, came)
		require.Empty(t, w.post.Received)
	})
}

// TestTwoTakeOneDelivery is two processes that have the same job at the same moment.
func TestTwoTakeOneDelivery(t *testing.T) {
	w := newTown(t)
	w.post.Open(t)
	w.happens(t, w.officer, w.changed())
	job := w.delivery(t, w.director).job()
	done := make(chan error, 8)
	for range cap(done) {
		go func() {
			_, err := w.Deliver(t.Context(), job)
			done <- err
		}()
	}
	for range cap(done) {
		require.NoError(t, arrives(t, done, "an attempt"))
	}
	arrives(t, w.post.Received, "the mail")
	require.Empty(t, w.post.Received)
}

// TestDatabaseCutAfterMail is a database that is away at the moment when the mail server has taken a mail.
func TestDatabaseCutAfterMail(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, w.changed())
	d := w.delivery(t, w.director)
	d.ends(Sent, "accepted")
	w.exec(t, "alter table delivery rename to delivery_away")
	done := make(chan error, 1)
	go func() {
		done <- w.settle(identity.With(t.Context(), identity.System(veldhoven, "delivery")), []Delivery{d})
	}()
	w.exec(t, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()")
	w.exec(t, "alter table delivery_away rename to delivery")
	require.NoError(t, arrives(t, done, "that it was noted"))
	require.Equal(t, Sent, w.delivery(t, w.director).State)
}

// jobs counts the jobs of a delivery in the queue.
func (w *town) jobs(t *testing.T, d Delivery) (n int) {
	t.Helper()
	require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from river_job where args->>'delivery' = $1", d.ID.String()).Scan(&n))
	return n
}

// deliveries reads all deliveries to a professional, the earliest first.
func (w *town) deliveries(t *testing.T, to uuid.UUID) (all []Delivery) {
	t.Helper()
	rows, err := w.admin.Query(t.Context(), "select municipality_id, id, state, letter_id from delivery where professional_id = $1 order by seq", to)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var d Delivery
		require.NoError(t, rows.Scan(&d.MunicipalityID, &d.ID, &d.State, &d.LetterID))
		all = append(all, d)
	}
	require.NoError(t, rows.Err())
	return all
}
