package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// connections is how many each server has to the database.
const connections = 16

// bareCommand serves list, read and write with net/http and pgx alone: the statements that the product
// executes, in a transaction with the same settings, and JSON of the same columns. It knows no token,
// checks nothing and logs nothing.
type bareCommand struct {
	Listen      string `env:"LISTEN" required:""`
	DatabaseURL string `env:"DATABASE_URL" required:""`
}

// bare answers for one demo person.
type bare struct {
	pool             *pgxpool.Pool
	settings         []any // of the first statement of each transaction
	supplier, author uuid.UUID
	zone             *time.Location
}

// Run serves until the context ends.
func (c bareCommand) Run(ctx context.Context) error {
	b := &bare{supplier: partner(reader), author: person(reader)}
	var err error
	if b.settings, err = settings(); err != nil {
		return err
	}
	if b.zone, err = time.LoadLocation("Europe/Amsterdam"); err != nil {
		return err
	}
	if b.pool, err = pool(ctx, c.DatabaseURL); err != nil {
		return err
	}
	defer b.pool.Close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: b.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (b *bare) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, handler := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /v1/dossiers": b.list, "GET /v1/dossiers/{id}": b.read, "POST /v1/dossiers/{id}/items": b.write,
		"GET /ready": func(http.ResponseWriter, *http.Request) error { return nil },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := handler(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	return mux
}

// pool is like the product's: as many connections, under the same role, with the same parameters.
func pool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	for name, value := range map[string]string{
		"application_name": "bare", "timezone": "UTC", "statement_timeout": "30000", "idle_in_transaction_session_timeout": "60000",
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set role wijkregie_app")
		return err
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// settings are what the reader's transactions tell the database: who acts, and his masks.
func settings() ([]any, error) {
	who, err := demo.Find(reader)
	if err != nil {
		return nil, err
	}
	return settingsOf(matrix.Default(), partner(reader), who.PartnerType, false, who.ID())
}

// settingsOf are those of somebody of a partner who comes in by these holders' admissions; as director with
// the cells of that role too.
func settingsOf(cells []authz.Cell, partner uuid.UUID, partnerType string, directs bool, holders ...uuid.UUID) ([]any, error) {
	kind, known := configuration.New().PartnerType(partnerType)
	if !known {
		return nil, fmt.Errorf("there is no partner type %s", partnerType)
	}
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third}
	var err error
	if subject.Row, err = authz.CompileRow(cells, partner, partnerType); err != nil {
		return nil, err
	}
	if directs {
		row, err := authz.CompileRow(cells, uuid.Nil, "municipal-director")
		if err != nil {
			return nil, err
		}
		subject.Director = &row
	}
	s := subject.Sight()
	ids, err := db.IDs(holders).Value()
	return []any{
		demo.Veldhoven, partner.String(), ids, strconv.Itoa(s.PartnerType), strconv.FormatInt(s.Admits, 10),
		s.SeeAll.Literal(), s.SeeOwn.Literal(), s.SeeReleased.Literal(), s.Ceiling.Literal(), strconv.FormatInt(s.Limit, 10),
	}, err
}

const enterSQL = `select set_config('me.municipality', $1, true), set_config('me.partner', $2, true),
 set_config('me.holders', $3, true), set_config('me.type', $4, true), set_config('me.admits', $5, true),
 set_config('me.see', $6, true), set_config('me.own', $7, true), set_config('me.released', $8, true),
 set_config('me.ceiling', $9, true), set_config('me.limit', $10, true), s.people,
 case when s.next_matrix_at <= statement_timestamp() then s.next_matrix else s.matrix end
 from municipality_stamp s where s.municipality_id = $1`

// tx runs fn in a transaction of the reader.
func (b *bare) tx(ctx context.Context, fn func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if err := enter(ctx, tx, b.settings); err != nil {
			return err
		}
		return fn(tx)
	})
}

// enter is the first statement of a transaction.
func enter(ctx context.Context, tx pgx.Tx, settings []any) error {
	var set [10]string
	var people, matrix int64
	dest := make([]any, 0, len(set)+2)
	for i := range set {
		dest = append(dest, &set[i])
	}
	return tx.QueryRow(ctx, enterSQL, settings...).Scan(append(dest, &people, &matrix)...)
}

// each reads the rows of a query; scan reads one of them.
func each(ctx context.Context, tx pgx.Tx, query string, args []any, scan func(pgx.Rows) error) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func answer(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}
