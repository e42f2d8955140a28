package db_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

// empty makes a database without anything in it, on the server of a migrated one.
func empty(t *testing.T) string {
	t.Helper()
	migrated := testkit.Database(t).URL
	conn := connect(t, migrated)
	u, err := url.Parse(migrated)
	require.NoError(t, err)
	u.Path += "_empty"
	name := pgx.Identifier{strings.TrimPrefix(u.Path, "/")}.Sanitize()
	_, err = conn.Exec(t.Context(), "create database "+name+" template template0")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "drop database "+name+" with (force)")
		require.NoError(t, err)
	})
	return u.String()
}

// schema is every column, index, policy, right and migration of a database, to compare.
const schema = `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(column_default, '') from information_schema.columns where table_schema = 'public'
union all select indexdef from pg_indexes where schemaname = 'public'
union all select tablename || policyname || coalesce(qual, '') || coalesce(with_check, '') from pg_policies
union all select relname || relacl::text from pg_class where relnamespace = 'public'::regnamespace and relacl is not null
union all select version_id::text || is_applied from goose_db_version
union all select line || version::text from river_migration order by 1`

func TestMigrate(t *testing.T) {
	t.Run("two instances at once bring an empty database to the schema, and a second time changes nothing", func(t *testing.T) {
		address, done := empty(t), make(chan error, 2)
		unmigrated, err := db.Open(t.Context(), address, db.Options{})
		require.NoError(t, err)
		require.ErrorContains(t, unmigrated.Migrated(t.Context()), "wijkregie migrate")
		for range 2 {
			go func() { done <- db.Migrate(context.WithoutCancel(t.Context()), address) }()
		}
		require.NoError(t, <-done)
		require.NoError(t, <-done)
		require.NoError(t, unmigrated.Migrated(t.Context()))
		require.NoError(t, unmigrated.Close())

		conn := connect(t, address)
		first := names(t, conn, schema)
		require.Equal(t, names(t, connect(t, testkit.Database(t).URL), schema), first, "as one instance alone makes it")
		require.NoError(t, db.Migrate(t.Context(), address))
		require.Equal(t, first, names(t, conn, schema))
	})
	t.Run("a database that cannot be reached is an error", func(t *testing.T) {
		require.ErrorContains(t, db.Migrate(t.Context(), "postgres://nobody@127.0.0.1:1/none"), "cannot reach the database")
	})
	t.Run("the schema has a name that is the same each time", func(t *testing.T) {
		require.Regexp(t, "^[0-9a-f]{16}$", db.MigrationHash())
		require.Equal(t, db.MigrationHash(), db.MigrationHash())
	})
}

func TestOpen(t *testing.T) {
	for name, address := range map[string]string{
		"what is no address":        "postgres://wijkregie:geheim@localhost:port/none",
		"where nothing listens":     "postgres://wijkregie:geheim@127.0.0.1:1/none",
		"an option that is unknown": "postgres://wijkregie:geheim@127.0.0.1:1/none?sslmode=perhaps",
	} {
		t.Run(name+" is refused without showing the password", func(t *testing.T) {
			_, err := db.Open(t.Context(), address, db.Options{})
			require.Error(t, err)
			require.NotContains(t, err.Error(), "geheim")
		})
	}
	t.Run("it works under its roles, in UTC, and cannot take more by itself", func(t *testing.T) {
		d, err := db.Open(t.Context(), testkit.Database(t).URL, db.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, d.Close()) })
		require.NoError(t, d.Ping(t.Context()))
		pool, err := d.SystemPool()
		require.NoError(t, err)
		var role, zone, patience string
		require.NoError(t, pool.QueryRowContext(t.Context(),
			"select current_user, current_setting('timezone'), current_setting('statement_timeout')").Scan(&role, &zone, &patience))
		require.Equal(t, []string{"wijkregie_system", "UTC", "30s"}, []string{role, zone, patience})
	})
	t.Run("after Close it does not answer", func(t *testing.T) {
		d, err := db.Open(t.Context(), testkit.Database(t).URL, db.Options{})
		require.NoError(t, err)
		require.NoError(t, d.Close())
		require.Error(t, d.Ping(t.Context()))
	})
}

func TestAddMunicipality(t *testing.T) {
	address := testkit.Database(t).URL
	conn := connect(t, address)
	const all = "select m.id || ' ' || m.name || ' ' || m.time_zone || ' ' || s.people from municipality m join municipality_stamp s on s.municipality_id = m.id"

	for name, c := range map[string][3]string{
		"a code that is none":           {"0861", "Veldhoven", "Europe/Amsterdam"},
		"a code with something after":   {"GM0861'", "Veldhoven", "Europe/Amsterdam"},
		"no name":                       {"GM0861", "", "Europe/Amsterdam"},
		"a zone that is not on the map": {"GM0861", "Veldhoven", "Europe/Veldhoven"},
		"no zone":                       {"GM0861", "Veldhoven", ""},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			require.Error(t, db.AddMunicipality(t.Context(), address, c[0], c[1], c[2]))
			require.Empty(t, names(t, conn, all))
		})
	}
	t.Run("one that is there stays as it is", func(t *testing.T) {
		require.NoError(t, db.AddMunicipality(t.Context(), address, home, "Veldhoven", "Europe/Amsterdam"))
		_, err := conn.Exec(t.Context(), "update municipality_stamp set people = 7")
		require.NoError(t, err)
		require.NoError(t, db.AddMunicipality(t.Context(), address, home, "Eindhoven", "UTC"))
		require.Equal(t, []string{"GM0861 Veldhoven Europe/Amsterdam 7"}, names(t, conn, all))
	})
}
