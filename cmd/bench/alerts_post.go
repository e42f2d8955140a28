package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

// postbox is a mail server that takes everything and notes when it came.
type postbox struct {
	server *smtp.Server
	port   int
	mu     sync.Mutex
	came   map[uuid.UUID]time.Time // by the Message-ID
}

func openPostbox() (*postbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address, is := listener.Addr().(*net.TCPAddr)
	if !is {
		return nil, errors.Join(errors.New("no TCP address"), listener.Close())
	}
	p := &postbox{port: address.Port, came: map[uuid.UUID]time.Time{}}
	p.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return taking{p}, nil }))
	p.server.Domain, p.server.ErrorLog = "localhost", log.New(io.Discard, "", 0) // instances that are killed are no news
	go func() { _ = p.server.Serve(listener) }()                                 // ends with close
	return p, nil
}

// settings let the product send to it, without encryption: it is on the same machine.
func (p *postbox) settings() []string {
	return []string{"SMTP_HOST=127.0.0.1", fmt.Sprint("SMTP_PORT=", p.port), "SMTP_ENCRYPTION=none"}
}

func (p *postbox) close() error { return p.server.Close() }

// taken is which mails came when.
func (p *postbox) taken() map[uuid.UUID]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.came)
}

// taking is one dialogue.
type taking struct{ p *postbox }

// Mail implements smtp.Session.
func (taking) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt implements smtp.Session.
func (taking) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data implements smtp.Session.
func (t taking) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, message.Body); err != nil {
		return err
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(message.Header.Get("Message-Id"), "<"), "@")
	id, err := uuid.Parse(name)
	if err != nil {
		return err
	}
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	t.p.came[id] = time.Now()
	return nil
}

// Reset implements smtp.Session.
func (taking) Reset() {}

// Logout implements smtp.Session.
func (taking) Logout() error { return nil }
