package token

import (
	"cmp"
	"time"
	"unicode"

	"github.com/golang-jwt/jwt/v5"
)

const maxClaimBytes = 255

// reader takes texts out of claims and keeps the first thing that is wrong with them.
type reader struct {
	claims jwt.MapClaims
	err    error
}

// text is a claim that may be absent; where it stands it must be text.
func (r *reader) text(name string) string {
	value, there := r.claims[name]
	if !there {
		return ""
	}
	text, ok := value.(string)
	if !ok || !plain(text) {
		r.fail("A claim of the token is not text of 1 to 255 bytes without control characters; correct it at the issuer.")
		return ""
	}
	return text
}

// client is the client that asked for the token: client_id (RFC 9068) or azp (OpenID Connect).
func (r *reader) client() string {
	id, party := r.text("client_id"), r.text("azp")
	if id != "" && party != "" && id != party {
		r.fail("The token names two clients (client_id and azp); it must name one.")
	}
	return cmp.Or(id, party)
}

func (r *reader) fail(advice string) {
	if r.err == nil {
		r.err = refused(advice)
	}
}

// read makes Claims of a token whose signature, times and audience hold, under the rules that are ours.
func (v *Verifier) read(t *jwt.Token, from issuer) (Claims, error) {
	r := reader{claims: t.Claims.(jwt.MapClaims)}
	c := Claims{
		Issuer:       r.text("iss"),
		Subject:      r.text("sub"),
		ClientID:     r.client(),
		OIN:          r.text(from.oinClaim),
		Municipality: r.text("municipality"),
		JTI:          r.text("jti"),
	}
	c.Person = c.Subject != "" && c.Subject != c.ClientID
	c.ExpiresAt = v.expiry(&r)
	if c.JTI == "" {
		r.fail("The token has no jti; the issuer must give every token its own.")
	}
	if c.Subject == "" && (from.builtIn || c.ClientID == "" && c.OIN == "") {
		r.fail("The token names nobody; it needs sub, client_id or an OIN.")
	}
	demo := r.claims["demo"]
	if demo != nil && !v.demo {
		r.fail("Demo tokens are not accepted here; get a token from a trusted issuer.")
	}
	if from.builtIn && c.Person && demo != true {
		r.fail("The built-in issuer speaks for systems only; a person needs a token from a trusted issuer.")
	}
	if r.err != nil {
		return Claims{}, r.err
	}
	return c, nil
}

// expiry is the end of the token (UTC), which may not lie too far behind its beginning.
func (v *Verifier) expiry(r *reader) time.Time {
	exp, expErr := r.claims.GetExpirationTime()
	iat, iatErr := r.claims.GetIssuedAt()
	if expErr != nil || iatErr != nil || exp == nil || iat == nil {
		r.fail("The token lacks a required claim; it needs iss, aud, exp, iat and jti.")
		return time.Time{}
	}
	if exp.Sub(iat.Time) > v.maxLifetime {
		r.fail("The token is valid for too long; ask the issuer for a shorter lifetime.")
	}
	return exp.UTC()
}

// plain keeps out what a database or a log line would choke on.
func plain(s string) bool {
	if s == "" || len(s) > maxClaimBytes {
		return false
	}
	for _, c := range s {
		if unicode.IsControl(c) {
			return false
		}
	}
	return true
}
