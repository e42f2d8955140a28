package token_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// desk is a token endpoint with one registered client, and what the product's database would hold.
type desk struct {
	clock    *clock
	keys     *token.Keys
	handlers map[string]http.Handler
	key      signer
	client   token.Client
	failing  error

	mu   sync.Mutex
	used map[string]time.Time
}

func newDesk(t *testing.T, change func(*token.IssuerConfig, *token.Client)) *desk {
	t.Helper()
	d := &desk{clock: newClock(), key: newSigner(t, "ES256"), used: map[string]time.Time{}}
	d.keys = newKeys(t, d.clock)
	d.client = token.Client{ID: uuid.Must(uuid.NewV7()), Municipality: "GM0861", JWKS: jwks(t, d.key), Active: true}
	c := token.IssuerConfig{
		Issuer: ourIssuer, Audience: ourAPI, Keys: d.keys, Client: d.find, Once: d.once,
		AllowLoopback: true, Now: d.clock.now, Log: quiet(),
	}
	if change != nil {
		change(&c, &d.client)
	}
	issuer, err := token.NewIssuer(c)
	must(t, err)
	d.handlers = issuer.Handlers()
	return d
}

func (d *desk) find(_ context.Context, id uuid.UUID) (token.Client, error) {
	if d.failing != nil {
		return token.Client{}, d.failing
	}
	if id != d.client.ID {
		return token.Client{}, problem.Errorf(problem.NotFound, "No such client.")
	}
	return d.client, nil
}

func (d *desk) once(_ context.Context, client uuid.UUID, jti string, until time.Time) (bool, error) {
	if jti == "database down" {
		return false, errors.New("password of the database")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, again := d.used[client.String()+jti]
	d.used[client.String()+jti] = until
	return !again, nil
}

// assertion is a good client assertion with changes.
func (d *desk) assertion(t *testing.T, changed changes) string {
	m := map[string]any{
		"iss": d.client.ID.String(), "sub": d.client.ID.String(), "aud": ourIssuer + "/oauth2/token",
		"jti": uuid.NewString(), "iat": d.clock.now().Unix(), "exp": d.clock.now().Add(time.Minute).Unix(),
	}
	change(m, changed)
	return d.key.sign(t, changes{"typ": "JWT"}, m)
}

func withAssertion(raw string) url.Values {
	return url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {raw},
	}
}

func (d *desk) post(form url.Values, change func(*http.Request)) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodPost, token.TokenPath, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(q)
	}
	w := httptest.NewRecorder()
	d.handlers[token.TokenPath].ServeHTTP(w, q)
	return w
}

func believed(t *testing.T, d *desk, w *httptest.ResponseRecorder) {
	t.Helper()
	var body struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}
	must(t, json.Unmarshal(w.Body.Bytes(), &body))
	if w.Code != 200 || body.Type != "Bearer" || body.Expires != 3600 || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	v := newVerifier(t, token.Config{Issuer: ourIssuer, Keys: d.keys, Now: d.clock.now})
	got, err := v.Verify(t.Context(), body.Token)
	must(t, err)
	if got.Person || got.ClientID != d.client.ID.String() || got.Municipality != "GM0861" {
		t.Errorf("got %+v", got)
	}
}

