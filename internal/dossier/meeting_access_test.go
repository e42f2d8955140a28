package dossier

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// met is a meeting of the chair, and an invitation to it.
func (w *world) met(invited string, dossiers ...Seen) Invited {
	w.t.Helper()
	in := Invited{
		MeetingID: newID(), InvitationID: newID(), ProfessionalID: w.people[invited].id, Leader: w.people["chair"].id,
		Until: time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond),
	}
	for _, d := range dossiers {
		in.Dossiers = append(in.Dossiers, d.ID)
	}
	w.exec(`insert into meeting (municipality_id, id, version, title, chair_id, starts_at, ends_at, status, scheduled_by, changed_at)
		values ($1, $2, 1, 'Overleg', $3, now(), now() + interval '1 hour', 'planned', $3, now())`, home, in.MeetingID, in.Leader)
	return in
}

func (w *world) admitted(by string, in Invited) (opened []Dossier) {
	w.t.Helper()
	require.NoError(w.t, w.s.k.DB.Tx(w.as(by), func(ctx context.Context) (err error) {
		opened, err = w.s.AdmitToMeeting(ctx, in)
		return err
	}))
	return opened
}

func TestAdmitToMeeting(t *testing.T) {
	w := newWorld(t)
	d, unknown := w.directed("police"), w.opened("police")

	t.Run("opens what the chair takes part in, and leaves the rest shut without a word", func(t *testing.T) {
		in := w.met("housing", d, unknown)
		opened := w.admitted("chair", in)
		require.Len(t, opened, 1)
		require.Equal(t, d.ID, opened[0].ID)
		require.Equal(t, []problem.Kind{"", problem.NotFound}, append(w.kinds(d, "housing"), w.kinds(unknown, "housing")...))
		require.Empty(t, w.admitted("chair", in), "a second time it is open already")
	})
	t.Run("who takes part and does not lead the meeting may not", func(t *testing.T) {
		require.Equal(t, problem.Forbidden, kind(w.s.k.DB.Tx(w.as("police"), func(ctx context.Context) error {
			_, err := w.s.AdmitToMeeting(ctx, w.met("fire", d))
			return err
		})))
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "fire"))
	})
	t.Run("nothing opens in a dossier that closed", func(t *testing.T) {
		closed := w.directed()
		in := w.met("housing", closed)
		_, err := w.close("chair", closed)
		require.NoError(t, err)
		require.Empty(t, w.admitted("chair", in))
	})
	t.Run("closing shields it from who was invited too", func(t *testing.T) {
		closed := w.directed()
		w.admitted("chair", w.met("housing", closed))
		_, err := w.close("chair", closed)
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{problem.Shielded, problem.NotFound}, w.kinds(closed, "housing", "fire"))
	})
}

func TestShutMeeting(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	in := w.met("housing", d)
	now := time.Now()
	w.exec(`insert into matrix_exception (municipality_id, id, version, dossier_id, partner_id, category, level, reason, since, until, changed_at)
		values ($1, $2, 1, $3, $4, $5, 'read', 'Even.', $6, $7, now())`, home, newID(), d.ID, w.people["housing"].partner, int(authz.Health),
		now.Add(20*time.Minute), now.Add(40*time.Minute))
	w.admitted("chair", in)
	lasting := func() int { return w.count("admission where kind = 'meeting' and until > greatest(since, now())") }
	shut := func(by string, latest time.Time) {
		t.Helper()
		require.NoError(t, w.s.k.DB.Tx(w.as(by), func(ctx context.Context) error {
			return db.Conn(ctx).Exec("select limit_meeting_access(?, ?, ?, ?)", in.MeetingID, in.InvitationID, latest, db.IDs(nil)).Error
		}))
	}
	require.Equal(t, 3, lasting(), "an exception to come parts it")

	t.Run("nobody shuts it who neither leads the meeting nor was invited, whatever he runs", func(t *testing.T) {
		for _, name := range []string{"police", "lead", "stranger"} {
			shut(name, now)
		}
		require.Equal(t, 3, lasting())
	})
	t.Run("nor in the product without a decision", func(t *testing.T) {
		require.Error(t, w.s.k.DB.Tx(w.as("housing"), func(ctx context.Context) error {
			return w.s.ShutMeeting(ctx, Shut{MeetingID: in.MeetingID, InvitationID: &in.InvitationID, Latest: now})
		}))
	})
	t.Run("it is never made longer", func(t *testing.T) {
		shut("chair", now.Add(5*time.Hour))
		require.Equal(t, 1, w.count("meeting_access where until = $1", in.Until))
	})
	t.Run("cut, it ends where it is cut", func(t *testing.T) {
		at := now.Add(30 * time.Minute).Truncate(time.Microsecond)
		shut("chair", at)
		require.Equal(t, 2, lasting())
		require.Equal(t, 1, w.count("admission where kind = 'meeting' and until = $1 and since < until", at))
		require.Zero(t, w.count("admission where kind = 'meeting' and until < since"))
	})
	t.Run("who was invited leaves at once, and no later change of the dossier brings him back", func(t *testing.T) {
		require.Equal(t, []problem.Kind{""}, w.kinds(d, "housing"))
		shut("housing", now)
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "housing"))
		_, err := w.s.AddParticipant(w.as("lead"), d.ID, w.joining("fire"))
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "housing"))
		require.Zero(t, lasting())
	})
}
