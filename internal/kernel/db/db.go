// Package db is the one way to PostgreSQL: a transaction that carries who acts, row-level security
// as second wall, and writes that are refused without a decision.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// The roles under which the program works; both own nothing and cannot bypass row-level security.
const (
	appRole    = "wijkregie_app"
	systemRole = "wijkregie_system"
)

// aheadConns are the connections of the sequencer and of the look for streams that have news.
const aheadConns = 2

// Options of a database.
type Options struct {
	// MaxConns bounds the connections for requests; the system has a quarter of it. Default 16.
	MaxConns int
	// Now is the clock (UTC); default time.Now.
	Now func() time.Time
}

// DB is an open database: one pool for requests, one for the product's own work, a small one for what tells of
// changes, which must not wait for who delivers them, and a connection for the logs.
type DB struct {
	app    *gorm.DB
	system *gorm.DB
	ahead  *gorm.DB
	log    *gorm.DB
	now    func() time.Time
}

// Open connects to url (a PostgreSQL URL or DSN). The user in it must be a member of the roles
// wijkregie_app and wijkregie_system. It fails when the server cannot be reached.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	app, err := open(ctx, url, appRole, o.MaxConns)
	if err != nil {
		return nil, err
	}
	system, err := open(ctx, url, systemRole, max(2, o.MaxConns/4))
	if err != nil {
		return nil, errors.Join(err, closePool(app))
	}
	ahead, err := open(ctx, url, systemRole, aheadConns)
	if err != nil {
		return nil, errors.Join(err, closePool(app), closePool(system))
	}
	log, err := open(ctx, url, appRole, logConns)
	if err != nil {
		return nil, errors.Join(err, closePool(app), closePool(system), closePool(ahead))
	}
	return &DB{app: app, system: system, ahead: ahead, log: log, now: o.Now}, nil
}

func open(ctx context.Context, url, role string, conns int) (*gorm.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL is not a PostgreSQL URL: %w", err)
	}
	config.RuntimeParams["application_name"] = "wijkregie"
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["statement_timeout"] = "30000"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		sendUUIDs(c.TypeMap())
		_, err := c.Exec(ctx, "set role "+role)
		return err
	}))
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot work as %s (has the database been migrated?): %w", role, err), pool.Close())
	}
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{
		NamingStrategy:         schema.NamingStrategy{SingularTable: true},
		SkipDefaultTransaction: true,
		Logger:                 logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Silent}),
		TranslateError:         false,
	})
}

// Close ends the pools after the running statements.
func (d *DB) Close() error {
	return errors.Join(closePool(d.app), closePool(d.system), closePool(d.ahead), closePool(d.log))
}

func closePool(g *gorm.DB) error {
	pool, err := g.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.app.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// SystemPool is the pool of the system role, for the job queue's own statements.
func (d *DB) SystemPool() (*sql.DB, error) { return d.system.DB() }

// poolOf is where an identity's transactions run.
func (d *DB) poolOf(who identity.Identity) *gorm.DB {
	switch {
	case !who.IsSystem():
		return d.app
	case who.Purpose == "sequencer", who.Purpose == "stream":
		return d.ahead
	}
	return d.system
}

// Now is the moment by this database's clock, in UTC and whole microseconds.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// Lookup asks the system's functions who is behind a token, before it is known for which
// municipality; dest is a pointer to a slice. Without a municipality no policy shows it any row.
func (d *DB) Lookup(ctx context.Context, dest any, query string, args ...any) error {
	return d.system.WithContext(ctx).Raw(query, args...).Scan(dest).Error
}

// Apart leaves the running transaction: what is read in a Tx under this context was committed, and
// may be kept for others.
func Apart(ctx context.Context) context.Context { return context.WithValue(ctx, txKey{}, nil) }
