//go:build oidc

package token_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

const verifierCode = "a-code-verifier-of-at-least-forty-three-characters"

// startOIDC starts the server of deploy/oidc-test (npm ci there first) and tells its issuer.
func startOIDC(t *testing.T) string {
	t.Helper()
	server := exec.CommandContext(t.Context(), "node", "server.mjs", ourAPI)
	server.Dir = filepath.Join("..", "..", "..", "..", "deploy", "oidc-test")
	input, err := server.StdinPipe()
	must(t, err)
	output, err := server.StdoutPipe()
	must(t, err)
	var complaints strings.Builder
	server.Stderr = &complaints
	must(t, server.Start())
	t.Cleanup(func() {
		_ = input.Close()
		_ = server.Wait()
		if t.Failed() {
			t.Log(complaints.String())
		}
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(line)
}

// metadata is what a client finds at the issuer (OpenID Connect Discovery).
type metadata struct {
	Issuer string `json:"issuer"`
	JWKS   string `json:"jwks_uri"`
	Login  string `json:"authorization_endpoint"`
	Token  string `json:"token_endpoint"`
}

func discover(t *testing.T, issuer string) (m metadata) {
	t.Helper()
	a, err := http.Get(issuer + "/.well-known/openid-configuration")
	must(t, err)
	defer a.Body.Close()
	must(t, json.NewDecoder(a.Body).Decode(&m))
	return m
}

// personToken logs a person in as a browser does: authorization code with PKCE, login and consent.
func (m metadata) personToken(t *testing.T, person string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	arrived := errors.New("arrived")
	var code string
	browser := &http.Client{Jar: jar, CheckRedirect: func(q *http.Request, _ []*http.Request) error {
		if q.URL.Path == "/callback" {
			code = q.URL.Query().Get("code")
			return arrived
		}
		return nil
	}}
	page, err := browser.Get(m.Login + "?" + url.Values{
		"client_id": {"portal"}, "response_type": {"code"}, "scope": {"openid ES256"}, "resource": {ourAPI},
		"redirect_uri":   {"http://127.0.0.1/callback"},
		"code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}.Encode())
	for step := 0; code == "" && step < 4; step++ {
		must(t, err)
		page, err = browser.PostForm(answerForm(t, page, person))
	}
	if code == "" {
		t.Fatalf("the login did not end: %v", err)
	}
	return m.redeem(t, url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"portal"}, "code": {code}, "code_verifier": {verifierCode},
		"redirect_uri": {"http://127.0.0.1/callback"}, "resource": {ourAPI},
	}, nil)
}

func challenge() string {
	sum := sha256.Sum256([]byte(verifierCode))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// answerForm fills in the server's own page for login or consent.
func answerForm(t *testing.T, page *http.Response, person string) (string, url.Values) {
	t.Helper()
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	must(t, err)
	action := regexp.MustCompile(`action="([^"]+)"`).FindSubmatch(text)
	prompt := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindSubmatch(text)
	if action == nil || prompt == nil {
		t.Fatalf("no form: %d %s", page.StatusCode, text)
	}
	to, err := page.Request.URL.Parse(string(action[1]))
	must(t, err)
	return to.String(), url.Values{"prompt": {string(prompt[1])}, "login": {person}, "password": {"x"}}
}

func (m metadata) redeem(t *testing.T, form url.Values, change func(*http.Request)) string {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.Token, strings.NewReader(form.Encode()))
	must(t, err)
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(q)
	}
	a, err := http.DefaultClient.Do(q)
	must(t, err)
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	must(t, err)
	var body struct {
		Token string `json:"access_token"`
	}
	must(t, json.Unmarshal(text, &body))
	if body.Token == "" {
		t.Fatalf("no token: %s", text)
	}
	return body.Token
}

func (m metadata) systemToken(t *testing.T, alg string) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {alg}, "resource": {ourAPI}}
	return m.redeem(t, form, func(q *http.Request) {
		q.SetBasicAuth("koppeling", url.QueryEscape("a secret of this test alone"))
	})
}

func TestRealOpenIDConnectServer(t *testing.T) {
	m := discover(t, startOIDC(t))
	v := newVerifier(t, token.Config{Trusted: []token.TrustedIssuer{{Issuer: m.Issuer, JWKSURL: m.JWKS}}, Now: time.Now})

	t.Run("a person who logged in is that person", func(t *testing.T) {
		got, err := v.Verify(t.Context(), m.personToken(t, "nurse-3"))
		must(t, err)
		want := token.Claims{
			Issuer: m.Issuer, Subject: "nurse-3", ClientID: "portal", OIN: partnerOIN, Municipality: "GM0861",
			JTI: got.JTI, ExpiresAt: got.ExpiresAt, Person: true,
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	for _, alg := range []string{"PS256", "RS256", "ES256", "EdDSA"} {
		t.Run("a system's token signed with "+alg+" is a system", func(t *testing.T) {
			raw := m.systemToken(t, alg)
			if got := kid(t, raw); got != alg {
				t.Fatalf("signed with %s", got)
			}
			got, err := v.Verify(t.Context(), raw)
			must(t, err)
			if got.Person || got.ClientID != "koppeling" || got.OIN != partnerOIN {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("a token for another audience is refused", func(t *testing.T) {
		other, err := token.New(token.Config{
			Audience: "https://other.example", AllowLoopback: true, Log: quiet(),
			Trusted: []token.TrustedIssuer{{Issuer: m.Issuer, JWKSURL: m.JWKS}},
		})
		must(t, err)
		refusal(t, other, m.systemToken(t, "ES256"), "another audience")
	})
}
