package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Look runs fn as Tx does, in a transaction that can only read and that begins with the first query of fn: beginning, who acts
// and what waits since Later go to the database in one round trip. That an identity was made from older records shows then:
// the query fails, and fn is run anew.
func (d *DB) Look(ctx context.Context, fn func(context.Context) error) error {
	return run(ctx, fn, d.look)
}

func (d *DB) look(ctx context.Context, who identity.Identity, fn func(context.Context) error) (again bool, err error) {
	pool := d.poolOf(who)
	database, err := pool.DB()
	if err != nil {
		return false, err
	}
	session, err := database.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer session.Close() // gives it back
	tx := &transaction{session: session, allowed: map[uuid.UUID]bool{}, conn: pool.Session(&gorm.Session{NewDB: true, Context: ctx})}
	tx.conn.Statement.ConnPool = whenNeeded{session, tx}
	first := &entrance{tx: tx, who: who, now: d.Now()}
	tx.waiting = []question{setting("begin read only"), first}
	if err = fn(context.WithValue(ctx, txKey{}, tx)); err == nil {
		err = tx.denied
	}
	if ending := tx.leave(ctx); err == nil {
		err = ending
	}
	if first.old {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	for _, after := range tx.after {
		after()
	}
	return false, nil
}

// leaving bounds the end of a Look.
const leaving = 5 * time.Second

// leave ends a transaction that only read. A connection on which that fails is given up.
func (t *transaction) leave(ctx context.Context) error {
	if !t.begun {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving) // who reads no more need not cost a connection
	defer cancel()
	batch := &pgx.Batch{}
	batch.Queue("commit")
	err := t.send(ctx, batch)
	if err != nil {
		_ = t.session.Raw(func(any) error { return driver.ErrBadConn }) // that is what it is for
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// entrance tells the database who acts, and looks whether that is made from its records.
type entrance struct {
	tx  *transaction
	who identity.Identity
	now time.Time
	old bool
}

// errOld never leaves a Look.
var errOld = errors.New("the records behind the identity have changed")

func (e *entrance) put(b *pgx.Batch) {
	b.Queue(enterSQL, entering(e.who, e.now)...).QueryRow(func(row pgx.Row) (err error) {
		if e.tx.as, err = entered(row); err != nil {
			return err
		}
		if e.old = e.who.Renew != nil && e.tx.as != e.who.Versions; e.old {
			return errOld
		}
		return nil
	})
}

// whenNeeded is the connection of a Look, for who does not use Later.
type whenNeeded struct {
	*sql.Conn
	tx *transaction
}

func (c whenNeeded) begin(ctx context.Context) error {
	if c.tx.begun {
		return nil
	}
	return c.tx.ask(ctx)
}

// PrepareContext implements gorm.ConnPool.
func (c whenNeeded) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c.Conn.PrepareContext(ctx, query)
}

// ExecContext implements gorm.ConnPool.
func (c whenNeeded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, query, args...)
}

// QueryContext implements gorm.ConnPool.
func (c whenNeeded) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, query, args...)
}

// QueryRowContext implements gorm.ConnPool. Where the transaction could not begin, the row is one of an ended context.
func (c whenNeeded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := c.begin(ctx); err != nil {
		ended, end := context.WithCancelCause(ctx)
		end(err)
		return c.Conn.QueryRowContext(ended, query, args...)
	}
	return c.Conn.QueryRowContext(ctx, query, args...)
}
