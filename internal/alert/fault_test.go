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
	letters, err := w.hold(t.Context(), veldhoven, mostLetters)
	require.NoError(t, err)
	require.Len(t, letters, 2, "of the director and of the chair")
	held := w.delivery(t, w.director)

	t.Run("nobody else sends it while it is in hand", func(t *testing.T) {
		w.ahead.Store(int64(inHand - time.Second))
		w.attempt(t, w.director)
		require.Empty(t, w.post.Received)
	})

	t.Run("then it goes out under the same Message-ID, once", func(t *testing.T) {
		w.ahead.Store(int64(inHand + time.Second))
		for range 2 {
			w.attempt(t, w.director)
		}
		letter := arrives(t, w.post.Received, "the mail")
		require.Equal(t, "<"+held.LetterID.String()+"@wijkregie.example>", letter.Header.Get("Message-Id"))
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
		w.attempt(t, w.director)
		w.ahead.Store(int64(time.Second))
		w.attempt(t, w.director)
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

// TestTwoTakeOneDelivery is processes that look for mails at the same moment.
func TestTwoTakeOneDelivery(t *testing.T) {
	w := newTown(t)
	w.post.Open(t)
	w.happens(t, w.officer, w.changed())
	done := make(chan error, 8)
	for range cap(done) {
		go func() {
			done <- w.attemptAll(t.Context())
		}()
	}
	for range cap(done) {
		require.NoError(t, arrives(t, done, "an attempt"))
	}
	for range 2 {
		arrives(t, w.post.Received, "the mails of the director and of the chair")
	}
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
