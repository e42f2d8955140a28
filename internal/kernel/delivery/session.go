package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// A dialogue with the mail server stays open for a while after a mail, for the next ones: connecting, encrypting and
// logging in cost more than a mail itself.
const (
	openFor     = 10 * time.Second // without a mail; shorter than the time that each step may take
	mostOpen    = 8
	mailsInEach = 100 // mail servers limit it
)

// sessions are the dialogues with a mail server that wait for a mail.
type sessions struct {
	client *mail.Client
	mu     sync.Mutex
	idle   []*session
}

// session is one dialogue.
type session struct {
	*smtp.Client
	mails int
	since time.Time
}

// send holds a dialogue of one mail, in an open session when there is one. When the server has ended that meanwhile, nothing
// was sent and another is opened. The error is nil or go-mail's.
func (s *sessions) send(ctx context.Context, msg *mail.Msg) error {
	if kept := s.take(); kept != nil {
		err := s.client.SendWithSMTPClient(kept.Client, msg)
		if !ended(err) {
			return s.put(kept, msg, err)
		}
		_ = s.client.CloseWithSMTPClient(kept.Client) // it is ended
	}
	opened, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotOpened, err)
	}
	fresh := &session{Client: opened}
	return s.put(fresh, msg, s.client.SendWithSMTPClient(opened, msg))
}

// errNotOpened is that no dialogue came about.
var errNotOpened = errors.New("the mail server cannot be used")

// ended tells whether a session was refused before the mail had begun.
func ended(err error) bool {
	var refusal *mail.SendError
	return errors.As(err, &refusal) && (refusal.Reason == mail.ErrConnCheck || refusal.Reason == mail.ErrSMTPMailFrom)
}

// take gives the session that was used last.
func (s *sessions) take() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	last := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	return last
}

// put keeps a session after a mail that went well, and closes every other. It gives back what the mail's outcome was: how
// the session ends does not matter to it.
func (s *sessions) put(used *session, msg *mail.Msg, outcome error) error {
	used.mails, used.since = used.mails+1, time.Now()
	s.mu.Lock()
	keep := outcome == nil && msg.IsDelivered() && used.mails < mailsInEach && len(s.idle) < mostOpen
	if keep {
		s.idle = append(s.idle, used)
		time.AfterFunc(openFor, s.tidy)
	}
	s.mu.Unlock()
	if !keep {
		_ = s.client.CloseWithSMTPClient(used.Client)
	}
	return outcome
}

// tidy closes the sessions that have waited for long.
func (s *sessions) tidy() {
	s.mu.Lock()
	var old []*session
	for len(s.idle) > 0 && time.Since(s.idle[0].since) >= openFor {
		old, s.idle = append(old, s.idle[0]), s.idle[1:]
	}
	s.mu.Unlock()
	for _, o := range old {
		_ = s.client.CloseWithSMTPClient(o.Client)
	}
}
