package delivery

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestMailerOverSMTP(t *testing.T) {
	t.Run("a mail goes out encrypted and authenticated", func(t *testing.T) {
		post := newPostOffice(t)
		post.open(t)
		m := post.mailer(t, MailOptions{Encryption: StartTLS, User: "sitrap", Password: "geheim"})
		letter := someLetter()
		require.NoError(t, m.Send(t.Context(), letter))

		got := arrives(t, post.received, "the mail")
		require.Equal(t, []string{letter.To}, got.to)
		require.True(t, got.encrypted)
		require.Equal(t, "<"+letter.ID.String()+"@wijkregie.example>", got.message.Header.Get("Message-Id"))
		require.Equal(t, "auto-generated", got.message.Header.Get("Auto-Submitted"))
		require.Contains(t, got.message.Header.Get("Content-Type"), "multipart/alternative")
	})

	t.Run("encryption from the first byte works too", func(t *testing.T) {
		post := newPostOffice(t)
		post.implicit = true
		post.open(t)
		require.NoError(t, post.mailer(t, MailOptions{Encryption: Implicit}).Send(t.Context(), someLetter()))
		require.True(t, arrives(t, post.received, "the mail").encrypted)
	})

	t.Run("without encryption nothing leaves unless that was chosen", func(t *testing.T) {
		post := newPostOffice(t)
		post.plain = true
		post.open(t)
		require.Error(t, post.mailer(t, MailOptions{}).Send(t.Context(), someLetter()))
		require.Empty(t, post.received)
		require.NoError(t, post.mailer(t, MailOptions{Encryption: Plain}).Send(t.Context(), someLetter()))
		require.False(t, arrives(t, post.received, "the mail").encrypted)
	})

	t.Run("a wrong password is an error, and no password is in it", func(t *testing.T) {
		post := newPostOffice(t)
		post.open(t)
		err := post.mailer(t, MailOptions{User: "sitrap", Password: "fout-wachtwoord"}).Send(t.Context(), someLetter())
		require.ErrorContains(t, err, "mail server")
		require.NotContains(t, err.Error(), "fout-wachtwoord")
	})

	t.Run("a server that is down is an error; once it is up the same mailer sends, once", func(t *testing.T) {
		post := newPostOffice(t)
		m := post.mailer(t, MailOptions{})
		require.ErrorContains(t, m.Send(t.Context(), someLetter()), "cannot be used")
		post.open(t)
		require.NoError(t, m.Send(t.Context(), someLetter()))
		arrives(t, post.received, "the mail")
		require.Empty(t, post.received)
	})

	t.Run("a refusal tells the server's code and not the address", func(t *testing.T) {
		post := newPostOffice(t)
		post.refusal = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later, an.jansen@politie.example"}
		post.open(t)
		err := post.mailer(t, MailOptions{}).Send(t.Context(), someLetter())
		require.EqualError(t, err, "the mail server answered 451 4.3.0")
	})

	t.Run("a dialogue that breaks after the mail was taken is not an error", func(t *testing.T) {
		post := newPostOffice(t)
		post.hangsUp = true
		post.open(t)
		require.NoError(t, post.mailer(t, MailOptions{}).Send(t.Context(), someLetter()))
		arrives(t, post.received, "the mail")
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

// postOffice is a mail server in this process.
type postOffice struct {
	address         string
	received        chan envelope
	refusal         error
	plain, implicit bool
	hangsUp         bool
	certificate     tls.Certificate
	trusted         *x509.CertPool
}

type envelope struct {
	to        []string
	encrypted bool
	message   *mail.Message
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())
	p := &postOffice{address: free.Addr().String(), received: make(chan envelope, 10)}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	p.certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	p.trusted = x509.NewCertPool()
	p.trusted.AddCert(parsed)
	return p
}

func (p *postOffice) open(t *testing.T) {
	t.Helper()
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth = "localhost", false
	server.ErrorLog = silent{}
	config := &tls.Config{Certificates: []tls.Certificate{p.certificate}}
	listener, err := net.Listen("tcp", p.address)
	require.NoError(t, err)
	if p.implicit {
		listener = tls.NewListener(listener, config)
	} else if !p.plain {
		server.TLSConfig = config
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		arrives(t, done, "the end of the mail server")
	})
}

func (p *postOffice) mailer(t *testing.T, o MailOptions) *Mailer {
	t.Helper()
	address, err := net.ResolveTCPAddr("tcp", p.address)
	require.NoError(t, err)
	o.Host, o.Port, o.RootCAs = "127.0.0.1", address.Port, p.trusted
	o.From, o.Timeout = "Wijkregie <sitrap@wijkregie.example>", 5*time.Second
	m, err := NewMailer(o, quiet())
	require.NoError(t, err)
	return m
}

// NewSession implements smtp.Backend.
func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &dialogue{office: p, conn: c}, nil
}

type dialogue struct {
	office *postOffice
	conn   *smtp.Conn
	to     []string
	taken  bool
}

func (d *dialogue) AuthMechanisms() []string { return []string{sasl.Plain} }

func (d *dialogue) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "sitrap" || password != "geheim" {
			return errors.New("wrong")
		}
		return nil
	}), nil
}

func (d *dialogue) Mail(string, *smtp.MailOptions) error { return nil }

func (d *dialogue) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = append(d.to, to)
	return d.office.refusal
}

func (d *dialogue) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(message.Body)
	if err != nil {
		return err
	}
	message.Body = bytes.NewReader(body)
	_, encrypted := d.conn.TLSConnectionState()
	d.office.received <- envelope{to: d.to, encrypted: encrypted, message: message}
	d.taken = true
	return nil
}

func (d *dialogue) Reset() {
	if d.taken && d.office.hangsUp {
		_ = d.conn.Conn().Close()
	}
}

func (d *dialogue) Logout() error { return nil }

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
