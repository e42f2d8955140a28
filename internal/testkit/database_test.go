package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { Main(m) }

func TestDatabase(t *testing.T) {
	t.Run("two databases do not see each other's rows", func(t *testing.T) {
		a, b := connect(t, Database(t).URL), connect(t, Database(t).URL)
		require.NoError(t, exec(t.Context(), a, "create table note (text text)", "insert into note values ('a')"))

		var exists bool
		require.NoError(t, b.QueryRow(t.Context(), "select to_regclass('note') is not null").Scan(&exists))
		require.False(t, exists)
	})

	t.Run("it is migrated", func(t *testing.T) {
		var version int
		conn := connect(t, Database(t).URL)
		require.NoError(t, conn.QueryRow(t.Context(), "select max(version_id) from goose_db_version").Scan(&version))
		require.Positive(t, version)
	})

	t.Run("it is dropped after the test, connections and all", func(t *testing.T) {
		var address string
		t.Run("inner", func(t *testing.T) {
			address = Database(t).URL
			conn, err := pgx.Connect(context.Background(), address)
			require.NoError(t, err)
			require.NoError(t, conn.Ping(t.Context()))
		})

		_, err := pgx.Connect(t.Context(), address)
		var refused *pgconn.PgError
		require.True(t, errors.As(err, &refused), "%v", err)
		require.Equal(t, "3D000", refused.Code) // invalid_catalog_name
	})
}

func TestTemplate(t *testing.T) {
	t.Run("a second binary on the same server uses the same template", func(t *testing.T) {
		Database(t)
		before := templateID(t, host.server)
		second := server{admin: host.admin, template: host.template}
		require.NoError(t, second.migrate())
		require.Equal(t, before, templateID(t, second))
	})

	t.Run("a template that was left half-made is made anew", func(t *testing.T) {
		Database(t)
		s := server{admin: host.admin, template: "wijkregie_half_" + strings.ToLower(rand.Text())}
		t.Cleanup(func() {
			unmark := "alter database " + quoted(s.template) + " with is_template false"
			require.NoError(t, s.administer(func(ctx context.Context, conn *pgx.Conn) error { return exec(ctx, conn, unmark) }))
			require.NoError(t, s.drop(s.template))
		})
		half := func(ctx context.Context, conn *pgx.Conn) error {
			return exec(ctx, conn, "create database "+quoted(s.template))
		}
		require.NoError(t, s.administer(half))
		before := templateID(t, s)

		require.NoError(t, s.migrate())
		require.NotEqual(t, before, templateID(t, s))
	})
}

func TestOpen(t *testing.T) {
	t.Run("an address that is no URL is refused without showing it", func(t *testing.T) {
		t.Setenv("TEST_DATABASE_URL", "host=localhost password=geheim")

		_, err := open()
		require.ErrorContains(t, err, "TEST_DATABASE_URL")
		require.NotContains(t, err.Error(), "geheim")
	})

	t.Run("TEST_DATABASE_URL comes before DATABASE_URL", func(t *testing.T) {
		Database(t)
		t.Setenv("TEST_DATABASE_URL", host.admin)
		t.Setenv("DATABASE_URL", "nowhere")

		s, err := open()
		require.NoError(t, err)
		require.Equal(t, host.admin, s.admin)
	})

	t.Run("DATABASE_URL is used when it is all there is", func(t *testing.T) {
		Database(t)
		t.Setenv("TEST_DATABASE_URL", "")
		t.Setenv("DATABASE_URL", host.admin)

		s, err := open()
		require.NoError(t, err)
		require.Equal(t, host.admin, s.admin)
		require.Nil(t, s.stop)
	})
}

// BenchmarkDatabase measures one clone, its connection included.
func BenchmarkDatabase(b *testing.B) {
	Database(b)
	name := "wijkregie_bench_" + strings.ToLower(rand.Text())
	for b.Loop() {
		require.NoError(b, host.clone(name))
		b.StopTimer()
		require.NoError(b, host.drop(name))
		b.StartTimer()
	}
}

func templateID(t *testing.T, s server) (id uint32) {
	t.Helper()
	require.NoError(t, s.administer(func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select oid from pg_database where datname = $1", s.template).Scan(&id)
	}))
	return id
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}
