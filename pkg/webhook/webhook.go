// Package webhook is for who receives the webhooks of Wijkregie: it verifies that an event was signed with the secret of
// the subscription (Standard Webhooks) and reads it (CloudEvents 1.0).
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Tolerance is how far the moment of signing may lie from the receiver's clock, either way; what is older may be
// a recording that somebody sends again.
const Tolerance = 5 * time.Minute

// The headers of Standard Webhooks.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// prefix stands before every secret.
const prefix = "whsec_"

// The ways in which Verify fails.
var (
	ErrHeader    = errors.New("webhook: the headers webhook-id, webhook-timestamp and webhook-signature are not all there")
	ErrTime      = errors.New("webhook: signed too long ago or in the future")
	ErrSignature = errors.New("webhook: no signature is of a secret that counts")
	ErrSecret    = errors.New("webhook: a secret is whsec_ and base64")
)

// Event is what happened. It names fields that changed and never holds a value: read the dossier for those.
type Event struct {
	SpecVersion     string    `json:"specversion"` // 1.0
	ID              string    `json:"id"`          // the same at every attempt and replay: keep it to know a double
	Source          string    `json:"source"`      // the municipality's system
	Type            string    `json:"type"`        // nl.wijkregie.<kind>.v1
	Subject         string    `json:"subject,omitempty"`
	Time            time.Time `json:"time"` // when it was recorded (UTC)
	DataContentType string    `json:"datacontenttype"`
	DataRef         string    `json:"dataref,omitempty"`  // where to read on, with a token
	Sequence        string    `json:"sequence,omitempty"` // 20 digits: its place in the order of events of the municipality
	TraceParent     string    `json:"traceparent,omitempty"`
	Data            Data      `json:"data"`
}

// Data is what an event says; of a test event all of it is empty.
type Data struct {
	DossierID     string   `json:"dossierId,omitempty"`
	Kind          string   `json:"kind,omitempty"` // a code of list event-kinds
	Subject       *Subject `json:"subject,omitempty"`
	ChangedFields []string `json:"changedFields"`
}

// Subject is the record that an event is about.
type Subject struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Verify reads an event from the headers and the body of a request, once it is certain that it was signed with one of the
// secrets (as told: whsec_…) no longer than Tolerance from now. While a secret is renewed give both. It fails with
// ErrHeader, ErrTime, ErrSignature or ErrSecret, and when the body is no event; then answer 401 and do nothing.
func Verify(header http.Header, body []byte, secrets []string, now time.Time) (e Event, err error) {
	id, stamp, given := header.Get(HeaderID), header.Get(HeaderTimestamp), header.Get(HeaderSignature)
	if id == "" || stamp == "" || given == "" {
		return e, ErrHeader
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return e, ErrHeader
	}
	at := time.Unix(seconds, 0)
	if now.Sub(at).Abs() > Tolerance {
		return e, ErrTime
	}
	for _, secret := range secrets {
		own, err := Sign(secret, id, at, body)
		if err != nil {
			return e, err
		}
		for one := range strings.FieldsSeq(given) {
			if hmac.Equal([]byte(one), []byte(own)) {
				return e, read(body, id, &e)
			}
		}
	}
	return e, ErrSignature
}

func read(body []byte, id string, e *Event) error {
	if err := json.Unmarshal(body, e); err != nil {
		return fmt.Errorf("webhook: the body is no event: %w", err)
	}
	if e.ID != id {
		return ErrSignature
	}
	return nil
}

// Sign is the signature of a body with a secret, as it stands in the header: v1, a comma and base64. It fails with ErrSecret.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, prefix))
	if err != nil || len(key) == 0 || !strings.HasPrefix(secret, prefix) {
		return "", ErrSecret
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Secret is a key as a secret is told.
func Secret(key []byte) string { return prefix + base64.StdEncoding.EncodeToString(key) }
