package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const keyHeader = "Idempotency-Key"

// keyForm is a key without its quotes: long enough to be unique, and plain text.
var keyForm = regexp.MustCompile(`^[!-~]{8,255}$`)

// once executes a POST with an Idempotency-Key once in 24 hours: key, change and outcome are one
// transaction, so that a failure keeps nothing. A repetition gets what was made rendered again, with
// today's rights: never a kept body, which would be a second copy of personal data.
func (s *server) once(c echo.Context, op *operation, next echo.HandlerFunc) error {
	key, err := keyOf(c.Request())
	if err != nil {
		return err
	}
	if key == "" || !op.keyed || s.DB == nil {
		return next(c)
	}
	attempt, err := s.attempt(c.Request(), op, key)
	if err != nil {
		return err
	}
	answer, earlier, err := s.execute(c, attempt, next)
	switch {
	case err != nil:
		return err
	case earlier != nil:
		return s.repeat(c, attempt, *earlier)
	}
	return answer.send()
}

// execute runs the handler in the transaction that claims the key, and keeps its answer back until
// the commit; or it gives the outcome of an earlier attempt.
func (s *server) execute(c echo.Context, a attempt, next echo.HandlerFunc) (answer *held, earlier *outcome, err error) {
	original := c.Request()
	answer = hold(c.Response())
	defer func() { // after a panic too
		c.SetRequest(original)
		answer.drop()
	}()
	err = s.DB.Tx(original.Context(), func(ctx context.Context) error {
		if earlier, err = claim(ctx, a); err != nil || earlier != nil {
			return err
		}
		c.SetRequest(original.WithContext(ctx))
		if err := next(c); err != nil {
			return err
		}
		return settle(ctx, a, answer.outcome())
	})
	return answer, earlier, err
}

// keyOf reads the header, quoted as the draft has it or bare; empty without one.
func keyOf(r *http.Request) (string, error) {
	value, err := single(r, keyHeader)
	if err != nil || value == "" {
		return "", err
	}
	if len(value) > 1 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
		value = value[1 : len(value)-1]
	}
	if !keyForm.MatchString(value) {
		var wrong findings
		wrong.add("header", keyHeader, "key")
		return "", wrong.err()
	}
	return value, nil
}

// attempt is a keyed request as the table knows it.
type attempt struct {
	Who       identity.Identity
	Client    uuid.UUID
	Operation string
	Key       string
	Hash      []byte
	At        time.Time
}

func (s *server) attempt(r *http.Request, op *operation, key string) (attempt, error) {
	who, err := identity.From(r.Context())
	if err != nil {
		return attempt{}, err
	}
	client := who.Client
	if client == uuid.Nil {
		client = who.Partner // several partners' systems may come without a registered client
	}
	sum := sha256.New()
	sum.Write([]byte(r.URL.EscapedPath() + "?" + r.URL.RawQuery + "\n"))
	if body, ok := r.Body.(*validated); ok {
		sum.Write(body.data)
	}
	hash := sum.Sum(nil)
	if s.Secrets != nil { // a body with a citizen service number would be guessed from a plain hash
		hash = s.Secrets.Index(who.Municipality, "idempotency.body", hex.EncodeToString(hash))
	}
	return attempt{Who: who, Client: client, Operation: op.id, Key: key, Hash: hash, At: s.Now().UTC()}, nil
}

// outcome is what is kept of an answer.
type outcome struct {
	Hash     []byte
	Status   int
	Location string
}

// repeat gives the answer of an earlier attempt again: what it made, as the caller sees it now.
func (s *server) repeat(c echo.Context, a attempt, earlier outcome) error {
	if !bytes.Equal(a.Hash, earlier.Hash) {
		return &problem.Error{Kind: problem.KeyReused}
	}
	target, err := url.Parse(earlier.Location)
	if err != nil {
		return fmt.Errorf("kept location: %w", err)
	}
	r, err := http.NewRequestWithContext(c.Request().Context(), http.MethodGet, target.String(), nil)
	if err != nil {
		return fmt.Errorf("kept location: %w", err)
	}
	res := c.Response()
	res.Before(func() {
		if res.Status == http.StatusOK {
			res.Status = earlier.Status
			res.Header().Set("Location", earlier.Location)
			res.Header().Set("Idempotency-Replayed", "true")
		}
	})
	inner := s.echo.NewContext(r, res)
	s.echo.Router().Find(http.MethodGet, target.Path, inner)
	if s.operationOf(inner) == nil {
		return fmt.Errorf("operation %s: nothing reads its Location", a.Operation)
	}
	return inner.Handler()(inner)
}

// held keeps an answer back until it is certain.
type held struct {
	http.ResponseWriter
	res    *echo.Response
	status int
	body   bytes.Buffer
}

func hold(res *echo.Response) *held {
	h := &held{ResponseWriter: res.Writer, res: res}
	res.Writer = h
	return h
}

// WriteHeader keeps the status.
func (h *held) WriteHeader(status int) { h.status = status }

// Write keeps the body.
func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }

func (h *held) outcome() outcome {
	return outcome{Status: h.status, Location: h.Header().Get("Location")}
}

// drop gives the connection back to the response, as if nothing was written.
func (h *held) drop() {
	h.res.Writer = h.ResponseWriter
	h.res.Committed = false
	h.res.Size = 0
}

// send writes what was kept; drop comes before it.
func (h *held) send() error {
	h.res.WriteHeader(h.status)
	_, err := h.res.Write(h.body.Bytes())
	return err
}
