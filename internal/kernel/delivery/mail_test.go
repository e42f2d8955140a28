package delivery

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMailerOverSMTP(t *testing.T) {
	t.Run("a mail goes out encrypted and authenticated", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Open(t)
		letter := someLetter()
		require.NoError(t, mailer(t, post, MailOptions{Encryption: StartTLS, User: post.User, Password: post.Password}).Send(t.Context(), letter))

		got := arrives(t, post.Received, "the mail")
		require.Equal(t, []string{letter.To}, got.To)
		require.True(t, got.Encrypted)
		require.True(t, got.Authenticated)
		require.Equal(t, "<"+letter.ID.String()+"@wijkregie.example>", got.Header.Get("Message-Id"))
		require.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
		require.Contains(t, got.Header.Get("Content-Type"), "multipart/alternative")
	})

	t.Run("encryption from the first byte works too", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Implicit = true
		post.Open(t)
		require.NoError(t, mailer(t, post, MailOptions{Encryption: Implicit}).Send(t.Context(), someLetter()))
		require.True(t, arrives(t, post.Received, "the mail").Encrypted)
	})

	t.Run("without encryption nothing leaves unless that was chosen", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Plain = true
		post.Open(t)
		require.Error(t, mailer(t, post, MailOptions{}).Send(t.Context(), someLetter()))
		require.Empty(t, post.Received)
		require.NoError(t, mailer(t, post, MailOptions{Encryption: Plain}).Send(t.Context(), someLetter()))
		require.False(t, arrives(t, post.Received, "the mail").Encrypted)
	})

	t.Run("a wrong password is an error, and no password is in it", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Open(t)
		err := mailer(t, post, MailOptions{User: post.User, Password: "fout-wachtwoord"}).Send(t.Context(), someLetter())
		require.ErrorContains(t, err, "mail server")
		require.NotContains(t, err.Error(), "fout-wachtwoord")
	})

	t.Run("a server that is down is an error; once it is up the same mailer sends, once", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		m := mailer(t, post, MailOptions{})
		require.ErrorContains(t, m.Send(t.Context(), someLetter()), "cannot be used")
		post.Open(t)
		require.NoError(t, m.Send(t.Context(), someLetter()))
		arrives(t, post.Received, "the mail")
		require.Empty(t, post.Received)
	})

	t.Run("a refusal tells the server's code and not the address", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Refusal = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later, an.jansen@politie.example"}
		post.Open(t)
		err := mailer(t, post, MailOptions{}).Send(t.Context(), someLetter())
		require.EqualError(t, err, "the mail server answered 451 4.3.0")
	})

	t.Run("a dialogue that breaks after the mail was taken is not an error", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.HangsUp = true
		post.Open(t)
		require.NoError(t, mailer(t, post, MailOptions{}).Send(t.Context(), someLetter()))
		arrives(t, post.Received, "the mail")
	})
}

func TestMailerToFolder(t *testing.T) {
	t.Run("a mail is a file for its owner only, and the log names only its id", func(t *testing.T) {
		var log bytes.Buffer
		path := filepath.Join(t.TempDir(), "mail")
		m, err := NewMailer(MailOptions{From: "sitrap@wijkregie.example", Folder: path}, slog.New(slog.NewTextHandler(&log, nil)))
		require.NoError(t, err)
		letter := someLetter()
		require.NoError(t, m.Send(t.Context(), letter))
		require.NoError(t, m.Send(t.Context(), letter), "a second attempt replaces the first")

		files, err := os.ReadDir(path)
		require.NoError(t, err)
		require.Len(t, files, 1)
		require.Equal(t, letter.ID.String()+".eml", files[0].Name())
		info, err := files[0].Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		require.Contains(t, log.String(), letter.ID.String())
		require.NotContains(t, log.String(), letter.To)
		require.NotContains(t, log.String(), letter.Subject)
	})

	t.Run("without server and folder, or with a sender that is no address, there is no mailer", func(t *testing.T) {
		_, err := NewMailer(MailOptions{From: "sitrap@wijkregie.example"}, quiet())
		require.ErrorContains(t, err, "folder")
		_, err = NewMailer(MailOptions{From: "sitrap", Folder: t.TempDir()}, quiet())
		require.ErrorContains(t, err, "sender")
	})
}

func someLetter() Mail {
	return Mail{
		ID: uuid.Must(uuid.NewV7()), To: "an.jansen@politie.example", Subject: "SITRAP 2026-000001", Text: "Afgeronde actie", HTML: "<p>Afgeronde actie</p>",
	}
}

func mailer(t *testing.T, post *testkit.PostOffice, o MailOptions) *Mailer {
	t.Helper()
	o.Host, o.Port, o.RootCAs = post.Host, post.Port, post.Trusted
	o.From, o.Timeout = "Wijkregie <sitrap@wijkregie.example>", 5*time.Second
	m, err := NewMailer(o, quiet())
	require.NoError(t, err)
	return m
}
