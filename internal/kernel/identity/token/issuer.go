package token

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Where the built-in issuer is found, below its own URL.
const (
	TokenPath    = "/oauth2/token"
	JWKSPath     = "/oauth2/jwks"
	MetadataPath = "/.well-known/oauth-authorization-server"
)

const (
	systemLifetime = time.Hour
	personLifetime = 8 * time.Hour
)

// Client is a registered system of a partner organisation.
type Client struct {
	ID           uuid.UUID
	Municipality string // CBS code
	// JWKS holds the client's public keys, or JWKSURI says where they are published (https).
	JWKS    []byte
	JWKSURI string
	// SecretHash comes from HashSecret; nil for a client that may not use a secret.
	SecretHash []byte
	Active     bool
}

// IssuerConfig is what the built-in issuer works with.
type IssuerConfig struct {
	Issuer   string // the issuer's URL (iss), without a slash at the end
	Audience string // our identifier as an API (aud)
	Keys     *Keys
	// Client finds a registered client; problem.NotFound when there is none. Nil knows no clients.
	Client func(ctx context.Context, clientID uuid.UUID) (Client, error)
	// Once tells whether a jti is seen for the first time, and remembers it until then.
	Once          func(ctx context.Context, clientID uuid.UUID, jti string, until time.Time) (bool, error)
	Lifetime      time.Duration // of a system's token; one hour when zero
	Documentation string        // URL of a page for developers; may be empty
	AllowSecrets  bool          // client secrets beside private_key_jwt
	AllowLoopback bool          // clients' keys may be fetched from this machine; for tests and demo
	Demo          bool          // IssuePerson works
	Now           func() time.Time
	Log           *slog.Logger
}

// Issuer gives access tokens to systems. It is safe for concurrent use.
type Issuer struct {
	c       IssuerConfig
	parser  *jwt.Parser
	remotes *remotes
	brake   *brake
}

// NewIssuer makes the built-in issuer. It fails when the configuration is not complete.
func NewIssuer(c IssuerConfig) (*Issuer, error) {
	if c.Issuer == "" || strings.HasSuffix(c.Issuer, "/") || c.Audience == "" || c.Keys == nil {
		return nil, errors.New("token: the built-in issuer needs its URL (without a slash at the end), an audience and keys")
	}
	if (c.Client == nil) != (c.Once == nil) {
		return nil, errors.New("token: the built-in issuer needs Client and Once, or neither")
	}
	if c.Lifetime == 0 {
		c.Lifetime = systemLifetime
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Issuer{
		c:       c,
		parser:  newParser(c.Now),
		remotes: newRemotes(network{loopback: c.AllowLoopback, now: c.Now, log: c.Log}),
		brake:   newBrake(c.Now),
	}, nil
}

// Handlers are the issuer's pages by path: the token endpoint (RFC 6749 §4.4), the public keys (RFC
// 7517) and the metadata (RFC 8414).
func (i *Issuer) Handlers() map[string]http.Handler {
	return map[string]http.Handler{
		TokenPath:    http.HandlerFunc(i.token),
		JWKSPath:     page(i.c.Keys.JWKS, i.c.Log),
		MetadataPath: page(i.metadata, i.c.Log),
	}
}

// IssueSystem makes an access token (RFC 9068) for a client; the caller has verified who asks.
func (i *Issuer) IssueSystem(c Client) (string, error) {
	id := c.ID.String()
	return i.c.Keys.sign(i.claims(c.Municipality, i.c.Lifetime, jwt.MapClaims{"sub": id, "client_id": id}))
}

// IssuePerson makes a demo token of eight hours for a person. Outside --demo it fails with
// problem.Forbidden, and no Verifier outside --demo accepts such a token.
func (i *Issuer) IssuePerson(subject, municipality string) (string, error) {
	if !i.c.Demo {
		return "", problem.Errorf(problem.Forbidden, "Demo persons exist only under --demo; get a token from a trusted issuer.")
	}
	return i.c.Keys.sign(i.claims(municipality, personLifetime, jwt.MapClaims{"sub": subject, "demo": true}))
}

func (i *Issuer) claims(municipality string, lifetime time.Duration, who jwt.MapClaims) jwt.MapClaims {
	now := i.c.Now()
	who["iss"] = i.c.Issuer
	who["aud"] = i.c.Audience
	who["iat"] = now.Unix()
	who["exp"] = now.Add(lifetime).Unix()
	who["jti"] = uuid.Must(uuid.NewV7()).String()
	if municipality != "" {
		who["municipality"] = municipality
	}
	return who
}

func (i *Issuer) metadata() ([]byte, error) {
	methods := []string{"private_key_jwt"}
	if i.c.AllowSecrets {
		methods = append(methods, "client_secret_basic", "client_secret_post")
	}
	return json.Marshal(struct {
		Issuer        string   `json:"issuer"`
		Token         string   `json:"token_endpoint"`
		JWKS          string   `json:"jwks_uri"`
		ResponseTypes []string `json:"response_types_supported"`
		Grants        []string `json:"grant_types_supported"`
		Methods       []string `json:"token_endpoint_auth_methods_supported"`
		Algorithms    []string `json:"token_endpoint_auth_signing_alg_values_supported"`
		Documentation string   `json:"service_documentation,omitempty"`
	}{
		Issuer: i.c.Issuer, Token: i.c.Issuer + TokenPath, JWKS: i.c.Issuer + JWKSPath,
		ResponseTypes: []string{}, Grants: []string{"client_credentials"},
		Methods: methods, Algorithms: algorithms(), Documentation: i.c.Documentation,
	})
}

// page serves a public JSON document to GET and HEAD.
func page(text func() ([]byte, error), log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodGet && q.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			answer(w, http.StatusMethodNotAllowed, oauthError{Code: invalidRequest, Description: "Use GET."})
			return
		}
		body, err := text()
		if err != nil {
			log.ErrorContext(q.Context(), "issuer page failed", "path", q.URL.Path, "error", err)
			answer(w, http.StatusInternalServerError, oauthError{Code: serverError, Description: "Try again later."})
			return
		}
		answer(w, http.StatusOK, json.RawMessage(body))
	})
}
