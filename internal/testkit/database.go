// Package testkit gives tests what the product stands on for real: a PostgreSQL database of their
// own, identities, fixtures and the HTTP client.
package testkit

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/db/embedded"
)

// databaseBound is how long making or dropping one database may take, waiting for other test
// binaries that migrate included.
const databaseBound = 2 * time.Minute

// DB is a migrated database that one test has to itself.
type DB struct {
	// URL reaches the database as the superuser, who owns everything in it. On a server named by
	// TEST_DATABASE_URL or DATABASE_URL it is that URL's user.
	URL string
}

// server makes databases from one template.
type server struct {
	admin    string // URL of a database from which others are made
	template string // its name
	stop     func() error
}

// host is the server that all tests of one test binary share. A test binary has no main to hand it
// around, so this is the one place to keep it.
var host struct {
	once sync.Once
	server
	err error
}

// Database makes a fresh, migrated database for the test, and drops it afterwards. The server is
// the one in TEST_DATABASE_URL or DATABASE_URL, whose user must be allowed to create databases and
// roles and be the same each time, else an embedded one for this test binary; see Main. It fails the
// test when there is none.
func Database(tb testing.TB) *DB {
	tb.Helper()
	host.once.Do(func() { host.server, host.err = open() })
	if host.err != nil {
		tb.Fatalf("database for tests: %v", host.err)
	}
	name := "wijkregie_test_" + strings.ToLower(rand.Text())
	if err := host.clone(name); err != nil {
		tb.Fatalf("database for this test: %v", err)
	}
	tb.Cleanup(func() {
		if err := host.drop(name); err != nil {
			tb.Errorf("drop the database of this test: %v", err)
		}
	})
	return &DB{URL: host.url(name)}
}

// Main runs the tests of a package that uses Database, stops the embedded server and exits. Without
// it the server still ends with the test binary, but its files stay until a later run removes them.
func Main(m *testing.M) {
	code := m.Run()
	if host.stop != nil {
		if err := host.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the database for tests:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// open finds or starts the server and makes the template.
func open() (server, error) {
	s := server{
		admin:    cmp.Or(os.Getenv("TEST_DATABASE_URL"), os.Getenv("DATABASE_URL")),
		template: "wijkregie_template_" + db.MigrationHash(),
	}
	if s.admin == "" {
		own, err := embedded.Start(context.Background(), embedded.Options{})
		if err != nil {
			return s, err
		}
		s.admin, s.stop = own.URL("postgres"), own.Stop
	}
	// The reason is left out: it would show the password.
	if u, err := url.Parse(s.admin); err != nil || u.Host == "" && u.Query().Get("host") == "" {
		return s, errors.New("TEST_DATABASE_URL or DATABASE_URL is not a URL like postgres://user:password@host:5432/postgres")
	}
	return s, s.migrate()
}

// migrate makes the template, once for all test binaries on this server. Being marked as a template
// is what tells that it is complete.
func (s server) migrate() error {
	return s.administer(func(ctx context.Context, conn *pgx.Conn) error {
		if err := exec(ctx, conn, "select pg_advisory_lock(hashtext('wijkregie template'))"); err != nil {
			return err
		}
		var ready bool
		const find = "select exists (select from pg_database where datname = $1 and datistemplate)"
		if err := conn.QueryRow(ctx, find, s.template).Scan(&ready); err != nil || ready {
			return err
		}
		name := quoted(s.template)
		if err := exec(ctx, conn, "drop database if exists "+name+" with (force)", "create database "+name+" template template0"); err != nil {
			return err
		}
		if err := db.Migrate(ctx, s.url(s.template)); err != nil {
			return err
		}
		// A template that nobody can connect to can always be cloned.
		return exec(ctx, conn, "alter database "+name+" with is_template true allow_connections false")
	})
}

// clone copies the template's files, which is quicker than its WAL while the template is small.
func (s server) clone(name string) error {
	return s.administer(func(ctx context.Context, conn *pgx.Conn) error {
		statement := "create database " + quoted(name) + " template " + quoted(s.template)
		// PostgreSQL 14 knows no other way and no word for it.
		if conn.PgConn().ParameterStatus("server_version") >= "15" {
			statement += " strategy file_copy"
		}
		return exec(ctx, conn, statement)
	})
}

// drop removes a database, connections that were left open included.
func (s server) drop(name string) error {
	return s.administer(func(ctx context.Context, conn *pgx.Conn) error {
		return exec(ctx, conn, "drop database if exists "+quoted(name)+" with (force)")
	})
}

// administer does something on a connection of its own, so that no idle one outlives a test.
func (s server) administer(do func(context.Context, *pgx.Conn) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseBound)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return do(ctx, conn)
}

// url is how the user of the server's URL reaches another database of it.
func (s server) url(name string) string {
	u, err := url.Parse(s.admin)
	if err != nil {
		return ""
	}
	u.Path = "/" + name
	return u.String()
}

func exec(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
