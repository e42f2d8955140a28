package hostile

import (
	"testing"

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
}