func TestTokenByAssertion(t *testing.T) {
	d := newDesk(t, nil)
	for name, changed := range map[string]changes{
		"the token endpoint as audience": nil,
		"the issuer as audience":         {"aud": ourIssuer},
		"both as audience":               {"aud": []string{ourIssuer, ourIssuer + "/oauth2/token"}},
	} {
		t.Run(name+" gives a token", func(t *testing.T) {
			believed(t, d, d.post(withAssertion(d.assertion(t, changed)), nil))
		})
	}
	t.Run("a used assertion is refused", func(t *testing.T) {
		raw := d.assertion(t, changes{"jti": "once"})
		believed(t, d, d.post(withAssertion(raw), nil))
		refuses(t, d.post(withAssertion(raw), nil), 401, "invalid_client")
		if until := d.used[d.client.ID.String()+"once"]; until.Before(d.clock.now().Add(2 * time.Minute)) {
			t.Errorf("remembered until %v: shorter than it is valid", until)
		}
	})
	t.Run("keys at the client's URL are fetched, and again when they change", func(t *testing.T) {
		site := newSite(t, jwks(t, d.key))
		d := newDesk(t, func(_ *token.IssuerConfig, c *token.Client) { c.JWKS, c.JWKSURI = nil, site.URL })
		site.serve(200, jwks(t, d.key))
		believed(t, d, d.post(withAssertion(d.assertion(t, nil)), nil))
		d.key = newSigner(t, "EdDSA")
		site.serve(200, jwks(t, d.key))
		d.clock.move(11 * time.Second)
		believed(t, d, d.post(withAssertion(d.assertion(t, nil)), nil))
		if site.count() != 2 {
			t.Errorf("fetched %d times", site.count())
		}
	})
}

func TestTokenRefusesAssertions(t *testing.T) {
	d := newDesk(t, nil)
	at := func(offset time.Duration) int64 { return d.clock.now().Add(offset).Unix() }
	for name, changed := range map[string]changes{
		"expired":                          {"exp": at(-2 * time.Minute)},
		"without exp":                      {"exp": nil},
		"valid for more than five minutes": {"exp": at(7 * time.Minute)},
		"issued in the future":             {"iat": at(2 * time.Minute)},
		"without jti":                      {"jti": nil},
		"with NUL in the jti":              {"jti": "a\x00"},
		"for another server":               {"aud": "https://other.example/token"},
		"for another server too":           {"aud": []string{ourIssuer, "https://other.example"}},
		"without audience":                 {"aud": nil},
		"whose issuer is not the client":   {"iss": "evil"},
		"of a client that is no UUID":      {"iss": "evil", "sub": "evil"},
		"of a client in another spelling":  {"iss": strings.ToUpper(d.client.ID.String()), "sub": strings.ToUpper(d.client.ID.String())},
		"of a client that is not there":    {"iss": uuid.Nil.String(), "sub": uuid.Nil.String()},
	} {
		t.Run("an assertion "+name+" is refused", func(t *testing.T) {
			refuses(t, d.post(withAssertion(d.assertion(t, changed)), nil), 401, "invalid_client")
		})
	}
	own := d.key
	d.key = newSigner(t, "ES256")
	byStranger := d.assertion(t, nil)
	d.key = own
	for name, raw := range map[string]string{
		"of a stranger":  byStranger,
		"without kid":    d.key.sign(t, changes{"kid": nil}, map[string]any{"iss": d.client.ID.String(), "sub": d.client.ID.String()}),
		"unsigned":       signer{kid: d.key.kid, method: none()}.sign(t, nil, map[string]any{"iss": d.client.ID.String(), "sub": d.client.ID.String()}),
		"that is no JWT": "evil",
	} {
		t.Run("an assertion "+name+" is refused", func(t *testing.T) {
			refuses(t, d.post(withAssertion(raw), nil), 401, "invalid_client")
		})
	}
	if len(d.used) != 0 {
		t.Errorf("a refused assertion was remembered: %v", d.used)
	}
}

