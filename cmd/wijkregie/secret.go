package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// secrets is where the keys of encrypted fields and documents are.
type secrets struct {
	SecretDir     string `help:"Folder with the wrapped keys of encrypted data; DATA_DIR/secrets by default." env:"SECRET_DIR" type:"path"`
	SecretKey     string `help:"Key that wraps them: 32 bytes in base64. Without it or SECRET_KEY_FILE one is made in SECRET_DIR." env:"SECRET_KEY"`
	SecretKeyFile string `help:"File with that key, for example of a secret store." env:"SECRET_KEY_FILE" type:"path"`
}

func (s secrets) keeper(dataDir string, log *slog.Logger) (*secret.Keeper, error) {
	if s.SecretKey != "" && s.SecretKeyFile != "" {
		return nil, errors.New("SECRET_KEY and SECRET_KEY_FILE: set one of them")
	}
	dir := s.SecretDir
	if dir == "" {
		dir = filepath.Join(dataDir, "secrets")
	}
	keeper, err := secret.New(secret.Config{Dir: dir, Key: s.SecretKey, KeyFile: s.SecretKeyFile, Log: log})
	if err != nil {
		return nil, fmt.Errorf("SECRET_DIR, SECRET_KEY or SECRET_KEY_FILE: %w", err)
	}
	return keeper, nil
}

// scanner is the virus scanner of documents; nil without one.
func (c serveCommand) scanner() *document.Scanner {
	if c.Clamav == "" {
		return nil
	}
	return &document.Scanner{Address: c.Clamav}
}
