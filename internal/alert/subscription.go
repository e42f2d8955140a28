package alert

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// HookState is where a subscription stands.
type HookState string

// The states. Only what is active is sent anything; what waits of another is dropped.
const (
	HookActive  HookState = "active"
	HookPaused  HookState = "paused"
	HookStopped HookState = "stopped" // by its manager, or because the receiver answered that it is gone
)

// Subscription is that a system of a partner is told of events by webhook, under the rights of that client.
type Subscription struct {
	MunicipalityID      string    `gorm:"primaryKey" etag:"-"`
	ID                  uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version             int64     `etag:"-"`
	PartnerID           uuid.UUID
	ClientID            uuid.UUID
	Url                 string
	Kinds               []string `gorm:"serializer:json"` // codes of list event-kinds; all when empty
	State               HookState
	Secret              []byte     `etag:"-"` // sealed
	PreviousSecret      []byte     `etag:"-"` // sealed; nil without one
	PreviousSecretUntil *time.Time // until when it signs too
	VerifiedAt          *time.Time // since when the receiver wants events; nil while it did not say so
	CreatedAt           time.Time
	ChangedAt           time.Time
}

// TableName is where GORM finds it.
func (Subscription) TableName() string { return "webhook_subscription" }

// Guarded implements db.Row.
func (s Subscription) Guarded() uuid.UUID { return s.ID }

// Resource is the subscription, to decide on.
func (s Subscription) Resource() authz.Resource {
	return authz.Resource{ID: s.ID, Partner: s.PartnerID}
}

const (
	// mostSubscriptions bounds how many subscriptions a partner has: every event is written for each of them.
	mostSubscriptions = 20
	// mostTests bounds the test events of a subscription that wait.
	mostTests = 10
	// overlap is how long the secret before a renewal signs too.
	overlap = 24 * time.Hour
	// secretLength is in bytes.
	secretLength = 32
)

// wants tells whether a kind of event is to be sent.
func (s Subscription) wants(kind string) bool {
	return len(s.Kinds) == 0 || slices.Contains(s.Kinds, kind)
}

// listens tells whether events go out.
func (s Subscription) listens() bool { return s.State == HookActive && s.VerifiedAt != nil }

// mustListen refuses to send to who is not there for it.
func (s Subscription) mustListen() error {
	switch {
	case s.State != HookActive:
		return problem.Errorf(problem.Conflict, "This subscription is not active; start it first.")
	case s.VerifiedAt == nil:
		return problem.Errorf(problem.Conflict, "The receiver did not say yet that it wants events; let it answer the OPTIONS request.")
	}
	return nil
}

// place is where its secrets lie.
func (s Subscription) place() secret.Place {
	return secret.Place{Municipality: s.MunicipalityID, Record: s.ID, Field: "webhook_subscription.secret"}
}

// changed settles what follows from a change of address or state, and tells whether the receiver is to be asked whether it
// wants events.
func (s *Subscription) changed(before Subscription) (ask bool) {
	s.Kinds = distinct(s.Kinds)
	if s.Url != before.Url || before.State == HookStopped && s.State != HookStopped {
		s.VerifiedAt = nil
	}
	return s.State == HookActive && s.VerifiedAt == nil && (s.Url != before.Url || s.State != before.State)
}

// renew puts a new secret in the place of the one that signs, which goes on to sign for a while.
func (s *Subscription) renew(sealed []byte, now time.Time) error {
	if s.PreviousSecretUntil != nil && now.Before(*s.PreviousSecretUntil) {
		return problem.Errorf(problem.Conflict, "The secret before the present one still counts; renew it again when that has ended.")
	}
	s.PreviousSecret, s.PreviousSecretUntil, s.Secret = s.Secret, new(now.Add(overlap)), sealed
	return nil
}

// check holds a subscription against what it may be.
func (s *Service) check(sub Subscription) error {
	var f problem.Faults
	if !s.m.Hooks.Accepts(sub.Url) {
		f.Note("/url", "uri", "Send an https address without user name, password and fragment.")
	}
	for i, kind := range sub.Kinds {
		if _, known := s.labels[kind]; !known {
			f.Note("/kinds/"+strconv.Itoa(i), "reference", "There is no such kind of event; see GET /v1/code-lists/event-kinds.")
		}
	}
	return f.Err()
}

func distinct(all []string) []string {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
