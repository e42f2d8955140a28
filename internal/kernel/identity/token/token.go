// Package token says who calls: it verifies bearer JWTs (RFC 9068) of the built-in issuer and of trusted
// external issuers, and it issues the tokens of systems (client credentials).
package token

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	maxTokenBytes   = 8 << 10
	skew            = 60 * time.Second
	defaultLifetime = 24 * time.Hour
	defaultCached   = 10_000
	defaultOINClaim = "oin"
)

// Claims is what a verified token says. It holds no role and no right: those are the municipality's
// own records.
type Claims struct {
	Issuer  string
	Subject string // empty when an external issuer names a system by its client alone
	// ClientID is client_id or azp, and OIN the organisation's number; either may be empty.
	ClientID     string
	OIN          string
	Municipality string // the token's own wish, as it stands in the claim; may be empty
	JTI          string
	ExpiresAt    time.Time // UTC
	// Person tells a person's token from a system's: its subject is not the client itself.
	Person bool
}

// TrustedIssuer is an external issuer (OpenID Connect, OAuth NL) whose tokens are accepted.
type TrustedIssuer struct {
	Issuer  string // compared with iss, byte for byte
	JWKSURL string // https
	// OINClaim names the claim that holds the OIN; "oin" when empty.
	OINClaim string
	// AcceptJWT also accepts typ JWT beside at+jwt, for issuers older than RFC 9068.
	AcceptJWT bool
}

// Config is what a Verifier trusts.
type Config struct {
	Audience string // our identifier as an API; every token must name it in aud
	// Issuer is the built-in issuer with its keys; both or neither.
	Issuer  string
	Keys    *Keys
	Trusted []TrustedIssuer
	// MaxLifetime is the longest that exp may lie behind iat; 24 hours when zero.
	MaxLifetime time.Duration
	// Demo accepts demo persons of the built-in issuer. Never set it outside --demo.
	Demo bool
	// AllowLoopback lets keys be fetched from this machine, over http too; for tests and demo.
	AllowLoopback bool
	// Cached is how many verified tokens are remembered; 10,000 when zero.
	Cached int
	Now    func() time.Time // time.Now when nil
	Log    *slog.Logger     // slog.Default() when nil
}

// Verifier checks bearer tokens. It is safe for concurrent use.
type Verifier struct {
	audience    string
	issuers     map[string]issuer
	maxLifetime time.Duration
	demo        bool
	parser      *jwt.Parser
	seen        *seen
	now         func() time.Time
}

// issuer is one whose tokens are trusted; keys finds the key that a token's header names.
type issuer struct {
	builtIn   bool
	acceptJWT bool
	oinClaim  string
	keys      func(context.Context) jwt.Keyfunc
}

// New makes a Verifier. It fails when the configuration would trust nobody or cannot be right; it
// fetches nothing, the keys of an external issuer come with its first token.
func New(c Config) (*Verifier, error) {
	if c.Audience == "" || (c.Issuer == "") != (c.Keys == nil) || (c.Issuer == "" && len(c.Trusted) == 0) {
		return nil, fmt.Errorf("token: set an audience and a trusted issuer; the built-in issuer needs its keys")
	}
	c = c.withDefaults()
	v := &Verifier{
		audience:    c.Audience,
		issuers:     make(map[string]issuer, len(c.Trusted)+1),
		maxLifetime: c.MaxLifetime,
		demo:        c.Demo,
		seen:        newSeen(c.Cached),
		now:         c.Now,
		parser:      newParser(c.Now, jwt.WithAudience(c.Audience)),
	}
	if c.Issuer != "" {
		v.issuers[c.Issuer] = issuer{builtIn: true, oinClaim: defaultOINClaim, keys: c.Keys.keyfunc}
	}
	// An operator's own issuer may well stand in a private network.
	web := network{loopback: c.AllowLoopback, private: true, now: c.Now, log: c.Log}
	for _, t := range c.Trusted {
		if err := v.trust(t, web); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (c Config) withDefaults() Config {
	if c.MaxLifetime == 0 {
		c.MaxLifetime = defaultLifetime
	}
	if c.Cached == 0 {
		c.Cached = defaultCached
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

func (v *Verifier) trust(t TrustedIssuer, web network) error {
	if _, twice := v.issuers[t.Issuer]; twice || t.Issuer == "" {
		return fmt.Errorf("token: name every trusted issuer once (%q)", t.Issuer)
	}
	set, err := web.keys(t.JWKSURL)
	if err != nil {
		return fmt.Errorf("token: keys of issuer %q: %w", t.Issuer, err)
	}
	found, err := newKeyfunc(set)
	if err != nil {
		return err
	}
	if t.OINClaim == "" {
		t.OINClaim = defaultOINClaim
	}
	v.issuers[t.Issuer] = issuer{acceptJWT: t.AcceptJWT, oinClaim: t.OINClaim, keys: found.KeyfuncCtx}
	return nil
}

// Verify tells what a bearer token says. Every failure is problem.Unauthenticated, with a text that
// says what to do and holds nothing of the token. A token that was verified is believed for at
// most five minutes and never past its exp; see Forget.
func (v *Verifier) Verify(ctx context.Context, raw string) (Claims, error) {
	if len(raw) > maxTokenBytes {
		return Claims{}, refused("The token is too long; send one of at most 8 KiB.")
	}
	id, now := sha256.Sum256([]byte(raw)), v.now()
	known, era, ok := v.seen.get(id, now)
	if ok {
		return known, nil
	}
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return Claims{}, err
	}
	v.seen.put(id, believed{claims: claims, era: era, until: earliest(claims.ExpiresAt, now.Add(believedFor))})
	return claims, nil
}

// Forget empties the memory of verified tokens at once; every token is verified anew.
func (v *Verifier) Forget() { v.seen.forget() }

func (v *Verifier) verify(ctx context.Context, raw string) (Claims, error) {
	var from issuer
	token, err := v.parser.Parse(raw, func(t *jwt.Token) (any, error) {
		var err error
		if from, err = v.issuerOf(t); err != nil {
			return nil, err
		}
		return signer(t, from.keys(ctx))
	})
	if err != nil {
		return Claims{}, explain(err)
	}
	return v.read(token, from)
}

// issuerOf finds the trusted issuer of a token whose signature is not verified yet.
func (v *Verifier) issuerOf(t *jwt.Token) (issuer, error) {
	iss, err := t.Claims.GetIssuer()
	from, trusted := v.issuers[iss]
	if err != nil || !trusted {
		return issuer{}, refused("The token's issuer is not trusted here; get a token from an issuer that this service trusts.")
	}
	if !from.accepts(t) {
		return issuer{}, refused("The token is not an access token; send one with typ at+jwt (RFC 9068).")
	}
	return from, nil
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func newKeyfunc(set jwkset.Storage) (keyfunc.Keyfunc, error) {
	found, err := keyfunc.New(keyfunc.Options{Storage: set, UseWhitelist: []jwkset.USE{jwkset.UseSig, ""}})
	if err != nil {
		return nil, fmt.Errorf("token: keys: %w", err)
	}
	return found, nil
}
