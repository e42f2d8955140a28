package token

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const maxFormBytes = 32 << 10

// The error codes of RFC 6749 §5.2 that this endpoint answers with.
const (
	invalidRequest   = "invalid_request"
	invalidClient    = "invalid_client"
	invalidScope     = "invalid_scope"
	unsupportedGrant = "unsupported_grant_type"
	serverError      = "server_error"
)

// oauthError is a refusal of the token endpoint, as it is answered.
type oauthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
	status      int
	wait        time.Duration
}

// Error implements error.
func (e oauthError) Error() string { return e.Code + ": " + e.Description }

func badRequest(code, advice string) error {
	return oauthError{Code: code, Description: advice, status: http.StatusBadRequest}
}

func badClient(advice string) error {
	return oauthError{Code: invalidClient, Description: advice, status: http.StatusUnauthorized}
}

// token is POST /oauth2/token: client credentials in, access token out.
func (i *Issuer) token(w http.ResponseWriter, q *http.Request) {
	raw, err := i.grant(w, q)
	if err != nil {
		i.refuse(w, q, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int64  `json:"expires_in"` // seconds
	}{raw, "Bearer", int64(i.c.Lifetime / time.Second)})
}

func (i *Issuer) grant(w http.ResponseWriter, q *http.Request) (string, error) {
	form, err := readForm(w, q)
	if err != nil {
		return "", err
	}
	switch {
	case form.Get("grant_type") == "":
		return "", badRequest(invalidRequest, "Send grant_type=client_credentials.")
	case form.Get("grant_type") != "client_credentials":
		return "", badRequest(unsupportedGrant, "Use grant_type=client_credentials.")
	case form.Get("scope") != "":
		return "", badRequest(invalidScope, "Leave scope out: rights are not read from tokens.")
	}
	said, err := i.credentials(q, form)
	if err != nil {
		return "", err
	}
	client, err := i.authenticate(q.Context(), said)
	if err != nil {
		return "", err
	}
	return i.IssueSystem(client)
}

// readForm reads the body alone: what stands in the URL ends up in logs.
func readForm(w http.ResponseWriter, q *http.Request) (url.Values, error) {
	if q.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, oauthError{Code: invalidRequest, Description: "Use POST.", status: http.StatusMethodNotAllowed}
	}
	if q.URL.RawQuery != "" {
		return nil, badRequest(invalidRequest, "Send parameters in the body, never in the URL.")
	}
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, badRequest(invalidRequest, "Send Content-Type application/x-www-form-urlencoded.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, maxFormBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, oauthError{Code: invalidRequest, Description: "Send at most 32 KiB.", status: http.StatusRequestEntityTooLarge}
	}
	form, parseErr := url.ParseQuery(string(body))
	if err != nil || parseErr != nil {
		return nil, badRequest(invalidRequest, "The body is not a well-formed form.")
	}
	for _, values := range form {
		if len(values) > 1 {
			return nil, badRequest(invalidRequest, "Send every parameter once.")
		}
	}
	return form, nil
}

// refuse answers a failure; one that is not the caller's is logged and not told.
func (i *Issuer) refuse(w http.ResponseWriter, q *http.Request, err error) {
	var said oauthError
	if !errors.As(err, &said) {
		i.c.Log.ErrorContext(q.Context(), "token endpoint failed", "error", err)
		said = oauthError{Code: serverError, Description: "Try again later.", status: http.StatusInternalServerError}
	}
	if said.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(said.wait/time.Second)))
	}
	if said.status == http.StatusUnauthorized && q.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="token endpoint"`)
	}
	answer(w, said.status, said)
}

// answer writes JSON that nobody keeps (RFC 6749 §5.1).
func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Language", "en") // RFC 6749 knows one language, and nothing here is for people
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone: there is nobody left to tell
}
