package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
	"github.com/wijkregie/wijkregie/internal/privacy"
)

// secrets is where the keys of encrypted fields and documents are.
type secrets struct {
	SecretDir     string `help:"Folder with the wrapped keys of encrypted data; DATA_DIR/secrets by default." env:"SECRET_DIR" type:"path"`
	SecretKey     string `help:"Key that wraps them: 32 bytes in base64. Without it or SECRET_KEY_FILE one is made in SECRET_DIR." env:"SECRET_KEY"`
	SecretKeyFile string `help:"File with that key, for example of a secret store." env:"SECRET_KEY_FILE" type:"path"`
}

func (s secrets) config(dataDir string, log *slog.Logger) (secret.Config, error) {
	if s.SecretKey != "" && s.SecretKeyFile != "" {
		return secret.Config{}, errors.New("SECRET_KEY and SECRET_KEY_FILE: set one of them")
	}
	dir := s.SecretDir
	if dir == "" {
		dir = filepath.Join(dataDir, "secrets")
	}
	return secret.Config{Dir: dir, Key: s.SecretKey, KeyFile: s.SecretKeyFile, Log: log}, nil
}

func (s secrets) keeper(dataDir string, log *slog.Logger) (*secret.Keeper, error) {
	c, err := s.config(dataDir, log)
	if err != nil {
		return nil, err
	}
	keeper, err := secret.New(c)
	if err != nil {
		return nil, fmt.Errorf("SECRET_DIR, SECRET_KEY or SECRET_KEY_FILE: %w", err)
	}
	return keeper, nil
}

type secretsCommand struct {
	Rotate secretsRotateCommand `cmd:"" help:"Add a key under which data is encrypted from now on; servers renew what lies under the key of before."`
	Retire secretsRetireCommand `cmd:"" help:"Remove the keys of before, once nothing lies under them any more."`
}

type secretsRotateCommand struct {
	secrets
	DataDir string `help:"Folder of the server." env:"DATA_DIR" default:".data" type:"path"`
}

// Run adds a key.
func (c secretsRotateCommand) Run(log *slog.Logger) error {
	keys, err := c.config(c.DataDir, log)
	if err != nil {
		return err
	}
	return keys.Rotate()
}

type secretsRetireCommand struct {
	secrets
	database
}

// Run removes the keys of before.
func (c secretsRetireCommand) Run(ctx context.Context, log *slog.Logger) (err error) {
	keys, err := c.config(c.DataDir, log)
	if err != nil {
		return err
	}
	keeper, err := c.keeper(c.DataDir, log)
	if err != nil {
		return err
	}
	url, done, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	records, err := db.Open(ctx, url, db.Options{MaxConns: 2, Now: time.Now})
	if err != nil {
		return err
	}
	return errors.Join(privacy.Seals{DB: records, Secrets: keeper}.Retire(ctx, keys), records.Close())
}

// scanner is the virus scanner of documents; nil without one.
func (c serveCommand) scanner() *document.Scanner {
	if c.Clamav == "" {
		return nil
	}
	return &document.Scanner{Address: c.Clamav}
}
