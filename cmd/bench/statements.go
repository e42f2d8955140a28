package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// logged is a line of PostgreSQL's log that begins a statement, after the process that executed it.
var logged = regexp.MustCompile(`^(\d+)\|LOG:\s+(?:statement|execute [^:]+): (.*)$`)

// recorder reads from PostgreSQL's own log which statements a request makes a server execute.
type recorder struct {
	conn *pgx.Conn
	log  string
}

// record lets PostgreSQL log all statements until the recorder is closed.
func record(ctx context.Context, url string) (*recorder, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	r := &recorder{conn: conn}
	var data string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&data); err != nil {
		return r, err
	}
	r.log = filepath.Join(filepath.Dir(data), "postgres.log")
	return r, r.exec(ctx, "alter system set log_line_prefix = '%p|'", "alter system set log_statement = 'all'", "select pg_reload_conf()")
}

func (r *recorder) close(ctx context.Context) error {
	return errors.Join(r.exec(ctx, "alter system reset log_statement", "alter system reset log_line_prefix", "select pg_reload_conf()"), r.conn.Close(ctx))
}

func (r *recorder) exec(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := r.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// of is the last transaction in which the marker stands, after do: its statements in their order. A
// session takes the new setting at its next statement, so that do has to be done more than once.
func (r *recorder) of(marker string, do func() error) ([]string, error) {
	before, err := os.Stat(r.log)
	if err != nil {
		return nil, err
	}
	for range 3 * connections {
		if err := do(); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(r.log)
	if err != nil {
		return nil, err
	}
	found := transaction(string(text[before.Size():]), marker)
	if found == nil {
		return nil, fmt.Errorf("PostgreSQL's log %s shows no whole transaction with %q", r.log, marker)
	}
	return found, nil
}

// transaction finds the last whole transaction with a marker in a log.
func transaction(text, marker string) (last []string) {
	running := map[string][]string{} // by process
	process := ""
	ends := func() {
		all := running[process]
		if n := len(all); n > 0 && all[n-1] == "commit" {
			if all[0] == "begin" && slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, marker) }) {
				last = all
			}
			delete(running, process)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if more, found := strings.CutPrefix(line, "\t"); found {
			if n := len(running[process]); n > 0 {
				running[process][n-1] += " " + strings.Join(strings.Fields(more), " ")
			}
			continue
		}
		ends()
		m := logged.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		process = m[1]
		if m[2] == "begin" {
			running[process] = nil
		}
		running[process] = append(running[process], strings.Join(strings.Fields(m[2]), " "))
	}
	ends()
	return last
}
