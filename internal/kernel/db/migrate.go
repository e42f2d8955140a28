package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

const riverGrants = `grant select on goose_db_version to wijkregie_system;
grant usage on all sequences in schema public to wijkregie_system;
grant select, insert, update, delete on river_job, river_leader, river_queue, river_client, river_client_queue to wijkregie_system`

// Migrate brings the database at url to this program's schema; forward only, safe to run twice and
// by several instances at once. The user in url becomes the owner of everything.
func Migrate(ctx context.Context, url string) (err error) {
	conn, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	provider, err := newProvider(conn)
	if err != nil {
		return err
	}
	// One connection holds the lock, so that two instances migrate one after the other.
	guard, err := conn.Conn(ctx)
	if err != nil {
		return fmt.Errorf("cannot reach the database: %w", err)
	}
	defer guard.Close()
	if _, err := guard.ExecContext(ctx, "select pg_advisory_lock(hashtext('wijkregie migrate'))"); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	river, err := rivermigrate.New(riverdatabasesql.New(conn), nil)
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	_, err = conn.ExecContext(ctx, riverGrants)
	return err
}

func newProvider(conn *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, conn, files)
}

// Ready migrates, or, for a user who may not, makes sure that the owner did: a program in production
// works as a user who owns nothing.
func Ready(ctx context.Context, url string) error {
	err := Migrate(ctx, url)
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "42501" { // insufficient_privilege
		return err
	}
	d, err := Open(ctx, url, Options{MaxConns: 1})
	if err != nil {
		return err
	}
	return errors.Join(d.Migrated(ctx), d.Close())
}

// Migrated tells whether the database has this program's schema, an error saying what to do.
func (d *DB) Migrated(ctx context.Context) error {
	pool, err := d.system.DB()
	if err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var at int
	if err := pool.QueryRowContext(ctx, "select max(version_id) from goose_db_version where is_applied").Scan(&at); err != nil {
		return fmt.Errorf("the database is not migrated; run wijkregie migrate as its owner: %w", err)
	}
	var latest int // the files are sorted by the number that their names start with
	if _, err := fmt.Sscanf(path.Base(files[len(files)-1]), "%d_", &latest); err != nil {
		return err
	}
	if at != latest {
		return fmt.Errorf("the database is at version %d and this program at %d; run wijkregie migrate as its owner", at, latest)
	}
	return nil
}

// MigrationHash names the schema: it changes when a migration does.
func MigrationHash() string {
	sum := sha256.New()
	sum.Write([]byte(riverGrants))
	err := fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := migrations.ReadFile(path)
		sum.Write([]byte(path))
		sum.Write(text)
		return err
	})
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

var _ = stdlib.GetDefaultDriver // registers "pgx" with database/sql
