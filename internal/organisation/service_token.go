package organisation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// TokenClient is a registered client as the token endpoint needs it.
type TokenClient struct {
	ID           uuid.UUID
	Municipality string
	JWKS         []byte // its public keys (RFC 7517); nil when they are at JWKSURI
	JWKSURI      string
	SecretHash   []byte // nil for a client that may not use a secret
	Active       bool   // neither withdrawn nor of a suspended partner
}

// TokenClient finds a client for the token endpoint, where nobody acts yet. It fails with
// problem.NotFound.
func (s *Service) TokenClient(ctx context.Context, id uuid.UUID) (found TokenClient, err error) {
	err = s.atHomeOf(ctx, id, func(ctx context.Context) error {
		c, err := findClient(ctx, id)
		if err != nil {
			return err
		}
		partner, err := findPartner(ctx, c.PartnerID)
		if err != nil {
			return err
		}
		found = TokenClient{
			ID: c.ID, Municipality: c.MunicipalityID, JWKSURI: c.JwksUri, SecretHash: c.SecretHash,
			Active: c.Status == Active && partner.Status == Active,
		}
		if c.Jwks != nil {
			found.JWKS, err = json.Marshal(c.Jwks)
		}
		return err
	})
	return found, err
}

// Once tells whether a client's assertion (jti) is seen for the first time, and remembers it until
// then. It fails with problem.NotFound for an unknown client.
func (s *Service) Once(ctx context.Context, client uuid.UUID, jti string, until time.Time) (first bool, err error) {
	err = s.atHomeOf(ctx, client, func(ctx context.Context) error {
		first, err = once(ctx, client, jti, s.k.Now(), until)
		return err
	})
	return first, err
}

// atHomeOf runs fn in the municipality where the client is registered.
func (s *Service) atHomeOf(ctx context.Context, client uuid.UUID, fn func(context.Context) error) error {
	homes, err := homesOfClient(ctx, s.k.DB, client)
	if err != nil {
		return err
	}
	if len(homes) != 1 {
		return problem.Errorf(problem.NotFound, "There is no such client.")
	}
	return s.k.DB.Tx(identity.With(ctx, identity.System(homes[0].ID, "token")), fn)
}
