package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestDrive does the main job over HTTP against a whole server.
func TestDrive(t *testing.T) {
	o := running(t)
	for _, time := range []string{"first", "second"} {
		var story bytes.Buffer
		o.Out = &story
		require.NoError(t, Drive(t.Context(), o), "the %s time; so far:\n%s", time, &story)
		assert.Contains(t, story.String(), "403 ")
		assert.Contains(t, story.String(), "404 ")
		assert.Equal(t, 2, strings.Count(story.String(), "by e-mail"), "the %s time", time)
	}
}

func TestDriveTellsWhatDiffers(t *testing.T) {
	o := running(t)
	t.Run("a server that knows nobody is named", func(t *testing.T) {
		stranger := o
		stranger.Token = func(string) (string, error) { return "none", nil }
		assert.ErrorContains(t, Drive(t.Context(), stranger), "make run")
	})
	t.Run("an answer that should be a refusal fails", func(t *testing.T) {
		allPolice := o
		allPolice.Token = func(short string) (string, error) {
			if short == "police" {
				short = "director"
			}
			return o.Token(short)
		}
		err := Drive(t.Context(), allPolice)
		assert.ErrorContains(t, err, "step 1 differs")
		assert.ErrorContains(t, err, "it should be refused with 403")
	})
}

// running is a whole server with the demonstration, on a port and a database of its own.
func running(t *testing.T) Options {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	url := "http://" + listener.Addr().String()
	keys, err := token.OpenKeys(token.KeysConfig{Dir: t.TempDir(), Log: log})
	require.NoError(t, err)
	secrets, err := secret.Fleeting()
	require.NoError(t, err)
	mails := filepath.Join(t.TempDir(), "mail")
	database := testkit.Database(t).URL
	product, err := server.Assemble(t.Context(), server.Setup{
		DatabaseURL: database, PublicURL: url, Audience: "wijkregie", Keys: keys, Demo: true, PerSecond: 1000, Log: log, Secrets: secrets,
		Mail: delivery.MailOptions{From: "sitrap@wijkregie.example", Folder: mails},
	})
	require.NoError(t, err)
	require.NoError(t, demo.Load(t.Context(), product.People, database, url))
	serve(t, product, listener)
	return Options{
		URL: url, Mails: mails, Out: &bytes.Buffer{},
		Token: func(short string) (string, error) { return demo.Token(product.Issuer, short) },
	}
}

// serve runs the server until the test ends.
func serve(t *testing.T, product *server.Product, listener net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- product.Run(ctx) }()
	go func() { ended <- server.Run(ctx, listener, product.Handler, 10*time.Second) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
		assert.NoError(t, <-ended)
		assert.NoError(t, product.Close())
		http.DefaultClient.CloseIdleConnections()
	})
}
