package alert

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// waiting tells how many deliveries wait, and how many of them for later.
func (w *town) waiting(t *testing.T) (deliveries, later int) {
	t.Helper()
	require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from delivery where state = 'pending'").Scan(&deliveries))
	require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from delivery where state = 'pending' and next_try_at > $1", w.now()).Scan(&later))
	return deliveries, later
}

// leaves makes an attempt at what is due for the case director and returns how many mails left.
func (w *town) leaves(t *testing.T) int {
	t.Helper()
	before := len(w.post.Received)
	w.attempt(t, w.director)
	return len(w.post.Received) - before
}

func TestPreferences(t *testing.T) {
	w := newTown(t)
	director := w.acting(t, w.director)
	before, err := w.Preferences(director)
	require.NoError(t, err)
	require.Equal(t, AtOnce, before.Email, "who has set nothing is told at once")

	t.Run("the first change makes the record, the next needs the tag of what was read", func(t *testing.T) {
		_, err := w.Prefer(director, "*", func(p *Preference) { p.Email = Daily })
		require.NoError(t, err)
		_, err = w.Prefer(director, `"AAAA"`, func(p *Preference) { p.Email = Never })
		require.True(t, problem.Is(err, problem.Stale))
		_, err = w.Prefer(director, "", func(p *Preference) { p.Email = Never })
		require.True(t, problem.Is(err, problem.MatchRequired))
		p, err := w.Prefer(director, "*", func(p *Preference) { p.QuietFrom, p.QuietUntil = "22:00", "07:00" })
		require.NoError(t, err)
		require.Equal(t, Daily, p.Email)
	})
	t.Run("quiet hours have a beginning, an end and a length", func(t *testing.T) {
		for _, until := range []string{"", "22:00"} {
			_, err := w.Prefer(director, "*", func(p *Preference) { p.QuietUntil = until })
			require.True(t, problem.Is(err, problem.Invalid))
		}
	})
	t.Run("they are one's own", func(t *testing.T) {
		theirs, err := w.Preferences(w.acting(t, w.chair))
		require.NoError(t, err)
		require.Equal(t, AtOnce, theirs.Email)
	})
	t.Run("a system has none", func(t *testing.T) {
		who, err := w.as(t.Context(), veldhoven, w.officer)
		require.NoError(t, err)
		who.Professional = [16]byte{}
		system := identity.With(t.Context(), who)
		_, err = w.Preferences(system)
		require.True(t, problem.Is(err, problem.Forbidden))
		_, err = w.Prefer(system, "*", func(*Preference) {})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
}

func TestMailsOfABurst(t *testing.T) {
	w := newTown(t)
	w.post.Open(t)
	w.happens(t, w.officer, w.changed())
	require.Equal(t, 1, w.leaves(t), "the first leaves at once")
	arrives(t, w.post.Received, "the first mail")
	for range 3 {
		w.happens(t, w.officer, w.changed())
		require.Zero(t, w.leaves(t), "what follows waits")
	}
	_, later := w.waiting(t)
	require.Equal(t, 6, later, "until the window ends")
	w.ahead.Add(int64(time.Minute))
	require.Equal(t, 1, w.leaves(t))
	require.Equal(t, "SITRAP 2026-000007: 3 wijzigingen", arrives(t, w.post.Received, "the second mail").Header.Get("Subject"))
}

func TestMailAsWished(t *testing.T) {
	wished := func(t *testing.T, p func(*Preference)) *town {
		w := newTown(t)
		w.post.Open(t)
		_, err := w.Prefer(w.acting(t, w.director), "*", p)
		require.NoError(t, err)
		w.happens(t, w.officer, w.changed(), w.changed())
		require.Len(t, all(t, w, w.acting(t, w.director), Filter{}), 2, "the inbox has every alert whatever he wishes by mail")
		return w
	}
	t.Run("none gives no mail", func(t *testing.T) {
		w := wished(t, func(p *Preference) { p.Email = Never })
		deliveries, _ := w.waiting(t)
		require.Equal(t, 2, deliveries, "those of the chair")
	})
	t.Run("a digest is one mail of all dossiers", func(t *testing.T) {
		w := wished(t, func(p *Preference) { p.Email = Hourly })
		w.another(t)
		w.happens(t, w.officer, w.changed())
		require.Zero(t, w.leaves(t), "not before the hour")
		w.ahead.Add(int64(time.Hour))
		require.Equal(t, 1, w.leaves(t))
		require.Equal(t, "SITRAP: 3 wijzigingen in 2 dossiers", arrives(t, w.post.Received, "the digest").Header.Get("Subject"))
	})
	t.Run("what is of high priority leaves at once", func(t *testing.T) {
		w := wished(t, func(p *Preference) { p.Email = Never })
		e := w.changed()
		e.Name = "assessment.acute"
		w.happens(t, w.officer, e)
		require.Equal(t, 1, w.leaves(t))
	})
}

// another goes on in a second dossier of the same people.
func (w *town) another(t *testing.T) {
	t.Helper()
	w.dossier = id()
	w.exec(t, `insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, case_director_id, chair_id, opened_by,
		opened_at, changed_at) values ('GM0861', $1, 1, '2026-000008', 'person', 'Casus Pietersen', 'active', 'covenant', 'doel', $2, $3, $4, now(), now())`,
		w.dossier, w.director, w.chair, w.officer)
	w.admit(t, w.director, authz.RoleCaseDirector)
	w.admit(t, w.chair, authz.RoleChair)
	w.admit(t, w.officer, 0)
}
