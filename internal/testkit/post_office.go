package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// PostOffice is a real mail server in this process, on a port of its own. It offers STARTTLS and
// asks for the password where a client wants to log in. Set what it does before Open.
type PostOffice struct {
	Host           string
	Port           int
	User, Password string         // what it lets in
	Trusted        *x509.CertPool // its certificate
	Received       chan Letter    // what it took, at most a thousand unread

	Plain    bool  // offers no encryption
	Implicit bool  // is encrypted from the first byte
	Refusal  error // of every recipient
	HangsUp  bool  // right after it has taken a letter

	Dialogues atomic.Int64 // that were begun

	certificate tls.Certificate
}

// Letter is a mail that the post office took.
type Letter struct {
	To            []string
	Header        mail.Header
	Source        string // of the body
	Encrypted     bool
	Authenticated bool
}

// NewPostOffice makes a mail server that is closed; connecting to it is refused.
func NewPostOffice(tb testing.TB) *PostOffice {
	tb.Helper()
	p := &PostOffice{Host: "127.0.0.1", User: "sitrap", Password: "geheim", Received: make(chan Letter, 1000)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("port for the mail server: %v", err)
	}
	address, _ := listener.Addr().(*net.TCPAddr)
	p.Port = address.Port
	if err := errors.Join(listener.Close(), p.certify()); err != nil {
		tb.Fatalf("mail server: %v", err)
	}
	return p
}

// certify makes the certificate by which the server is known.
func (p *PostOffice) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.ParseIP(p.Host)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	p.certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	p.Trusted = x509.NewCertPool()
	p.Trusted.AddCert(parsed)
	return nil
}

// Open lets the server take letters, until shut is called or the test ends.
func (p *PostOffice) Open(tb testing.TB) (shut func()) {
	tb.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.ParseIP(p.Host), Port: p.Port})
	if err != nil {
		tb.Fatalf("open the mail server: %v", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		p.Dialogues.Add(1)
		return &dialogue{office: p, conn: c}, nil
	}))
	server.Domain, server.ErrorLog = "localhost", quiet{}
	config := &tls.Config{Certificates: []tls.Certificate{p.certificate}}
	var on net.Listener = listener
	if p.Implicit {
		on = tls.NewListener(listener, config)
	} else if !p.Plain {
		server.TLSConfig = config
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(on) // ends with Close
	}()
	shut = sync.OnceFunc(func() {
		_ = server.Close()
		<-done
	})
	tb.Cleanup(shut)
	return shut
}

// dialogue is one connection to the post office.
type dialogue struct {
	office *PostOffice
	conn   *smtp.Conn
	letter Letter
	taken  bool
}

// AuthMechanisms implements smtp.AuthSession.
func (d *dialogue) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (d *dialogue) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != d.office.User || password != d.office.Password {
			return errors.New("not known here")
		}
		d.letter.Authenticated = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (d *dialogue) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt implements smtp.Session.
func (d *dialogue) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.letter.To = append(d.letter.To, to)
	return d.office.Refusal
}

// Data implements smtp.Session.
func (d *dialogue) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	var source strings.Builder
	if _, err := io.Copy(&source, message.Body); err != nil {
		return err
	}
	d.letter.Header, d.letter.Source = message.Header, source.String()
	_, d.letter.Encrypted = d.conn.TLSConnectionState()
	d.office.Received <- d.letter
	d.taken = true
	return nil
}

// Reset implements smtp.Session.
func (d *dialogue) Reset() {
	if d.taken && d.office.HangsUp {
		_ = d.conn.Conn().Close()
	}
	d.letter.To = nil
}

// Logout implements smtp.Session.
func (d *dialogue) Logout() error { return nil }

// quiet keeps what clients do wrong on purpose out of the output of tests.
type quiet struct{}

// Printf implements smtp.Logger.
func (quiet) Printf(string, ...any) {}

// Println implements smtp.Logger.
func (quiet) Println(...any) {}
