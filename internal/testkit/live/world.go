// Package live starts the whole product for a test: the assembled server on a real port and a real
// database, with what runs behind it, and speaks HTTP with it as the demo persons.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

// Audience is what tokens for the product under test are for.
const Audience = "wijkregie"

// grace is how long open requests and streams may take to end after a test.
const grace = 10 * time.Second

// running bounds how many products of one test binary run at once: each has some twenty connections
// to the one database server. A test binary has no main to hand it around.
var running = make(chan struct{}, 4)

// World is a running product with the demo people of Veldhoven and Meierijstad.
type World struct {
	Product  *server.Product
	Keys     *token.Keys
	URL      string // where it is reached, and the issuer of its tokens
	Database string // URL of its database, as the owner
	Mails    string // folder in which mails arrive
	Log      *Log

	contract *Contract
	http     *http.Client
}

// Start runs a product until the test ends, with the default matrix in force in both municipalities.
// It fails the test when the product cannot start, logs an error, or does not stop.
func Start(tb testing.TB, change ...func(*server.Setup)) *World {
	tb.Helper()
	w := Bare(tb, change...)
	for _, director := range []string{"director", "other-director"} {
		w.Publish(tb, director, matrix.Default())
	}
	return w
}

// Bare is Start without a matrix: nobody has any right yet.
func Bare(tb testing.TB, change ...func(*server.Setup)) *World {
	tb.Helper()
	running <- struct{}{}
	tb.Cleanup(func() { <-running })
	w := &World{Database: testkit.Database(tb).URL, Mails: tb.TempDir(), Log: &Log{}, contract: loadContract(tb)}
	w.http = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(tb, err)
	w.URL = "http://" + listener.Addr().String()
	w.Keys, err = token.OpenKeys(token.KeysConfig{Dir: tb.TempDir(), Log: w.Log.Logger()})
	must(tb, err)
	secrets, err := secret.Fleeting()
	must(tb, err)
	setup := server.Setup{
		DatabaseURL: w.Database, MaxConns: 8, PublicURL: w.URL, Audience: Audience, Keys: w.Keys, Demo: true, PerSecond: 100_000, Secrets: secrets,
		Origins: []string{"http://localhost:*"}, Log: w.Log.Logger(),
		Mail: delivery.MailOptions{From: "Wijkregie <sitrap@wijkregie.example>", Folder: w.Mails},
	}
	for _, c := range change {
		c(&setup)
	}
	w.Product, err = server.Assemble(tb.Context(), setup)
	must(tb, err)
	must(tb, demo.Load(tb.Context(), w.Product.People, w.Database, w.URL))
	w.run(tb, listener)
	return w
}

// run serves, and works behind, until the test ends.
func (w *World) run(tb testing.TB, listener net.Listener) {
	ctx, stop := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan error, 2)
	go func() { ended <- w.Product.Run(ctx) }()
	go func() { ended <- server.Run(ctx, listener, w.Product.Handler, grace) }()
	tb.Cleanup(func() {
		w.http.CloseIdleConnections()
		stop()
		if err := errors.Join(<-ended, <-ended, w.Product.Close()); err != nil {
			tb.Errorf("the product did not stop as it should: %v", err)
		}
		for _, line := range w.Log.Errors() {
			tb.Errorf("the product logged an error: %s", line)
		}
	})
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Person is the id of a demo person or system.
func (w *World) Person(short string) string { return who(short).ID().String() }

// Partner is the id of the partner for whom a demo person works.
func (w *World) Partner(short string) string {
	p := who(short)
	return organisation.SeedID(p.Municipality, "partner/"+p.Partner).String()
}

// Table is the id of the standing consultation of Veldhoven.
func (w *World) Table() string { return organisation.SeedID(demo.Veldhoven, "table").String() }

func who(short string) demo.Person {
	p, err := demo.Find(short)
	if err != nil {
		panic(err) // the test names somebody who is not there
	}
	return p
}

// Rows counts the rows of every table, to show that nothing was written. The feed, the inboxes and
// what is delivered are left out: they follow by themselves. So are the access log, which has a line of every refusal too,
// and who lost access, which is looked for in the background.
func (w *World) Rows(tb testing.TB) map[string]int {
	tb.Helper()
	const count = `select jsonb_object_agg(t, n) from (select table_name::text as t, (xpath('/row/c/text()',
		query_to_xml('select count(*) as c from public.' || quote_ident(table_name)
			|| case table_name when 'audit_entry' then ' where event <> ''access.lost''' else '' end, false, true, '')))[1]::text::int as n
		from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
		and table_name !~ '^(river|feed|pending|alert|delivery|webhook_delivery|goose|client_assertion|access_line|processing_line|ledger)') counted`
	rows := map[string]int{}
	w.read(tb, func(ctx context.Context, c *pgx.Conn) error {
		var text []byte
		if err := c.QueryRow(ctx, count).Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal(text, &rows)
	})
	return rows
}

// Pending counts the events that wait for their place in the feed; with none, every inbox is up to date.
func (w *World) Pending(tb testing.TB) (n int) {
	tb.Helper()
	return w.Count(tb, "select count(*) from pending_event")
}

// Count asks the database for a number behind the product's back.
func (w *World) Count(tb testing.TB, query string) (n int) {
	tb.Helper()
	w.read(tb, func(ctx context.Context, c *pgx.Conn) error { return c.QueryRow(ctx, query).Scan(&n) })
	return n
}

// Text asks the database for a text behind the product's back; empty for null.
func (w *World) Text(tb testing.TB, query string) string {
	tb.Helper()
	var text *string
	w.read(tb, func(ctx context.Context, c *pgx.Conn) error { return c.QueryRow(ctx, query).Scan(&text) })
	if text == nil {
		return ""
	}
	return *text
}

// Exec changes the database behind the product's back, as its owner.
func (w *World) Exec(tb testing.TB, sql string, args ...any) {
	tb.Helper()
	w.read(tb, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql, args...)
		return err
	})
}

func (w *World) read(tb testing.TB, fn func(context.Context, *pgx.Conn) error) {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), w.Database)
	must(tb, err)
	must(tb, errors.Join(fn(tb.Context(), conn), conn.Close(context.WithoutCancel(tb.Context()))))
}
