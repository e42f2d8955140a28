package server_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// forge makes tokens that the product must refuse.
type forge struct {
	*testing.T
	*live.World
}

// issuer is a built-in issuer that differs from ours in what change does.
func (f forge) issuer(change func(*token.IssuerConfig)) string {
	f.Helper()
	config := token.IssuerConfig{Issuer: f.URL, Audience: live.Audience, Keys: f.Keys, Demo: true}
	change(&config)
	issuer, err := token.NewIssuer(config)
	require.NoError(f, err)
	made, err := issuer.IssuePerson("police", "GM0861")
	require.NoError(f, err)
	return made
}

// claims are those of a good token.
func (f forge) claims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": f.URL, "aud": live.Audience, "sub": "police", "municipality": "GM0861", "demo": true, "jti": uuid.NewString(),
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
}

// good is the parts of a token that is accepted.
func (f forge) good() []string { return strings.Split(f.As(f.T, "police").Token(), ".") }

// signed signs otherwise than the built-in issuer, under its key's name.
func (f forge) signed(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	f.Helper()
	var header map[string]any
	text, err := base64.RawURLEncoding.DecodeString(f.good()[0])
	require.NoError(f, err)
	require.NoError(f, json.Unmarshal(text, &header))
	t := jwt.NewWithClaims(method, claims)
	maps.Copy(t.Header, map[string]any{"kid": header["kid"], "typ": header["typ"]})
	made, err := t.SignedString(key)
	require.NoError(f, err)
	return made
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// TestTokensThatAreNotGood shows that a forged or old token opens nothing and is not repeated.
func TestTokensThatAreNotGood(t *testing.T) {
	t.Parallel()
	f := forge{t, live.Start(t)}
	published, err := f.Keys.JWKS()
	require.NoError(t, err)
	_, other, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	parts := f.good()
	keys, err := token.OpenKeys(token.KeysConfig{Dir: t.TempDir(), Log: f.Log.Logger()})
	require.NoError(t, err)
	past := func() time.Time { return time.Now().Add(-9 * time.Hour) }
	future := func() time.Time { return time.Now().Add(time.Hour) }
	payload, err := json.Marshal(f.claims())
	require.NoError(t, err)
	for name, bad := range map[string]string{
		"expired":                      f.issuer(func(c *token.IssuerConfig) { c.Now = past }),
		"of the future":                f.issuer(func(c *token.IssuerConfig) { c.Now = future }),
		"for another audience":         f.issuer(func(c *token.IssuerConfig) { c.Audience = "anderen" }),
		"of another issuer":            f.issuer(func(c *token.IssuerConfig) { c.Issuer = "https://anderen.example" }),
		"of another issuer's keys":     f.issuer(func(c *token.IssuerConfig) { c.Keys = keys }),
		"unsigned":                     parts[0] + "." + parts[1] + ".",
		"without a signature":          parts[0] + "." + parts[1],
		"alg none":                     encode(`{"alg":"none","typ":"at+jwt"}`) + "." + encode(string(payload)) + ".",
		"alg None":                     encode(`{"alg":"None","typ":"at+jwt"}`) + "." + encode(string(payload)) + "." + parts[2],
		"HS256 with the published key": f.signed(jwt.SigningMethodHS256, published, f.claims()),
		"another key under our name":   f.signed(jwt.SigningMethodEdDSA, other, f.claims()),
		"another payload":              parts[0] + "." + encode(string(payload)) + "." + parts[2],
		"a person who is not here":     subject(t, f, "niemand", "GM0861"),
		"a municipality that is not":   subject(t, f, "police", "GM9999"),
		"a municipality of others":     subject(t, f, "police", "GM1948"),
		"no token":                     "qq12.ww34.ee56",
		"a token of a client not here": system(t, f, uuid.New()),
		"longer than any":              strings.Repeat("a", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			r := f.With(t, bad).Get("/v1/me")
			r.Check(401)
			assert.Equal(t, `Bearer error="invalid_token"`, r.Header.Get("WWW-Authenticate"))
			for _, part := range strings.Split(bad, ".") {
				assert.True(t, part == "" || !strings.Contains(string(r.Raw), part), "the answer repeats the token")
			}
			assert.NotContains(t, f.Log.Text(), bad, "the log has the token")
		})
	}
	f.As(t, "police").Get("/v1/me").Check(ok)
	t.Run("in the query", func(t *testing.T) { f.Nobody(t).Get("/v1/me?access_token=" + strings.Join(parts, ".")).Check(401) })
	t.Run("of another scheme", func(t *testing.T) {
		f.Nobody(t).Get("/v1/me", "Authorization: Basic "+encode("police:police")).Check(401)
	})
}

func subject(t *testing.T, f forge, name, municipality string) string {
	t.Helper()
	made, err := f.Product.Issuer.IssuePerson(name, municipality)
	require.NoError(t, err)
	return made
}

func system(t *testing.T, f forge, id uuid.UUID) string {
	t.Helper()
	made, err := f.Product.Issuer.IssueSystem(token.Client{ID: id, Municipality: "GM0861"})
	require.NoError(t, err)
	return made
}
