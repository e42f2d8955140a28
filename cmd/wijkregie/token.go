package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

// issuer is who issues tokens, and where its keys are.
type issuer struct {
	PublicURL string `help:"Where this server is seen from outside; the issuer of its tokens." env:"PUBLIC_URL" default:"http://127.0.0.1:8080"`
	Audience  string `help:"Our identifier as an API: what tokens name in aud." env:"TOKEN_AUDIENCE" default:"wijkregie"`
	KeyDir    string `help:"Folder with the signing keys of the built-in issuer; DATA_DIR/keys by default." env:"TOKEN_KEY_DIR" type:"path"`
}

func (i issuer) keys(dataDir string, log *slog.Logger) (*token.Keys, error) {
	dir := i.KeyDir
	if dir == "" {
		dir = filepath.Join(dataDir, "keys")
	}
	keys, err := token.OpenKeys(token.KeysConfig{Dir: dir, Log: log})
	if err != nil {
		return nil, fmt.Errorf("TOKEN_KEY_DIR: %w", err)
	}
	return keys, nil
}

type tokenCommand struct {
	issuer
	DataDir string `help:"Folder of the server with --demo." env:"DATA_DIR" default:".data" type:"path"`
	As      string `help:"Short name of the demo person or system." required:"" placeholder:"police"`
}

// Run prints a demo token. Only a server with --demo accepts it.
func (c tokenCommand) Run(log *slog.Logger) error {
	keys, err := c.keys(c.DataDir, log)
	if err != nil {
		return err
	}
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: c.PublicURL, Audience: c.Audience, Keys: keys, Demo: true})
	if err != nil {
		return err
	}
	raw, err := demo.Token(issuer, c.As)
	if err != nil {
		return err
	}
	fmt.Println(raw)
	return nil
}

type keysCommand struct {
	Rotate rotateCommand `cmd:"" help:"Add a signing key; tokens of the older keys stay valid."`
	Prune  pruneCommand  `cmd:"" help:"Remove signing keys that were succeeded longer than --older-than ago."`
}

type rotateCommand struct {
	issuer
	DataDir string `help:"Folder of the server." env:"DATA_DIR" default:".data" type:"path"`
}

// Run adds a key.
func (c rotateCommand) Run(log *slog.Logger) error {
	keys, err := c.keys(c.DataDir, log)
	if err != nil {
		return err
	}
	kid, err := keys.Rotate()
	if err == nil {
		fmt.Println(kid)
	}
	return err
}

type pruneCommand struct {
	issuer
	DataDir   string        `help:"Folder of the server." env:"DATA_DIR" default:".data" type:"path"`
	OlderThan time.Duration `help:"How long ago a key was succeeded." default:"48h"`
}

// Run removes old keys.
func (c pruneCommand) Run(log *slog.Logger) error {
	keys, err := c.keys(c.DataDir, log)
	if err != nil {
		return err
	}
	removed, err := keys.Prune(c.OlderThan)
	if err == nil {
		fmt.Println(removed, "keys removed")
	}
	return err
}
