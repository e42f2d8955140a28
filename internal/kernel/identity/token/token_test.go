package token_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

type changes = map[string]any

// world is a verifier that trusts one external issuer, with that issuer's keys.
type world struct {
	clock   *clock
	site    *site
	signers map[string]signer
	v       *token.Verifier
}

func newWorld(t testing.TB, trusted token.TrustedIssuer) world {
	w := world{clock: newClock(), signers: map[string]signer{}}
	var all []signer
	for _, alg := range []string{"PS256", "RS256", "ES256", "EdDSA"} {
		w.signers[alg] = newSigner(t, alg)
		all = append(all, w.signers[alg])
	}
	w.site = newSite(t, jwks(t, all...))
	trusted.Issuer, trusted.JWKSURL = elsewhere, w.site.URL
	w.v = newVerifier(t, token.Config{Trusted: []token.TrustedIssuer{trusted}, Now: w.clock.now})
	return w
}

func TestVerify(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	for alg, s := range w.signers {
		t.Run("a good token signed with "+alg+" is believed", func(t *testing.T) {
			got, err := w.v.Verify(t.Context(), s.sign(t, nil, claims(w.clock, nil)))
			must(t, err)
			want := token.Claims{
				Issuer: elsewhere, Subject: "wijkagent-7", ClientID: "portal", OIN: partnerOIN, Municipality: "GM0861",
				JTI: "a1", ExpiresAt: w.clock.now().Add(time.Hour), Person: true,
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	for name, c := range map[string]struct {
		header, claims changes
		check          func(token.Claims) bool
	}{
		"azp stands in for client_id":              {nil, changes{"client_id": nil, "azp": "portal"}, func(c token.Claims) bool { return c.ClientID == "portal" }},
		"a subject that is the client is system":   {nil, changes{"sub": "portal"}, func(c token.Claims) bool { return !c.Person }},
		"a client without a subject is system":     {nil, changes{"sub": nil}, func(c token.Claims) bool { return !c.Person && c.ClientID == "portal" }},
		"an OIN alone is a system":                 {nil, changes{"sub": nil, "client_id": nil}, func(c token.Claims) bool { return !c.Person && c.OIN == partnerOIN }},
		"one audience of several is enough":        {nil, changes{"aud": []string{"x", ourAPI}}, func(c token.Claims) bool { return c.Person }},
		"a clock of a minute behind is forgiven":   {nil, changes{"exp": w.clock.now().Add(-59 * time.Second).Unix()}, func(c token.Claims) bool { return c.Person }},
		"a clock of a minute ahead is forgiven":    {nil, changes{"iat": w.clock.now().Add(59 * time.Second).Unix()}, func(c token.Claims) bool { return c.Person }},
		"typ may carry application/":               {changes{"typ": "application/at+JWT"}, nil, func(c token.Claims) bool { return c.Person }},
		"another case of a claim is another claim": {nil, changes{"SUB": "evil"}, func(c token.Claims) bool { return c.Subject == "wijkagent-7" }},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := w.v.Verify(t.Context(), w.signers["ES256"].sign(t, c.header, claims(w.clock, c.claims)))
			must(t, err)
			if !c.check(got) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestVerifyRefusesClaims(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	at := func(d time.Duration) int64 { return w.clock.now().Add(d).Unix() }
	for name, c := range map[string]struct {
		claims changes
		words  string
	}{
		"expired":                          {changes{"exp": at(-61 * time.Second)}, "expired"},
		"no exp":                           {changes{"exp": nil}, "lacks a required claim"},
		"exp as text":                      {changes{"exp": "tomorrow"}, "cannot be verified"},
		"exp beyond all time":              {changes{"exp": 1e300}, "token"},
		"not valid yet":                    {changes{"nbf": at(2 * time.Minute)}, "not valid yet"},
		"no iat":                           {changes{"iat": nil}, "lacks a required claim"},
		"issued in the future":             {changes{"iat": at(2 * time.Minute)}, "issued in the future"},
		"issued long before all time":      {changes{"iat": -1e300}, "token"},
		"valid for more than a day":        {changes{"exp": at(24*time.Hour + time.Minute)}, "too long"},
		"another audience":                 {changes{"aud": "https://other.example"}, "another audience"},
		"no audience":                      {changes{"aud": nil}, "lacks a required claim"},
		"audience as number":               {changes{"aud": 7}, "lacks a required claim"},
		"unknown issuer":                   {changes{"iss": "https://evil.example"}, "not trusted"},
		"issuer with a slash more":         {changes{"iss": elsewhere + "/"}, "not trusted"},
		"no issuer":                        {changes{"iss": nil}, "not trusted"},
		"no jti":                           {changes{"jti": nil}, "jti"},
		"two disagreeing clients":          {changes{"azp": "evil"}, "two clients"},
		"client as number":                 {changes{"client_id": 7}, "not text"},
		"NUL in the subject":               {changes{"sub": "a\x00b"}, "not text"},
		"an over-long OIN":                 {changes{"oin": strings.Repeat("0", 256)}, "not text"},
		"an empty municipality":            {changes{"municipality": ""}, "not text"},
		"nobody":                           {changes{"sub": nil, "client_id": nil, "oin": nil}, "names nobody"},
		"a demo claim of an issuer abroad": {changes{"demo": true}, "Demo tokens"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			refusal(t, w.v, w.signers["ES256"].sign(t, nil, claims(w.clock, c.claims)), c.words)
		})
	}
}

func TestVerifyRefusesSignatures(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	rsaKey := w.signers["RS256"]
	der, err := x509.MarshalPKIXPublicKey(rsaKey.key.Public().(*rsa.PublicKey))
	must(t, err)
	published := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	confused := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(claims(w.clock, nil)))
	confused.Header["typ"], confused.Header["kid"] = "at+jwt", rsaKey.kid
	hmac, err := confused.SignedString(published)
	must(t, err)

	stranger := newSigner(t, "ES256")
	good := w.signers["ES256"].sign(t, nil, claims(w.clock, nil))
	parts := strings.Split(good, ".")
	payload, err := json.Marshal(claims(w.clock, changes{"sub": "evil"}))
	must(t, err)
	sign := func(alg string, header changes) string { return w.signers[alg].sign(t, header, claims(w.clock, nil)) }
	none := signer{kid: "key-ES256", method: jwt.SigningMethodNone}
	ps384 := signer{kid: rsaKey.kid, method: jwt.SigningMethodPS384, key: rsaKey.key}

	for name, c := range map[string]struct{ raw, words string }{
		"nothing":                             {"", "not a JWT"},
		"no JWT":                              {"evil", "not a JWT"},
		"four parts":                          {good + ".x", "not a JWT"},
		"a signature in another spelling":     {respelled(good), "not a JWT"},
		"padding":                             {good + "=", "not a JWT"},
		"payload that is no JSON":             {parts[0] + ".ZXZpbA." + parts[2], "not a JWT"},
		"payload null":                        {parts[0] + ".bnVsbA." + parts[2], "not trusted"},
		"header null":                         {"bnVsbA." + parts[1] + "." + parts[2], "cannot be verified"},
		"more than 8 KiB":                     {good + strings.Repeat("a", 8<<10), "too long"},
		"no signature":                        {parts[0] + "." + parts[1] + ".", "signature does not hold"},
		"a changed payload":                   {parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload) + "." + parts[2], "signature does not hold"},
		"alg none":                            {none.sign(t, nil, claims(w.clock, nil)), "signature does not hold"},
		"HS256 with the public key as secret": {hmac, "signature does not hold"},
		"PS384":                               {ps384.sign(t, nil, claims(w.clock, nil)), "signature does not hold"},
		"alg of another key":                  {w.signers["ES256"].sign(t, changes{"kid": rsaKey.kid}, claims(w.clock, nil)), "does not belong to its key"},
		"no kid":                              {sign("ES256", changes{"kid": nil}), "no kid"},
		"kid as number":                       {sign("ES256", changes{"kid": 7}), "no kid"},
		"unknown kid":                         {sign("ES256", changes{"kid": "evil"}), "not among its issuer's keys"},
		"a stranger's key under a known kid":  {stranger.sign(t, nil, claims(w.clock, nil)), "signature does not hold"},
		"a stranger's key in the header":      {stranger.sign(t, changes{"jwk": stranger.jwk(t)}, claims(w.clock, nil)), "signature does not hold"},
		"a stranger's key set in the header":  {stranger.sign(t, changes{"kid": "evil", "jku": "https://evil.example"}, claims(w.clock, nil)), "not among its issuer's keys"},
		"crit":                                {sign("ES256", changes{"crit": []string{"exp"}}), "crit"},
		"typ JWT":                             {sign("ES256", changes{"typ": "JWT"}), "not an access token"},
		"no typ":                              {sign("ES256", changes{"typ": nil}), "not an access token"},
	} {
		t.Run(name+" is refused", func(t *testing.T) { refusal(t, w.v, c.raw, c.words) })
	}
}

func TestVerifyOlderIssuer(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{AcceptJWT: true, OINClaim: "organisation"})
	s := w.signers["PS256"]
	got, err := w.v.Verify(t.Context(), s.sign(t, changes{"typ": "JWT"}, claims(w.clock, changes{"oin": nil, "organisation": partnerOIN})))
	must(t, err)
	if got.OIN != partnerOIN {
		t.Errorf("the OIN comes from the configured claim, got %+v", got)
	}
	t.Run("typ of another kind of JWT is refused", func(t *testing.T) {
		refusal(t, w.v, s.sign(t, changes{"typ": "logout+jwt"}, claims(w.clock, nil)), "not an access token")
	})
}

func TestVerifyBuiltIn(t *testing.T) {
	c := newClock()
	keys := newKeys(t, c)
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: ourIssuer, Audience: ourAPI, Keys: keys, Demo: true, Now: c.now})
	must(t, err)
	strict := newVerifier(t, token.Config{Issuer: ourIssuer, Keys: keys, Now: c.now})
	demo := newVerifier(t, token.Config{Issuer: ourIssuer, Keys: keys, Now: c.now, Demo: true})
	id := uuid.Must(uuid.NewV7())
	system, err := issuer.IssueSystem(token.Client{ID: id, Municipality: "GM0861"})
	must(t, err)
	person, err := issuer.IssuePerson("police", "GM0861")
	must(t, err)

	t.Run("a system is its client, for an hour", func(t *testing.T) {
		got, err := strict.Verify(t.Context(), system)
		must(t, err)
		if got.Person || got.ClientID != id.String() || got.Municipality != "GM0861" || !got.ExpiresAt.Equal(c.now().Add(time.Hour)) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a demo person is a person under demo, for eight hours", func(t *testing.T) {
		got, err := demo.Verify(t.Context(), person)
		must(t, err)
		if !got.Person || got.Subject != "police" || got.ClientID != "" || !got.ExpiresAt.Equal(c.now().Add(8*time.Hour)) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a demo person is refused outside demo", func(t *testing.T) { refusal(t, strict, person, "Demo tokens") })
	t.Run("typ JWT of the built-in issuer is refused", func(t *testing.T) {
		other := newWorld(t, token.TrustedIssuer{}).signers["EdDSA"]
		refusal(t, demo, other.sign(t, changes{"typ": "JWT"}, claims(c, changes{"iss": ourIssuer})), "not an access token")
	})
}

func TestVerifyRemembers(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	key := w.signers["EdDSA"]
	raw := key.sign(t, nil, claims(w.clock, nil))
	_, err := w.v.Verify(t.Context(), raw)
	must(t, err)
	w.site.serve(200, jwks(t, w.signers["ES256"])) // the issuer takes the key back
	w.clock.move(4 * time.Minute)
	t.Run("a verified token is believed for five minutes", func(t *testing.T) {
		_, err := w.v.Verify(t.Context(), raw)
		must(t, err)
	})
	w.clock.move(16 * time.Minute)
	t.Run("afterwards it is verified again", func(t *testing.T) { refusal(t, w.v, raw, "not among its issuer's keys") })

	w.site.serve(200, jwks(t, key))
	w.clock.move(time.Minute)
	_, err = w.v.Verify(t.Context(), raw)
	must(t, err)
	w.site.serve(200, jwks(t, w.signers["ES256"]))
	w.v.Forget()
	t.Run("after Forget everything is verified again", func(t *testing.T) {
		before := w.site.count()
		_, err := w.v.Verify(t.Context(), raw)
		must(t, err) // the keys are still fresh
		w.v.Forget()
		w.clock.move(time.Hour)
		refusal(t, w.v, raw, "not among its issuer's keys")
		if w.site.count() == before {
			t.Error("the issuer was not asked again")
		}
	})
	t.Run("a token is not believed past its exp", func(t *testing.T) {
		w.site.serve(200, jwks(t, key))
		w.clock.move(time.Hour)
		short := key.sign(t, nil, claims(w.clock, changes{"exp": w.clock.now().Add(time.Minute).Unix()}))
		_, err := w.v.Verify(t.Context(), short)
		must(t, err)
		w.clock.move(2*time.Minute + time.Second)
		refusal(t, w.v, short, "expired")
	})
}

func TestNewRefuses(t *testing.T) {
	keys := newKeys(t, newClock())
	trust := func(issuer, url string) token.Config {
		return token.Config{Audience: ourAPI, Trusted: []token.TrustedIssuer{{Issuer: issuer, JWKSURL: url}}}
	}
	twice := trust(elsewhere, "https://login.example/jwks")
	twice.Trusted = append(twice.Trusted, twice.Trusted[0])
	for name, c := range map[string]token.Config{
		"no audience":            {Issuer: ourIssuer, Keys: keys},
		"nobody to trust":        {Audience: ourAPI},
		"an issuer without keys": {Audience: ourAPI, Issuer: ourIssuer},
		"an issuer twice":        twice,
		"an issuer without name": trust("", "https://login.example/jwks"),
		"keys over http":         trust(elsewhere, "http://login.example/jwks"),
		"keys on this machine":   trust(elsewhere, "http://127.0.0.1/jwks"),
		"keys with a password":   trust(elsewhere, "https://a:b@login.example/jwks"),
		"keys that are no URL":   trust(elsewhere, "login.example"),
		"keys in a file":         trust(elsewhere, "file:///etc/passwd"),
	} {
		t.Run(name+" is a wrong configuration", func(t *testing.T) {
			if _, err := token.New(c); err == nil {
				t.Error("want an error")
			}
		})
	}
}

// respelled is the same token with other unused bits behind its last byte.
func respelled(raw string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, raw[len(raw)-1])
	return raw[:len(raw)-1] + string(alphabet[last+1])
}
