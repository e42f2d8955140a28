package access_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home, elsewhere = "GM0861", "GM0844"

// open makes a writer on a database of two municipalities, and a connection of the owner.
func open(t *testing.T) (*access.Writer, *pgx.Conn) {
	t.Helper()
	url := testkit.Database(t).URL
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	_, err = conn.Exec(t.Context(), "insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM0844', 'Schijndel')")
	require.NoError(t, err)
	d, err := db.Open(t.Context(), url, db.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return access.NewWriter(d), conn
}

func person(municipality string) identity.Identity {
	return identity.Identity{Municipality: municipality, Partner: uuid.New(), Professional: uuid.New(), Roles: []identity.Role{identity.Chair}}
}

// lines are those of one request that looked at so many dossiers.
func lines(t *testing.T, municipality string, dossiers int) []access.Line {
	t.Helper()
	trail := access.NewTrail("getDossier", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
	ctx := access.With(identity.With(t.Context(), person(municipality)), trail)
	access.Follow(ctx)
	for range dossiers {
		access.Looked(ctx, map[uuid.UUID]access.Sight{uuid.New(): {Known: true, Categories: 5, Basis: "wgs", Grounds: []string{"participant"}}})
	}
	return trail.Lines(time.Now().UTC(), 200)
}

func count(t *testing.T, conn *pgx.Conn, query string) (n int) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&n))
	return n
}

func TestWriter(t *testing.T) {
	w, conn := open(t)
	t.Run("what was written is there when it returns, each in its own municipality", func(t *testing.T) {
		require.NoError(t, w.Write(t.Context(), lines(t, home, 3)))
		require.NoError(t, w.Write(t.Context(), lines(t, elsewhere, 1)))
		require.Equal(t, 3, count(t, conn, "select count(*) from access_line where municipality_id = 'GM0861' and roles = '{chair}' and categories = 5 and basis = 'wgs'"))
		require.Equal(t, 1, count(t, conn, "select count(*) from access_line where municipality_id = 'GM0844'"))
	})
	t.Run("many at once each have theirs", func(t *testing.T) {
		done := make(chan error)
		for i := range 64 {
			all := lines(t, []string{home, elsewhere}[i%2], 2)
			go func() { done <- w.Write(context.Background(), all) }()
		}
		for range 64 {
			require.NoError(t, <-done)
		}
		require.Equal(t, 4+128, count(t, conn, "select count(*) from access_line"))
	})
	t.Run("the same lines again add nothing", func(t *testing.T) {
		all := lines(t, home, 1)
		require.NoError(t, w.Write(t.Context(), all))
		require.NoError(t, w.Write(t.Context(), all))
		require.Equal(t, 4+128+1, count(t, conn, "select count(*) from access_line"))
	})
	t.Run("who cannot be written is told, and the next is written", func(t *testing.T) {
		_, err := conn.Exec(t.Context(), "revoke insert on access_line from wijkregie_app")
		require.NoError(t, err)
		require.ErrorContains(t, w.Write(t.Context(), lines(t, home, 1)), "permission denied")
		_, err = conn.Exec(t.Context(), "grant insert on access_line to wijkregie_app")
		require.NoError(t, err)
		require.NoError(t, w.Write(t.Context(), lines(t, home, 1)))
	})
}

func TestLinesStay(t *testing.T) {
	w, conn := open(t)
	require.NoError(t, w.Write(t.Context(), lines(t, home, 1)))
	for _, statement := range []string{"update access_line set outcome = 'refused'", "delete from access_line", "truncate access_line"} {
		t.Run("the owner cannot "+statement, func(t *testing.T) {
			_, err := conn.Exec(t.Context(), statement)
			require.ErrorContains(t, err, "stays as it is")
		})
		for _, role := range []string{"wijkregie_app", "wijkregie_system"} {
			t.Run(role+" cannot "+statement, func(t *testing.T) {
				_, err := conn.Exec(t.Context(), "begin; set local role "+role+"; "+statement)
				require.ErrorContains(t, err, "permission denied")
				_, err = conn.Exec(t.Context(), "rollback")
				require.NoError(t, err)
			})
		}
	}
	require.Equal(t, 1, count(t, conn, "select count(*) from access_line"))
}

func TestTrail(t *testing.T) {
	who, dossier := person(home), uuid.New()
	begin := func() (context.Context, *access.Trail) {
		trail := access.NewTrail("getDossier", "", "")
		ctx := access.With(identity.With(t.Context(), who), trail)
		access.Follow(ctx)
		return ctx, trail
	}
	known := map[uuid.UUID]access.Sight{dossier: {Known: true, Categories: 1}}
	t.Run("a request that looked at nothing has one line", func(t *testing.T) {
		_, trail := begin()
		all := trail.Lines(time.Now(), 200)
		require.Len(t, all, 1)
		require.Equal(t, uuid.Nil, all[0].Dossier)
		require.Empty(t, trail.Lines(time.Now(), 200), "and no second")
	})
	t.Run("a dossier that was asked for in vain is in a refusal alone", func(t *testing.T) {
		for status, outcome := range map[int]string{200: access.Allowed, 403: access.Refused, 404: access.NotFound, 503: access.Failed} {
			ctx, trail := begin()
			access.Looked(ctx, map[uuid.UUID]access.Sight{dossier: {}})
			all := trail.Lines(time.Now(), status)
			require.Len(t, all, 1)
			require.Equal(t, outcome, all[0].Outcome)
			require.Equal(t, status != 200, all[0].Dossier == dossier)
		}
	})
	t.Run("what another would see is not what the caller saw", func(t *testing.T) {
		ctx, trail := begin()
		access.Looked(identity.With(ctx, person(home)), known)
		access.Looked(identity.With(ctx, identity.System(home, "test")), known)
		require.Equal(t, uuid.Nil, trail.Lines(time.Now(), 200)[0].Dossier)
	})
	t.Run("what comes later in a stream has lines of its own", func(t *testing.T) {
		ctx, trail := begin()
		require.Len(t, trail.Lines(time.Now(), 200), 1)
		access.Looked(ctx, known)
		require.Len(t, trail.Lines(time.Now(), 200), 1)
	})
	t.Run("without a trail nothing is noted", func(t *testing.T) {
		access.Looked(identity.With(t.Context(), who), known)
		access.Asked(t.Context(), "dossier.read", dossier)
	})
}