func TestTokenRefusesClients(t *testing.T) {
	for name, change := range map[string]func(*token.IssuerConfig, *token.Client){
		"withdrawn":                        func(_ *token.IssuerConfig, c *token.Client) { c.Active = false },
		"without keys":                     func(_ *token.IssuerConfig, c *token.Client) { c.JWKS = nil },
		"with keys that are no JWKS":       func(_ *token.IssuerConfig, c *token.Client) { c.JWKS = []byte("evil") },
		"with keys over http elsewhere":    func(_ *token.IssuerConfig, c *token.Client) { c.JWKS, c.JWKSURI = nil, "http://partner.example/jwks" },
		"with keys in the private network": func(_ *token.IssuerConfig, c *token.Client) { c.JWKS, c.JWKSURI = nil, "https://169.254.169.254/jwks" },
		"where no clients are known":       func(c *token.IssuerConfig, _ *token.Client) { c.Client, c.Once = nil, nil },
	} {
		t.Run("a client "+name+" is refused", func(t *testing.T) {
			d := newDesk(t, change)
			refuses(t, d.post(withAssertion(d.assertion(t, nil)), nil), 401, "invalid_client")
		})
	}
	t.Run("a failing database is told without its words", func(t *testing.T) {
		d := newDesk(t, nil)
		d.failing = errors.New("password of the database")
		w := d.post(withAssertion(d.assertion(t, nil)), nil)
		refuses(t, w, 500, "server_error")
		if strings.Contains(w.Body.String(), "password") {
			t.Error("the failure was told")
		}
	})
	t.Run("an assertion that cannot be remembered is not believed, and not held against the client", func(t *testing.T) {
		d := newDesk(t, nil)
		for range 30 {
			refuses(t, d.post(withAssertion(d.assertion(t, changes{"jti": "database down"})), nil), 500, "server_error")
		}
	})
}

func TestIssuerPages(t *testing.T) {
	d := newDesk(t, func(c *token.IssuerConfig, _ *token.Client) {
		c.AllowSecrets, c.Documentation = true, "https://docs.example"
	})
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		d.handlers[path].ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	t.Run("the metadata leads to the endpoint and the keys", func(t *testing.T) {
		var m map[string]any
		must(t, json.Unmarshal(get("GET", token.MetadataPath).Body.Bytes(), &m))
		methods, _ := m["token_endpoint_auth_methods_supported"].([]any)
		types, _ := m["response_types_supported"].([]any)
		if m["issuer"] != ourIssuer || m["token_endpoint"] != ourIssuer+"/oauth2/token" || m["jwks_uri"] != ourIssuer+"/oauth2/jwks" ||
			!slices.Contains(methods, any("client_secret_basic")) || types == nil {
			t.Errorf("got %v", m)
		}
	})
	t.Run("the keys are a JWKS", func(t *testing.T) {
		want, err := d.keys.JWKS()
		must(t, err)
		if got := strings.TrimSpace(get("GET", token.JWKSPath).Body.String()); got != string(want) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("another method is refused", func(t *testing.T) {
		w := get("POST", token.JWKSPath)
		refuses(t, w, 405, "invalid_request")
		if w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("headers %v", w.Header())
		}
	})
}

func TestIssuePersonOutsideDemo(t *testing.T) {
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: ourIssuer, Audience: ourAPI, Keys: newKeys(t, newClock())})
	must(t, err)
	if raw, err := issuer.IssuePerson("police", "GM0861"); raw != "" || !problem.Is(err, problem.Forbidden) {
		t.Errorf("got %q, %v", raw, err)
	}
}

func TestNewIssuerRefuses(t *testing.T) {
	keys := newKeys(t, newClock())
	find := func(context.Context, uuid.UUID) (token.Client, error) { return token.Client{}, nil }
	for name, c := range map[string]token.IssuerConfig{
		"no URL":               {Audience: ourAPI, Keys: keys},
		"a slash at the end":   {Issuer: ourIssuer + "/", Audience: ourAPI, Keys: keys},
		"no audience":          {Issuer: ourIssuer, Keys: keys},
		"no keys":              {Issuer: ourIssuer, Audience: ourAPI},
		"clients without Once": {Issuer: ourIssuer, Audience: ourAPI, Keys: keys, Client: find},
	} {
		t.Run(name+" is a wrong configuration", func(t *testing.T) {
			if _, err := token.NewIssuer(c); err == nil {
				t.Error("want an error")
			}
		})
	}
}
