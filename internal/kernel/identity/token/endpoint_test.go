package token_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const aSecret = "correct horse battery staple+&=%!!"

// refuses checks an OAuth error: status, code, and a description in the characters that RFC 6749 allows.
func refuses(t *testing.T, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var body struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
		Token       string `json:"access_token"`
	}
	must(t, json.Unmarshal(w.Body.Bytes(), &body))
	if w.Code != status || body.Code != code || body.Token != "" || body.Description == "" {
		t.Errorf("want %d %s, got %d %s", status, code, w.Code, w.Body)
	}
	odd := func(c rune) bool { return c < 0x20 || c > 0x7e || c == '"' || c == '\\' }
	if strings.ContainsFunc(body.Description, odd) {
		t.Errorf("description %q", body.Description)
	}
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestTokenRefusesRequests(t *testing.T) {
	hash, err := token.HashSecret(aSecret)
	must(t, err)
	d := newDesk(t, func(_ *token.IssuerConfig, client *token.Client) { client.SecretHash = hash })
	with := func(key, value string) url.Values {
		form := withAssertion(d.assertion(t, nil))
		form[key] = []string{value}
		return form
	}
	twice := with("a", "1")
	twice.Add("a", "2")
	header := func(name, value string) func(*http.Request) {
		return func(q *http.Request) { q.Header.Set(name, value) }
	}
	body := func(text string) func(*http.Request) {
		return func(q *http.Request) { q.Body = io.NopCloser(strings.NewReader(text)) }
	}
	for name, c := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		status int
		code   string
	}{
		"no grant type":                {with("grant_type", ""), nil, 400, "invalid_request"},
		"another grant type":           {with("grant_type", "password"), nil, 400, "unsupported_grant_type"},
		"a scope":                      {with("scope", "all"), nil, 400, "invalid_scope"},
		"another kind of assertion":    {with("client_assertion_type", "saml2"), nil, 400, "invalid_request"},
		"an over-long assertion":       {with("client_assertion", strings.Repeat("a", 9<<10)), nil, 400, "invalid_request"},
		"another client_id":            {with("client_id", uuid.NewString()), nil, 401, "invalid_client"},
		"a secret beside an assertion": {with("client_secret", aSecret), nil, 400, "invalid_request"},
		"Basic beside an assertion":    {with("a", "1"), header("Authorization", "Basic eDp5"), 400, "invalid_request"},
		"a parameter twice":            {twice, nil, 400, "invalid_request"},
		"parameters in the URL":        {with("a", "1"), func(q *http.Request) { q.URL.RawQuery = "client_secret=x" }, 400, "invalid_request"},
		"JSON":                         {nil, header("Content-Type", "application/json"), 400, "invalid_request"},
		"no media type":                {nil, header("Content-Type", ""), 400, "invalid_request"},
		"a malformed form":             {nil, body("grant_type=%zz"), 400, "invalid_request"},
		"10 MB":                        {nil, body(strings.Repeat("a", 10<<20)), 413, "invalid_request"},
		"GET":                          {nil, func(q *http.Request) { q.Method = http.MethodGet }, 405, "invalid_request"},
		"no authentication":            {url.Values{"grant_type": {"client_credentials"}}, nil, 401, "invalid_client"},
		"a secret that is not allowed": {url.Values{"grant_type": {"client_credentials"}, "client_id": {d.client.ID.String()}, "client_secret": {aSecret}}, nil, 401, "invalid_client"},
		"a bearer token":               {url.Values{"grant_type": {"client_credentials"}}, header("Authorization", "Bearer x"), 401, "invalid_client"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			refuses(t, d.post(c.form, c.change), c.status, c.code)
		})
	}
}

func TestTokenBySecret(t *testing.T) {
	hash, err := token.HashSecret(aSecret)
	must(t, err)
	d := newDesk(t, func(c *token.IssuerConfig, client *token.Client) { c.AllowSecrets, client.SecretHash = true, hash })
	grant := url.Values{"grant_type": {"client_credentials"}}
	basic := func(id, secret string) func(*http.Request) {
		return func(q *http.Request) { q.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
	}
	posted := func(secret string) url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {d.client.ID.String()}, "client_secret": {secret}}
	}
	t.Run("the secret in the header gives a token", func(t *testing.T) {
		believed(t, d, d.post(grant, basic(d.client.ID.String(), aSecret)))
	})
	t.Run("the secret in the body gives a token", func(t *testing.T) { believed(t, d, d.post(posted(aSecret), nil)) })
	t.Run("a wrong secret in the header is refused with a challenge", func(t *testing.T) {
		w := d.post(grant, basic(d.client.ID.String(), "evil"))
		refuses(t, w, 401, "invalid_client")
		if !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("headers %v", w.Header())
		}
	})
	t.Run("a client without a secret is refused", func(t *testing.T) {
		d := newDesk(t, func(c *token.IssuerConfig, _ *token.Client) { c.AllowSecrets = true })
		refuses(t, d.post(grant, basic(d.client.ID.String(), "")), 401, "invalid_client")
		refuses(t, d.post(grant, basic(d.client.ID.String(), aSecret)), 401, "invalid_client")
	})
	t.Run("guessing is braked, from wherever, and assertions go on", func(t *testing.T) {
		w := d.post(posted("evil"), nil)
		for n := 0; w.Code == 401 && n < 30; n++ {
			w = d.post(posted("evil"), func(q *http.Request) { q.RemoteAddr = fmt.Sprintf("192.0.2.%d:99", n) })
		}
		refuses(t, w, 429, "invalid_client")
		if w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		refuses(t, d.post(posted(aSecret), nil), 429, "invalid_client")
		believed(t, d, d.post(withAssertion(d.assertion(t, nil)), nil))
		d.clock.move(time.Minute)
		believed(t, d, d.post(posted(aSecret), nil))
	})
	t.Run("a secret that only begins right is refused", func(t *testing.T) {
		long := strings.Repeat("a", 72)
		d.client.SecretHash, err = token.HashSecret(long)
		must(t, err)
		believed(t, d, d.post(posted(long), nil))
		refuses(t, d.post(posted(long+"b"), nil), 401, "invalid_client")
	})
	t.Run("a short or over-long secret cannot be registered", func(t *testing.T) {
		for _, secret := range []string{"", "short", strings.Repeat("a", 73)} {
			if _, err := token.HashSecret(secret); !problem.Is(err, problem.Invalid) {
				t.Errorf("got %v", err)
			}
		}
	})
}
