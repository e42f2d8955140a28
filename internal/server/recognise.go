package server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// remembered bounds how many callers are kept.
const remembered = 10_000

// recogniser turns bearer tokens into identities. It remembers them; a transaction that finds the
// people or the matrix of the municipality changed since asks for the identity to be made anew, so
// that a suspension counts at the next request.
type recogniser struct {
	verifier *token.Verifier
	people   *organisation.Service
	matrix   *matrix.Service
	known    *lru.Cache[callerKey, identity.Identity]
	now      func() time.Time
}

// callerKey is a token, by its hash, and the municipality that was asked for.
type callerKey struct {
	token        [sha256.Size]byte
	municipality string
}

func newRecogniser(v *token.Verifier, people *organisation.Service, m *matrix.Service, now func() time.Time) (*recogniser, error) {
	known, err := lru.New[callerKey, identity.Identity](remembered)
	if err != nil {
		return nil, fmt.Errorf("memory of callers: %w", err)
	}
	return &recogniser{verifier: v, people: people, matrix: m, known: known, now: now}, nil
}

// authenticate puts the identity behind a bearer token in the context.
func (r *recogniser) authenticate(ctx context.Context, bearer, municipality string) (context.Context, error) {
	claims, err := r.verifier.Verify(ctx, bearer)
	if err != nil {
		return nil, err
	}
	key := callerKey{token: sha256.Sum256([]byte(bearer)), municipality: municipality}
	if who, there := r.known.Get(key); there && r.now().Before(who.TokenExpires) {
		return identity.With(ctx, who), nil
	}
	who, err := r.recognise(ctx, claims, key)
	if err != nil {
		return nil, err
	}
	return identity.With(ctx, who), nil
}

// recognise reads who is behind a token from the records, and remembers it.
func (r *recogniser) recognise(ctx context.Context, claims token.Claims, key callerKey) (identity.Identity, error) {
	r.known.Remove(key)
	who, err := r.people.Identify(ctx, organisation.Token{
		Issuer: claims.Issuer, Subject: claims.Subject, ClientID: claims.ClientID, OIN: claims.OIN, Municipality: claims.Municipality,
		Person: claims.Person, Expires: claims.ExpiresAt,
	}, key.municipality)
	if err != nil {
		return who, err
	}
	if who, err = r.matrix.Sight(ctx, who); err != nil {
		return who, err
	}
	who.Renew = func(ctx context.Context) (identity.Identity, error) {
		return r.recognise(ctx, claims, key)
	}
	r.known.Add(key, who)
	return who, nil
}
