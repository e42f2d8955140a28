package token

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	assertionLifetime = 5 * time.Minute
	maxRemotes        = 1000
)

// assertedClient reads whose assertion it is, before its signature is verified.
func (i *Issuer) assertedClient(raw, id string) (uuid.UUID, error) {
	if len(raw) > maxTokenBytes {
		return uuid.Nil, badRequest(invalidRequest, "The client_assertion is too long; send at most 8 KiB.")
	}
	claims := jwt.MapClaims{}
	if _, _, err := i.parser.ParseUnverified(raw, claims); err != nil {
		return uuid.Nil, badClient("The client_assertion is not a JWT signed with PS256, RS256, ES256 or EdDSA.")
	}
	iss, _ := claims["iss"].(string)
	sub, _ := claims["sub"].(string)
	if iss != sub || (id != "" && id != sub) {
		return uuid.Nil, badClient("In the client_assertion iss and sub must both be the client id.")
	}
	return clientID(sub)
}

// verifyAssertion proves a client by its signed assertion (RFC 7523 §3), which counts once.
func (i *Issuer) verifyAssertion(ctx context.Context, client Client, raw string) error {
	found, err := i.keysOf(client)
	if err != nil {
		return badClient("The client's registered keys cannot be read; register a JWKS, or an https URL of one.")
	}
	token, err := i.parser.Parse(raw, func(t *jwt.Token) (any, error) {
		return signer(t, found(ctx))
	})
	if err != nil {
		return badClient("client_assertion: " + explain(err).Detail)
	}
	exp, jti, err := i.readAssertion(token.Claims.(jwt.MapClaims))
	if err != nil {
		return err
	}
	first, err := i.c.Once(ctx, client.ID, jti, exp.Add(skew))
	if err != nil {
		return err
	}
	if !first {
		return badClient("The client_assertion was used before; make a new one with its own jti for every request.")
	}
	return nil
}

func (i *Issuer) readAssertion(claims jwt.MapClaims) (exp time.Time, jti string, err error) {
	r := reader{claims: claims}
	if jti = r.text("jti"); jti == "" {
		return exp, "", badClient("The client_assertion needs a jti of at most 255 bytes of its own.")
	}
	end, err := claims.GetExpirationTime()
	if err != nil || end == nil || end.After(i.c.Now().Add(assertionLifetime+skew)) {
		return exp, "", badClient("The client_assertion may be valid for at most five minutes (exp).")
	}
	// Every audience must be us: one that another server accepts too could be replayed here by it.
	ours := []string{i.c.Issuer, i.c.Issuer + TokenPath}
	aud, err := claims.GetAudience()
	elsewhere := slices.ContainsFunc(aud, func(a string) bool { return !slices.Contains(ours, a) })
	if err != nil || len(aud) == 0 || elsewhere {
		return exp, "", badClient("The client_assertion must have only the issuer or the token endpoint as aud.")
	}
	return end.Time, jti, nil
}

// keysOf finds the client's own keys: those that are registered, else those at its URL.
func (i *Issuer) keysOf(client Client) (func(context.Context) jwt.Keyfunc, error) {
	set, err := i.setOf(client)
	if err != nil {
		return nil, err
	}
	found, err := newKeyfunc(set)
	if err != nil {
		return nil, err
	}
	return found.KeyfuncCtx, nil
}

func (i *Issuer) setOf(client Client) (jwkset.Storage, error) {
	if len(client.JWKS) == 0 {
		return i.remotes.at(client.JWKSURI)
	}
	keys, err := parseSet(client.JWKS)
	if err != nil {
		return nil, err
	}
	set := jwkset.NewMemoryStorage()
	return set, set.KeyReplaceAll(context.Background(), keys)
}

// remotes keeps the fetched key sets of clients by URL.
type remotes struct {
	web  network
	mu   sync.Mutex
	sets *recent[string, *remote]
}

func newRemotes(web network) *remotes {
	return &remotes{web: web, sets: newRecent[string, *remote](maxRemotes)}
}

func (r *remotes) at(address string) (*remote, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if set, ok := r.sets.get(address); ok {
		return set, nil
	}
	set, err := r.web.keys(address)
	if err != nil {
		return nil, err
	}
	r.sets.put(address, set)
	return set, nil
}
