package token

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const minRSABits = 2048

func algorithms() []string { return []string{"PS256", "RS256", "ES256", "EdDSA"} }

func newParser(now func() time.Time, more ...jwt.ParserOption) *jwt.Parser {
	return jwt.NewParser(append(more,
		jwt.WithValidMethods(algorithms()),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(now),
		jwt.WithLeeway(skew),
		jwt.WithIssuedAt(),
		jwt.WithExpirationRequired(),
	)...)
}

// signer finds the key that a token's kid names among its sender's own keys. What else the header
// says about keys (jku, x5u, jwk) is the sender's word and is not read.
func signer(t *jwt.Token, keys jwt.Keyfunc) (any, error) {
	if _, critical := t.Header["crit"]; critical {
		return nil, refused("The token's header has crit, which this service does not know; leave it out.")
	}
	if kid, ok := t.Header["kid"].(string); !ok || !plain(kid) {
		return nil, refused("The token's header has no kid; name the key that signed it.")
	}
	key, err := keys(t)
	if err != nil {
		return nil, err
	}
	if !suits(t.Method.Alg(), key) {
		return nil, refused("The token's alg does not belong to its key; use the algorithm of the published key (RSA of at least 2048 bits, P-256 or Ed25519).")
	}
	return key, nil
}

// suits keeps a key to the algorithms that it is made for.
func suits(alg string, key any) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return (alg == "PS256" || alg == "RS256") && k.N.BitLen() >= minRSABits
	case *ecdsa.PublicKey:
		return alg == "ES256" && k.Curve == elliptic.P256()
	case ed25519.PublicKey:
		return alg == "EdDSA"
	}
	return false
}

// accepts tells whether the token's typ is one that this issuer gives to access tokens.
func (i issuer) accepts(t *jwt.Token) bool {
	typ, _ := t.Header["typ"].(string)
	typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
	return typ == "at+jwt" || (i.acceptJWT && typ == "jwt")
}

// explain turns a failed parse into what the caller can do; nothing of the token is repeated.
func explain(err error) *problem.Error {
	var known *problem.Error
	if errors.As(err, &known) {
		return known
	}
	for _, e := range []struct {
		failure error
		refusal *problem.Error
	}{
		{jwkset.ErrKeyNotFound, refused("The token's key (kid) is not among its issuer's keys, or these cannot be fetched now; get a new token or try again later.")},
		{jwt.ErrTokenMalformed, refused("The token is not a JWT; send the access token as the issuer gave it.")},
		{jwt.ErrTokenExpired, refused("The token has expired; get a new one.")},
		{jwt.ErrTokenNotValidYet, refused("The token is not valid yet (nbf); check the issuer's clock.")},
		{jwt.ErrTokenUsedBeforeIssued, refused("The token is issued in the future (iat); check the issuer's clock.")},
		{jwt.ErrTokenInvalidAudience, refused("The token is meant for another audience; ask the issuer for a token with this service in aud.")},
		{jwt.ErrTokenRequiredClaimMissing, refused("The token lacks a required claim; it needs iss, aud, exp, iat and jti.")},
		{jwt.ErrTokenSignatureInvalid, refused("The token's signature does not hold; it must be signed by its issuer with PS256, RS256, ES256 or EdDSA.")},
	} {
		if errors.Is(err, e.failure) {
			return e.refusal
		}
	}
	return refused("The token cannot be verified; get a new one from a trusted issuer.")
}

func refused(advice string) *problem.Error {
	return &problem.Error{Kind: problem.Unauthenticated, Detail: advice}
}
