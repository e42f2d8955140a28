package token_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	ourAPI     = "https://api.wijkregie.example"
	ourIssuer  = "https://api.wijkregie.example"
	elsewhere  = "https://login.example"
	partnerOIN = "00000001002220647000"
)

// clock is a time that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// signer is a key with its kid and algorithm, as an issuer or a client has one.
type signer struct {
	kid    string
	method jwt.SigningMethod
	key    crypto.Signer
}

func newSigner(t testing.TB, alg string) signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case "PS256", "RS256":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ES256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ES384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	must(t, err)
	return signer{kid: "key-" + alg, method: jwt.GetSigningMethod(alg), key: key}
}

// sign makes a JWS; a nil value in changes removes the member.
func (s signer) sign(t testing.TB, header, claims map[string]any) string {
	t.Helper()
	j := jwt.NewWithClaims(s.method, jwt.MapClaims(claims))
	j.Header["typ"], j.Header["kid"] = "at+jwt", s.kid
	change(j.Header, header)
	var key any = s.key
	if s.method == jwt.SigningMethodNone {
		key = jwt.UnsafeAllowNoneSignatureType
	}
	raw, err := j.SignedString(key)
	must(t, err)
	return raw
}

func (s signer) jwk(t testing.TB) jwkset.JWKMarshal {
	t.Helper()
	jwk, err := jwkset.NewJWKFromKey(s.key.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: s.kid, USE: jwkset.UseSig}})
	must(t, err)
	return jwk.Marshal()
}

func jwks(t testing.TB, signers ...signer) []byte {
	t.Helper()
	set := jwkset.JWKSMarshal{}
	for _, s := range signers {
		set.Keys = append(set.Keys, s.jwk(t))
	}
	text, err := json.Marshal(set)
	must(t, err)
	return text
}

// site serves one document, as an issuer serves its keys, and counts how often it is asked.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	body   []byte
	status int
	asked  int
}

func newSite(t testing.TB, body []byte) *site {
	s := &site{body: body, status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked++
		if s.status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(s.status)
		_, _ = w.Write(s.body)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(status int, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.body = status, body
}

func (s *site) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// claims are those of a good token of a person from elsewhere, with changes; nil removes a claim.
func claims(c *clock, changes map[string]any) map[string]any {
	m := map[string]any{
		"iss": elsewhere, "aud": ourAPI, "sub": "wijkagent-7", "client_id": "portal", "jti": "a1",
		"oin": partnerOIN, "municipality": "GM0861",
		"iat": c.now().Unix(), "exp": c.now().Add(time.Hour).Unix(),
	}
	change(m, changes)
	return m
}

func change(m, changes map[string]any) {
	maps.Copy(m, changes)
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
}

func newKeys(t testing.TB, c *clock) *token.Keys {
	t.Helper()
	keys, err := token.OpenKeys(token.KeysConfig{Dir: t.TempDir(), Now: c.now, Log: quiet()})
	must(t, err)
	return keys
}

func newVerifier(t testing.TB, c token.Config) *token.Verifier {
	t.Helper()
	c.Audience, c.AllowLoopback, c.Log = ourAPI, true, quiet()
	v, err := token.New(c)
	must(t, err)
	return v
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refusal checks that a token is refused as unauthenticated with a text that has the words, and
// that nothing of the token is repeated.
func refusal(t *testing.T, v *token.Verifier, raw, words string) {
	t.Helper()
	_, err := v.Verify(t.Context(), raw)
	if !problem.Is(err, problem.Unauthenticated) {
		t.Fatalf("want unauthenticated, got %v", err)
	}
	if !strings.Contains(err.Error(), words) {
		t.Errorf("want a text with %q, got %q", words, err)
	}
	for _, secret := range []string{"wijkagent-7", "portal", partnerOIN, "GM0861", "evil"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the text repeats the token: %q", err)
		}
	}
}

func none() jwt.SigningMethod { return jwt.SigningMethodNone }
