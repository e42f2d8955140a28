package hostile

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestNobodyAdmitsHimself tries it below the rules in Go: with the application's own role in the
// database, as a professional who takes no part.
func TestNobodyAdmitsHimself(t *testing.T) {
	w := live.Start(t)
	c := w.Opened(t, live.M{})
	stranger, partner := w.Person("housing"), w.Partner("housing")
	enter := func(t *testing.T) pgx.Tx {
		conn, err := pgx.Connect(t.Context(), w.Database)
		require.NoError(t, err)
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(t.Context()) })
		_, err = tx.Exec(t.Context(), "set local role wijkregie_app")
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `select set_config('me.municipality', 'GM0861', true), set_config('me.partner', $1, true),
			set_config('me.holders', $2, true), set_config('me.admits', '-1', true)`, partner, "{"+stranger+"}")
		require.NoError(t, err)
		return tx
	}

	t.Run("to a dossier of others", func(t *testing.T) {
		_, err := enter(t).Exec(t.Context(), `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile)
			values ('GM0861', gen_random_uuid(), $1, $2, $3, 'participant', now(), 0)`, c.ID, partner, stranger)
		require.ErrorContains(t, err, "row-level security")
	})
	t.Run("nor reads or moves the admissions of others", func(t *testing.T) {
		tx := enter(t)
		var seen int
		require.NoError(t, tx.QueryRow(t.Context(), "select count(*) from admission").Scan(&seen))
		require.Zero(t, seen)
		moved, err := tx.Exec(t.Context(), "update admission set shielded = false, until = 'infinity' where municipality_id = 'GM0861'")
		require.NoError(t, err)
		require.Zero(t, moved.RowsAffected())
	})
	t.Run("nor by breaking the glass for more, or for longer, than an emergency", func(t *testing.T) {
		const hour = "now() + interval '1 hour'"
		type breach struct {
			holder, until          string
			roles, denied, granted int
			recorded               bool
		}
		breaks := func(t *testing.T, b breach) error {
			tx, source := enter(t), uuid.Must(uuid.NewV7())
			if b.recorded {
				_, err := tx.Exec(t.Context(), `insert into emergency_access (municipality_id, id, version, dossier_id, dossier_number, partner_id,
					professional_id, purpose, since, until, review_due, changed_at) values ('GM0861', $1, 1, $2, 'x', $3, $4, 'x', now(), `+b.until+`, now(), now())`,
					source, c.ID, partner, stranger)
				require.NoError(t, err)
			}
			_, err := tx.Exec(t.Context(), `insert into admission (municipality_id, id, dossier_id, partner_id, kind, source, since, profile, holder, until, roles,
				denied, granted) values ('GM0861', gen_random_uuid(), $1, $2, 'emergency', $3, now(), 5, $4, `+b.until+`, $5, $6, $7)`,
				c.ID, partner, source, b.holder, b.roles, b.denied, b.granted)
			return err
		}
		require.NoError(t, breaks(t, breach{stranger, hour, 0, 16, 0, true}))
		for what, b := range map[string]breach{
			"for more than a day":           {stranger, "now() + interval '25 hours'", 0, 16, 0, true},
			"without end":                   {stranger, "'infinity'", 0, 16, 0, true},
			"with health":                   {stranger, hour, 0, 0, 0, true},
			"with a role":                   {stranger, hour, 1, 16, 0, true},
			"with a category of his choice": {stranger, hour, 0, 16, 32, true},
			"for somebody else":             {uuid.NewString(), hour, 0, 16, 0, true},
			"without a record of it":        {stranger, hour, 0, 16, 0, false},
		} {
			require.ErrorContains(t, breaks(t, b), "row-level security", what)
		}
	})
}

// TestThePastOfAdmissionsStays tries to rewrite who was admitted, as somebody who is in the dossier.
func TestThePastOfAdmissionsStays(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	conn, err := pgx.Connect(t.Context(), w.Database)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	_, err = conn.Exec(t.Context(), "update admission set until = now() where dossier_id = $1 and holder = $2", c.ID, w.Person("police"))
	require.NoError(t, err)
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "set local role wijkregie_app")
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `select set_config('me.municipality', 'GM0861', true), set_config('me.partner', $1, true),
		set_config('me.holders', $2, true), set_config('me.admits', '-1', true),
		set_config('me.see', m, true), set_config('me.ceiling', m, true), set_config('me.own', m, true), set_config('me.released', m, true)
		from (select array_fill(-1, array[40])::text as m) all_of_it`, w.Partner("social"), "{"+w.Person("social")+"}")
	require.NoError(t, err)
	changed, err := tx.Exec(t.Context(), "update admission set granted = -1, until = 'infinity' where dossier_id = $1 and holder = $2", c.ID, w.Person("police"))
	require.NoError(t, err)
	require.Zero(t, changed.RowsAffected(), "what has ended is changed by no request")
	changed, err = tx.Exec(t.Context(), "update admission set until = statement_timestamp() where dossier_id = $1 and holder = $2", c.ID, w.Person("housing"))
	require.NoError(t, err)
	require.EqualValues(t, 1, changed.RowsAffected(), "what runs can be ended")
	_, err = tx.Exec(t.Context(), "delete from admission")
	require.ErrorContains(t, err, "permission denied")
}
