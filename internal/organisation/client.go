package organisation

import (
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Withdrawn is the end of a client: it gets no token any more, and the tokens that it has are refused.
const Withdrawn = "withdrawn"

// Client is a system of a partner that may ask for a token (aangesloten systeem); its id is the
// client_id.
type Client struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	PartnerID      uuid.UUID
	Name           string
	JwksUri        string         // where its public keys are; empty when they are in Jwks
	Jwks           map[string]any `gorm:"serializer:json"` // RFC 7517; nil when they are at JwksUri
	SecretHash     []byte         `etag:"-"`               // nil unless the operator allows secrets
	Categories     []string       `gorm:"serializer:json"` // slugs of the only categories that it may see and add to
	Status         string         // active or withdrawn
	LastUsedAt     *time.Time     `etag:"-"` // to the hour
	ChangedAt      time.Time      `etag:"-"`
}

// Guarded implements db.Row.
func (c Client) Guarded() uuid.UUID { return c.ID }

// Resource is the client, to decide on.
func (c Client) Resource() authz.Resource { return authz.Resource{ID: c.ID, Partner: c.PartnerID} }

// check holds a client against what it may be.
func (c Client) check() error {
	var f problem.Faults
	switch {
	case c.SecretHash != nil:
	case c.JwksUri == "" && c.Jwks == nil:
		f.Note("/jwksUri", "required", "Say where the client's public keys are (jwksUri), or send them (jwks).")
	case c.JwksUri != "" && c.Jwks != nil:
		f.Note("/jwks", "exclusive", "Send either jwksUri or jwks.")
	}
	if c.JwksUri != "" && !validKeysAddress(c.JwksUri) {
		f.Note("/jwksUri", "uri", "Send an https address without user name, password and fragment.")
	}
	for i, key := range c.keys() {
		if !publicKey(key) {
			f.Note(at("/jwks/keys", i), "public-key", "Send public keys only, of type EC, RSA or OKP; a private key that was sent is lost, make a new one.")
		}
	}
	for i, slug := range c.Categories {
		if !slices.Contains(authz.CategorySlugs(), slug) {
			f.Note(at("/categories", i), "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
	}
	return f.Err()
}

// mayChange refuses to change what has ended.
func (c Client) mayChange() error {
	if c.Status == Withdrawn {
		return problem.Errorf(problem.Conflict, "This client is withdrawn; register a new one.")
	}
	return nil
}

func (c Client) keys() []any {
	keys, _ := c.Jwks["keys"].([]any)
	return keys
}

// publicKey tells whether a JSON Web Key is of a type that signs and holds no secret part (RFC 7518).
func publicKey(key any) bool {
	members, ok := key.(map[string]any)
	if !ok {
		return false
	}
	for _, secret := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		if _, there := members[secret]; there {
			return false
		}
	}
	return slices.Contains([]any{"EC", "RSA", "OKP"}, members["kty"])
}

func validKeysAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && u.Fragment == ""
}
