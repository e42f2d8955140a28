package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// unbounded is the end of an identity that rests on no token.
const unbounded = 24 * time.Hour

// IdentityOf is a professional as he would be at a request now, without a token: for the last look
// before something is sent to him. It fails as Identify does for who may not come in any more.
func (s *Service) IdentityOf(ctx context.Context, municipality string, professional uuid.UUID) (who identity.Identity, err error) {
	read := func(ctx context.Context) ([]standing, error) {
		return standingOfProfessional(ctx, municipality, professional)
	}
	return s.identityFrom(ctx, municipality, read)
}

// IdentityOfPartner is a professional of a partner who is named wherever the partner takes part and has
// no role, as he would be at a request now: nobody in particular, so that he carries the partner's own id.
// It fails as Identify does for a partner that may not come in any more.
func (s *Service) IdentityOfPartner(ctx context.Context, municipality string, partner uuid.UUID) (who identity.Identity, err error) {
	read := func(ctx context.Context) ([]standing, error) { return standingOfPartner(ctx, municipality, partner) }
	return s.identityFrom(ctx, municipality, read)
}

// identityFrom is the identity that follows from what the records say of somebody.
func (s *Service) identityFrom(ctx context.Context, municipality string, read func(context.Context) ([]standing, error)) (who identity.Identity, err error) {
	err = s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "identify")), func(ctx context.Context) error {
		rows, err := read(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return unknown()
		}
		at, now := rows[0], s.k.Now()
		zone, err := zoneNamed(at.TimeZone)
		if err != nil {
			return err
		}
		t := Token{Person: true, Municipality: municipality, Expires: now.Add(unbounded)}
		if err := at.admits(t, zone, now); err != nil {
			return err
		}
		duties, err := dutiesOf(ctx, at, now, now.Add(horizon))
		who = at.identity(t, duties, zone, now)
		if err == nil && len(who.Unmet) > 0 {
			err = problem.Errorf(problem.Unauthenticated, "This professional does not meet the requirements for access; GET /v1/me tells him which.")
		}
		return err
	})
	return who, err
}

// IdentityOfClient is a registered client as it would be at a request now, without a token: for the last look before
// something is sent to it. It fails as Identify does for one that may not come in any more.
func (s *Service) IdentityOfClient(ctx context.Context, municipality string, client uuid.UUID) (who identity.Identity, err error) {
	err = s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "identify")), func(ctx context.Context) error {
		now := s.k.Now()
		t := Token{ClientID: client.String(), Municipality: municipality, Expires: now.Add(unbounded)}
		rows, err := standingsOf(ctx, t, municipality)
		if err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].ClientID != client {
			return unknown()
		}
		zone, err := zoneNamed(rows[0].TimeZone)
		if err != nil {
			return err
		}
		who = rows[0].identity(t, nil, zone, now)
		return rows[0].admits(t, zone, now)
	})
	return who, err
}

// OIN is the organisation number of the municipality itself; empty when it has none. It needs a transaction.
func (s *Service) OIN(ctx context.Context) (oin string, err error) { return oinOf(ctx, directing) }
