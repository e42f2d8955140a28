package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// logConns are the connections of the writer of logs: it writes one batch after the other, and waits for nobody.
const logConns = 1

// Appended is a statement that adds lines to a log of one municipality.
type Appended struct {
	Municipality string
	Statement
}

// durable makes a commit wait for the disk where the database was told not to; a server that waits for standbys too
// is left as it is.
const durable = `select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'`

// Append adds lines to logs in one round trip and one transaction, on a connection of its own: what is logged waits for
// no request and joins no transaction. When it returns nil the lines are on disk; otherwise none was added, or it is not known.
func (d *DB) Append(ctx context.Context, all ...Appended) error {
	batch := &pgx.Batch{}
	batch.Queue(durable)
	for _, a := range all {
		batch.Queue("select set_config('me.municipality', $1, true)", a.Municipality)
		batch.Queue(a.SQL, a.Args...)
	}
	pool, err := d.log.DB()
	if err != nil {
		return err
	}
	session, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	defer session.Close() // gives it back
	return session.Raw(func(driver any) error {
		conn, is := driver.(*stdlib.Conn)
		if !is {
			return fmt.Errorf("append on a %T", driver)
		}
		return conn.Conn().SendBatch(ctx, batch).Close()
	})
}
