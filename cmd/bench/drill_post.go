package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/mail"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

var errNoLetter = errors.New("no letter came")

// sink is a mail server that notes the Message-ID of every letter it takes, and behaves badly when told to.
type sink struct {
	address  string
	listener net.Listener
	server   *smtp.Server

	mu      sync.Mutex
	taken   map[string]int // by Message-ID, without the domain
	refusal error
	held    *held // the next letter is taken and never answered
}

// held is a letter that the sink has taken without answering.
type held struct {
	taken   chan struct{}
	release chan struct{}
}

func newSink(ctx context.Context) (*sink, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p := &sink{address: address, taken: map[string]int{}}
	return p, p.open(ctx)
}

// open lets it take connections, always at the same address.
func (p *sink) open(ctx context.Context) error {
	var config net.ListenConfig
	var err error
	if p.listener, err = config.Listen(ctx, "tcp", p.address); err != nil {
		return err
	}
	p.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{p: p}, nil }))
	p.server.Domain, p.server.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	go func(server *smtp.Server, on net.Listener) { _ = server.Serve(on) }(p.server, p.listener) // ends with shut
	return nil
}

// shut ends dialogues and refuses connections. It is called when nothing is on its way: what was taken has been answered.
func (p *sink) shut() error {
	err := p.server.Close()
	if errors.Is(err, smtp.ErrServerClosed) {
		err = nil
	}
	if closing := p.listener.Close(); !errors.Is(closing, net.ErrClosed) { // also when serving had not begun
		err = errors.Join(err, closing)
	}
	return err
}

// refuse answers every letter so; nil takes them again.
func (p *sink) refuse(answer error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusal = answer
}

// hang takes the next letter and does not answer until release; taken tells that it has it.
func (p *sink) hang() (release func(), taken <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := &held{make(chan struct{}), make(chan struct{})}
	p.held = h
	return sync.OnceFunc(func() { close(h.release) }), h.taken
}

// take notes a letter and says what to answer, after waiting where it must.
func (p *sink) take(id string) (answer error, wait *held) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refusal != nil {
		return p.refusal, nil
	}
	p.taken[id]++
	wait, p.held = p.held, nil
	return nil, wait
}

// empty forgets what was taken.
func (p *sink) empty() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = map[string]int{}
}

// letters are how often each was taken.
func (p *sink) letters() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make(map[string]int, len(p.taken))
	for id, n := range p.taken {
		all[id] = n
	}
	return all
}

// visit is one dialogue.
type visit struct{ p *sink }

// Mail implements smtp.Session.
func (*visit) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt implements smtp.Session.
func (*visit) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data implements smtp.Session.
func (v *visit) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, message.Body); err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.Trim(message.Header.Get("Message-Id"), "<>"), "@")
	answer, wait := v.p.take(id)
	if wait != nil {
		close(wait.taken)
		<-wait.release
	}
	return answer
}

// Reset implements smtp.Session.
func (*visit) Reset() {}

// Logout implements smtp.Session.
func (*visit) Logout() error { return nil }
