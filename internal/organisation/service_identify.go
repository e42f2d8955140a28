package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// horizon is how far ahead an identity knows for whom it will stand in; nobody keeps one for longer.
const horizon = 24 * time.Hour

// usedEvery is how exactly the last use of a client is known.
const usedEvery = time.Hour

// Identify says who acts for a verified token and the header Municipality (empty without one), from
// the municipality's own records; what the matrix lets him see is added by that area. It fails with
// problem.Unauthenticated for who is not known, suspended, withdrawn or past his validity, and with
// problem.Invalid when the header is wrong or missing. It needs no identity in the context.
func (s *Service) Identify(ctx context.Context, t Token, header string) (who identity.Identity, err error) {
	homes, err := s.homes(ctx, t)
	if err != nil {
		return who, err
	}
	municipality, err := t.choose(homes, header)
	if err != nil {
		return who, err
	}
	err = s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "identify")), func(ctx context.Context) error {
		who, err = s.identify(ctx, t, municipality)
		return err
	})
	return who, err
}

// homes asks in which municipalities a token can act. A system is known by its registered client, else
// by its organisation number.
func (s *Service) homes(ctx context.Context, t Token) ([]Municipality, error) {
	if t.Person {
		return homesOfPerson(ctx, s.k.DB, Identity{Issuer: t.Issuer, Subject: t.Subject})
	}
	if id := t.client(); id != uuid.Nil {
		homes, err := homesOfClient(ctx, s.k.DB, id)
		if err != nil || len(homes) > 0 {
			return homes, err
		}
	}
	if t.OIN == "" {
		return nil, unknown()
	}
	return homesOfOIN(ctx, s.k.DB, t.OIN)
}

func (s *Service) identify(ctx context.Context, t Token, municipality string) (who identity.Identity, err error) {
	rows, err := standingsOf(ctx, t, municipality)
	if err != nil {
		return who, err
	}
	if len(rows) == 0 {
		return who, unknown()
	}
	if len(rows) > 1 {
		return who, problem.Errorf(problem.Unauthenticated, "Several organisations share this organisation number; come in as a registered client.")
	}
	at, now := rows[0], s.k.Now()
	s.learn(municipality, at.People)
	zone, err := zoneNamed(at.TimeZone)
	if err != nil {
		return who, err
	}
	if err := at.admits(t, zone, now); err != nil {
		return who, err
	}
	var duties []duty
	if t.Person {
		if duties, err = dutiesOf(ctx, at, now, now.Add(horizon)); err != nil {
			return who, err
		}
	}
	if at.ClientID != uuid.Nil && (at.LastUsedAt == nil || now.Sub(*at.LastUsedAt) >= usedEvery) {
		if err := markUsed(ctx, at.ClientID, now); err != nil {
			return who, err
		}
	}
	return at.identity(t, duties, zone, now), nil
}
