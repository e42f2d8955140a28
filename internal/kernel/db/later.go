package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Answer is what a query will give, in a transaction; see Later.
type Answer[T any] struct {
	ctx   context.Context
	tx    *transaction
	query string
	args  []any
	came  bool
	rows  []T
	err   error
}

// question is a query that waits to be sent.
type question interface{ put(*pgx.Batch) }

// Later lets a query wait until somebody needs an answer: then all that wait go to the database in one
// round trip, and their rows are read without a way through database/sql. T is a struct with a field
// for each column. Ask for nothing before a write that is needed after it.
func Later[T any](q *gorm.DB) *Answer[T] {
	a := &Answer[T]{ctx: q.Statement.Context}
	var none []T
	made := q.Session(&gorm.Session{DryRun: true}).Find(&none)
	if a.err = made.Error; a.err != nil {
		return a
	}
	a.query, a.args = made.Statement.SQL.String(), made.Statement.Vars
	if a.tx, a.err = current(a.ctx); a.err == nil {
		a.tx.waiting = append(a.tx.waiting, a)
	}
	return a
}

// Rows are the rows that the query gave. It fails when the query does, or one that waited before it.
func (a *Answer[T]) Rows() ([]T, error) {
	if a.err == nil && !a.came {
		a.err = a.tx.ask(a.ctx)
	}
	if a.err == nil && !a.came {
		a.err = errors.New("a query that was sent with this one failed")
	}
	return a.rows, a.err
}

// setting is a statement that goes with the queries that wait.
type setting string

func (s setting) put(b *pgx.Batch) { b.Queue(string(s)) }

// PlanOnce lets the database plan the queries that follow in this transaction once per connection, whatever their
// values: for queries by ids, of which planning costs more than the answer. It goes with the next query of Later.
func PlanOnce(ctx context.Context) error {
	tx, err := current(ctx)
	if err != nil {
		return err
	}
	tx.waiting = append(tx.waiting, setting("set local plan_cache_mode = force_generic_plan"))
	return nil
}

// put puts the query in a batch and takes its rows when they come.
func (a *Answer[T]) put(b *pgx.Batch) {
	b.Queue(a.query, a.args...).Query(func(rows pgx.Rows) (err error) {
		a.rows, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		a.came = err == nil
		return err
	})
}

// ask sends what waits.
func (t *transaction) ask(ctx context.Context) error {
	batch := &pgx.Batch{}
	for _, q := range t.waiting {
		q.put(batch)
	}
	t.waiting, t.begun = nil, true
	return t.send(ctx, batch)
}

// send sends a batch over the transaction's own connection.
func (t *transaction) send(ctx context.Context, batch *pgx.Batch) error {
	return t.session.Raw(func(driver any) error {
		conn, is := driver.(*stdlib.Conn)
		if !is {
			return fmt.Errorf("query on a %T", driver)
		}
		return conn.Conn().SendBatch(ctx, batch).Close()
	})
}

// Statement is SQL that writes, with its values for $1, $2 …
type Statement struct {
	SQL  string
	Args []any
}

// Exec sends statements in one round trip of the running transaction. Nobody asks whether they were
// decided on: they are for what the kernel itself keeps beside a change.
func Exec(ctx context.Context, all ...Statement) error {
	tx, err := current(ctx)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, s := range all {
		batch.Queue(s.SQL, s.Args...)
	}
	return tx.send(ctx, batch)
}

// begin opens a transaction on a connection of its own, which pgx can also be reached by.
func begin(ctx context.Context, pool *gorm.DB, options *sql.TxOptions) (conn *gorm.DB, session *sql.Conn, err error) {
	database, err := pool.DB()
	if err != nil {
		return nil, nil, err
	}
	if session, err = database.Conn(ctx); err != nil {
		return nil, nil, err
	}
	tx, err := session.BeginTx(ctx, options)
	if err != nil {
		session.Close()
		return nil, nil, err
	}
	conn = pool.Session(&gorm.Session{NewDB: true, Context: ctx})
	conn.Statement.ConnPool = tx
	return conn, session, nil
}
