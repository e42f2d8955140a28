// Command wijkregie is the whole product: it serves the API, migrates the database, gives demo
// tokens and drives the demonstration.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // terms end by the municipality's zone, also where the machine knows none

	"github.com/alecthomas/kong"
)

type program struct {
	LogFormat string `help:"Form of the log: json or text." env:"LOG_FORMAT" enum:"json,text" default:"text"`
	LogLevel  string `help:"Least level that is logged." env:"LOG_LEVEL" enum:"debug,info,warn,error" default:"info"`

	Serve    serveCommand    `cmd:"" help:"Serve the API, with an embedded PostgreSQL unless DATABASE_URL is set."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to this program's schema; forward only."`
	Token    tokenCommand    `cmd:"" help:"Print a token for a demo person or system (needs the keys of a server with --demo)."`
	Demo     demoCommand     `cmd:"" help:"Drive the main job over HTTP against a running server with --demo."`
	Keys     keysCommand     `cmd:"" help:"Manage the signing keys of the built-in issuer."`
	Secrets  secretsCommand  `cmd:"" help:"Manage the keys of encrypted data."`
	Audit    auditCommand    `cmd:"" help:"Verify an export of the audit, without any connection."`
	Postgres postgresCommand `cmd:"" help:"Run a command beside a scratch PostgreSQL (TEST_DATABASE_URL); for tests."`
}

func main() {
	var p program
	command := kong.Parse(&p, kong.Name("wijkregie"), kong.UsageOnError(),
		kong.Description("Direction of care and safety in the neighbourhood. Every flag can be set by the environment variable that is named with it."))
	log := p.logger()
	slog.SetDefault(log)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(log); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "wijkregie:", err)
		os.Exit(1)
	}
}

func (p program) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if p.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
