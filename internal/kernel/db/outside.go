package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// errOutside is a programming error: a query without a transaction has no identity.
var errOutside = errors.New("database used outside a transaction")

// outside is a connection that leads nowhere: every statement on it fails.
type outside struct{ *sql.DB }

// ExecContext implements gorm.ConnPool.
func (outside) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errOutside
}

// QueryContext implements gorm.ConnPool.
func (outside) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errOutside
}

// nowhere is what a query gets that has no transaction.
func nowhere(ctx context.Context) *gorm.DB {
	closed := stdlib.OpenDB(pgx.ConnConfig{})
	_ = closed.Close() // for a single row only it can say that there is no connection
	conn, err := gorm.Open(postgres.New(postgres.Config{Conn: outside{closed}}), &gorm.Config{
		SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard,
	})
	if err != nil {
		_ = conn.AddError(err)
	}
	return conn.WithContext(ctx)
}
