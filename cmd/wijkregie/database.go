package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/db/embedded"
)

// database says where the records are: a server of the operator's, or an embedded one.
type database struct {
	DatabaseURL string `help:"PostgreSQL URL; without it an embedded server runs in DATA_DIR." env:"DATABASE_URL" placeholder:"URL"`
	DataDir     string `help:"Folder for the embedded database, keys and mails." env:"DATA_DIR" default:".data" type:"path"`
}

// open gives the URL of a migrated database and a function that ends what was started for it.
func (d database) open(ctx context.Context, log *slog.Logger) (url string, done func() error, err error) {
	done = func() error { return nil }
	url = d.DatabaseURL
	if url == "" {
		server, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(d.DataDir, "postgres"), Durable: true, Log: log})
		if err != nil {
			return "", done, err
		}
		url, done = server.URL("postgres"), server.Stop
	}
	if err := db.Ready(ctx, url); err != nil {
		return "", done, errors.Join(fmt.Errorf("DATABASE_URL: %w", err), done())
	}
	return url, done, nil
}

type migrateCommand struct{ database }

// Run migrates and ends.
func (c migrateCommand) Run(ctx context.Context, log *slog.Logger) error {
	_, done, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	log.Info("the database is at this program's schema")
	return done()
}

type postgresCommand struct {
	Command []string `arg:"" passthrough:"" help:"The command and its arguments."`
}

// Run starts a scratch PostgreSQL, runs the command with TEST_DATABASE_URL set, and ends both.
func (c postgresCommand) Run(ctx context.Context, log *slog.Logger) (err error) {
	if len(c.Command) > 0 && c.Command[0] == "--" {
		c.Command = c.Command[1:]
	}
	if os.Getenv("TEST_DATABASE_URL") == "" && os.Getenv("DATABASE_URL") == "" {
		server, err := embedded.Start(ctx, embedded.Options{Log: log})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		if err := os.Setenv("TEST_DATABASE_URL", server.URL("postgres")); err != nil {
			return err
		}
	}
	command := exec.CommandContext(ctx, c.Command[0], c.Command[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	return command.Run()
}
