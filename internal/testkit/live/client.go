package live

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// M is a JSON object.
type M = map[string]any

// Client calls the product as somebody. Every answer to an operation of the contract is held against
// the contract, and none may be a 500.
type Client struct {
	world  *World
	tb     testing.TB
	token  string
	header []string
}

// As is a demo person or system with a token of its own.
func (w *World) As(tb testing.TB, short string) *Client {
	tb.Helper()
	token, err := demo.Token(w.Product.Issuer, short)
	must(tb, err)
	return w.With(tb, token)
}

// With is whoever has the token; nobody with an empty one.
func (w *World) With(tb testing.TB, token string) *Client {
	return &Client{world: w, tb: tb, token: token}
}

// Nobody calls without a token.
func (w *World) Nobody(tb testing.TB) *Client { return w.With(tb, "") }

// Token is the token with which it calls.
func (c *Client) Token() string { return c.token }

// Always is a client that sends these header lines ("Name: value") with every call.
func (c *Client) Always(header ...string) *Client {
	other := *c
	other.header = append(append([]string{}, c.header...), header...)
	return &other
}

// Match is an If-Match header line.
func Match(tag string) string { return "If-Match: " + tag }

// Get reads a path.
func (c *Client) Get(path string, header ...string) *Reply {
	c.tb.Helper()
	return c.Do(http.MethodGet, path, nil, header...)
}

// Post sends a body to a path.
func (c *Client) Post(path string, body any, header ...string) *Reply {
	c.tb.Helper()
	return c.Do(http.MethodPost, path, body, header...)
}

// Patch changes what was read under a tag.
func (c *Client) Patch(path, tag string, body any, header ...string) *Reply {
	c.tb.Helper()
	return c.Do(http.MethodPatch, path, body, append(header, Match(tag))...)
}

// Do makes one call. A string or bytes are sent as they are, another body as JSON, with the media
// type that the contract names; header lines ("Name: value") go before what it would send itself.
func (c *Client) Do(method, path string, body any, header ...string) *Reply {
	c.tb.Helper()
	op := c.world.contract.find(method, path)
	data := encoded(c.tb, articled(path, body))
	request, err := http.NewRequestWithContext(c.tb.Context(), method, c.world.URL+path, bytes.NewReader(data))
	must(c.tb, err)
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil {
		request.Header.Set("Content-Type", op.media())
	}
	for _, line := range append(append([]string{}, c.header...), header...) {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	answer, err := c.world.http.Do(request)
	must(c.tb, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	must(c.tb, err)
	r := &Reply{tb: c.tb, call: method + " " + path, Status: answer.StatusCode, Header: answer.Header, Raw: raw}
	if strings.HasSuffix(answer.Header.Get("Content-Type"), "json") && len(raw) > 0 {
		if err := json.Unmarshal(raw, &r.Body); err != nil {
			c.tb.Errorf("%s answers %d with what is no JSON: %v", r.call, r.Status, err)
		}
	}
	c.world.contract.hold(op, request, r)
	return r
}

// encoded is a body as it is sent.
func encoded(tb testing.TB, body any) []byte {
	tb.Helper()
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	}
	data, err := json.Marshal(body)
	must(tb, err)
	return data
}

// articled lets police data that names no article of the Wpg be of article 8: few tests are about that. Those send text.
func articled(path string, body any) any {
	sent, is := body.(M)
	if !is || !strings.HasSuffix(path, "/items") && !strings.HasSuffix(path, "/_batch") && path != "/v1/documents" {
		return body
	}
	sent = withArticle(sent)
	if parts, is := sent["items"].([]M); is {
		together := make([]M, len(parts))
		for i, part := range parts {
			together[i] = withArticle(part)
		}
		sent["items"] = together
	}
	return sent
}

func withArticle(sent M) M {
	sent = maps.Clone(sent)
	if _, named := sent["policeArticle"]; sent["category"] == "police" && !named {
		sent["policeArticle"] = "8"
	}
	return sent
}
