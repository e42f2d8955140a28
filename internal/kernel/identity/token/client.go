package token

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"golang.org/x/crypto/bcrypt"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	assertionType  = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	minSecretBytes = 32
	maxSecretBytes = 72 // bcrypt reads no further
)

// HashSecret makes the hash that a client with a secret is kept by. It fails with problem.Invalid
// on a secret that is shorter than 32 or longer than 72 bytes: a short one can be guessed.
func HashSecret(secret string) ([]byte, error) {
	if len(secret) < minSecretBytes || len(secret) > maxSecretBytes {
		return nil, problem.Errorf(problem.Invalid, "Give a secret of 32 to 72 bytes, made at random.")
	}
	return bcrypt.GenerateFromPassword([]byte(secret), bcrypt.DefaultCost)
}

// credential is how a client says who it is: by a signed assertion, or by a secret.
type credential struct {
	client    uuid.UUID
	assertion string
	secret    string
	from      string // network address
}

// credentials reads the one way in which the client authenticates.
func (i *Issuer) credentials(q *http.Request, form url.Values) (credential, error) {
	id, secret, basic := q.BasicAuth()
	assertion, posted := form.Get("client_assertion"), form.Get("client_secret")
	ways := 0
	for _, used := range []bool{q.Header.Get("Authorization") != "", assertion != "", posted != ""} {
		if used {
			ways++
		}
	}
	if ways > 1 {
		return credential{}, badRequest(invalidRequest, "Authenticate in one way only.")
	}
	from, _, _ := net.SplitHostPort(q.RemoteAddr)
	switch {
	case assertion != "":
		if form.Get("client_assertion_type") != assertionType {
			return credential{}, badRequest(invalidRequest, "Send client_assertion_type="+assertionType+".")
		}
		client, err := i.assertedClient(assertion, form.Get("client_id"))
		return credential{client: client, assertion: assertion, from: from}, err
	case basic:
		id, secret, err := formDecoded(id, secret)
		if err != nil {
			return credential{}, err
		}
		return i.bySecret(id, secret, from)
	case posted != "":
		return i.bySecret(form.Get("client_id"), posted, from)
	}
	return credential{}, badClient("Authenticate with private_key_jwt: send client_assertion (RFC 7523).")
}

func (i *Issuer) bySecret(id, secret, from string) (credential, error) {
	if !i.c.AllowSecrets {
		return credential{}, badClient("Secrets are not accepted here; authenticate with private_key_jwt (RFC 7523).")
	}
	client, err := clientID(id)
	return credential{client: client, secret: secret, from: from}, err
}

// formDecoded undoes the encoding that RFC 6749 §2.3.1 puts below Basic.
func formDecoded(id, secret string) (string, string, error) {
	plainID, idErr := url.QueryUnescape(id)
	plainSecret, secretErr := url.QueryUnescape(secret)
	if err := errors.Join(idErr, secretErr); err != nil {
		return "", "", badRequest(invalidRequest, "Form-encode client id and secret before Basic (RFC 6749 section 2.3.1).")
	}
	return plainID, plainSecret, nil
}

func clientID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, badClient("The client id is not one that this service gave; it is a UUID in lower case.")
	}
	return id, nil
}

// authenticate finds the client and proves it. Failures of a known client are counted; an unknown
// one costs no more than its look-up, so that it cannot be used to make this service work.
func (i *Issuer) authenticate(ctx context.Context, said credential) (Client, error) {
	client, err := i.find(ctx, said.client)
	if err != nil {
		return Client{}, err
	}
	key := said.brakeKey()
	if wait := i.brake.take(key); wait > 0 {
		return Client{}, oauthError{
			Code: invalidClient, Description: "Too many failures; wait and correct the client first.",
			status: http.StatusTooManyRequests, wait: wait,
		}
	}
	err = i.prove(ctx, client, said)
	if !errors.As(err, new(oauthError)) {
		i.brake.giveBack(key) // proven, or our own failure
	}
	return client, err
}

func (i *Issuer) prove(ctx context.Context, client Client, said credential) error {
	if said.assertion != "" {
		return i.verifyAssertion(ctx, client, said.assertion)
	}
	fits := len(said.secret) <= maxSecretBytes && len(client.SecretHash) > 0
	if !fits || bcrypt.CompareHashAndPassword(client.SecretHash, []byte(said.secret)) != nil {
		return badClient("The client secret is not right.")
	}
	return nil
}

func (i *Issuer) find(ctx context.Context, id uuid.UUID) (Client, error) {
	unknown := badClient("The client is not registered or has been withdrawn; ask the municipality's administrator.")
	if i.c.Client == nil {
		return Client{}, unknown
	}
	client, err := i.c.Client(ctx, id)
	if problem.Is(err, problem.NotFound) {
		return Client{}, unknown
	}
	if err != nil {
		return Client{}, err
	}
	if !client.Active || client.ID != id {
		return Client{}, unknown
	}
	return client, nil
}

// brakeKey is what failures are counted by. A secret can be guessed from many addresses, so all count
// together; an assertion cannot be guessed, so nobody may lock a client out from elsewhere.
func (c credential) brakeKey() string {
	if c.assertion != "" {
		return c.client.String() + " " + c.from
	}
	return c.client.String()
}
