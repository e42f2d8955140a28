package alert

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// How long a recipient is remembered, and how many: who gets many mails is not read from the records for each. A
// transaction finds out by itself when the records or the matrix have changed since.
const (
	recall  = time.Minute
	recalls = 10_000
)

// recipients remembers as whom mails are written.
type recipients struct {
	mu    sync.Mutex
	known map[recipientKey]recipient
}

type recipientKey struct {
	municipality string
	professional uuid.UUID
}

type recipient struct {
	who   identity.Identity
	until time.Time
}

// recipient is the identity of who gets a mail, as he would have it at a request now. It fails as Means.As does.
func (s *Service) recipient(ctx context.Context, municipality string, professional uuid.UUID) (identity.Identity, error) {
	key := recipientKey{municipality, professional}
	s.recipients.mu.Lock()
	kept, there := s.recipients.known[key]
	s.recipients.mu.Unlock()
	if there && s.k.Now().Before(kept.until) && s.k.Now().Before(kept.who.TokenExpires) {
		return kept.who, nil
	}
	return s.readRecipient(ctx, key)
}

func (s *Service) readRecipient(ctx context.Context, key recipientKey) (identity.Identity, error) {
	who, err := s.m.As(ctx, key.municipality, key.professional)
	s.recipients.mu.Lock()
	defer s.recipients.mu.Unlock()
	if err != nil || who.Versions == (identity.Versions{}) { // without a stamp nobody would notice a change
		delete(s.recipients.known, key)
		return who, err
	}
	who.Renew = func(ctx context.Context) (identity.Identity, error) { return s.readRecipient(ctx, key) }
	if s.recipients.known == nil || len(s.recipients.known) >= recalls {
		s.recipients.known = map[recipientKey]recipient{}
	}
	s.recipients.known[key] = recipient{who, s.k.Now().Add(recall)}
	return who, nil
}

// atDesk lets a few at once write or settle mails: streams and requests do not wait for the database behind a heap of them.
func (s *Service) atDesk(work func() error) error {
	s.desk <- struct{}{}
	defer func() { <-s.desk }()
	return work()
}

// desks is how many.
const desks = 4
