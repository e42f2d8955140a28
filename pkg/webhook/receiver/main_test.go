package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// Example asks the receiver whether it wants events, sends it one twice, and renews the secret.
func Example() {
	folder, err := os.MkdirTemp("", "receiver")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	file, before, after := filepath.Join(folder, "secrets.txt"), webhook.Secret([]byte("an older secret of 32 characters")), webhook.Secret([]byte("the newest secret, 32 characters"))
	server := httptest.NewServer(&receiver{secrets: file, out: os.Stdout, now: time.Now})
	defer server.Close()

	know := func(secrets ...string) { _ = os.WriteFile(file, []byte(strings.Join(secrets, "\n")), 0o600) }
	know(before)
	fmt.Println(ask(server.URL))
	fmt.Println(send(server.URL, "e1", before), send(server.URL, "e1", before), send(server.URL, "e2", after))
	know(before, after)
	fmt.Println(send(server.URL, "e2", after))
	// Output:
	// api.wijkregie.example
	// {"specversion":"1.0","id":"e1","source":"","type":"nl.wijkregie.test.v1","time":"2026-11-24T09:30:00Z","datacontenttype":"","data":{"changedFields":[]}}
	// 204 204 401
	// {"specversion":"1.0","id":"e2","source":"","type":"nl.wijkregie.test.v1","time":"2026-11-24T09:30:00Z","datacontenttype":"","data":{"changedFields":[]}}
	// 204
}

// ask puts the question that comes first, and gives the origin that is allowed.
func ask(url string) string {
	r, err := http.NewRequest(http.MethodOptions, url, http.NoBody)
	if err != nil {
		return err.Error()
	}
	r.Header.Set("WebHook-Request-Origin", "api.wijkregie.example")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	return answer.Header.Get("WebHook-Allowed-Origin")
}

// send does what the sender does, and gives the status.
func send(url, id, secret string) int {
	body, now := `{"specversion":"1.0","id":"`+id+`","type":"nl.wijkregie.test.v1","time":"2026-11-24T09:30:00Z","data":{"changedFields":[]}}`, time.Now()
	signature, err := webhook.Sign(secret, id, now, []byte(body))
	if err != nil {
		return 0
	}
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set(webhook.HeaderID, id)
	r.Header.Set(webhook.HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhook.HeaderSignature, signature)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestReceiver(t *testing.T) {
	server := httptest.NewServer(&receiver{secrets: filepath.Join(t.TempDir(), "none"), out: io.Discard, now: time.Now})
	t.Cleanup(server.Close)
	status := func(method, body string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL, strings.NewReader(body))
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	require.Equal(t, 405, status(http.MethodGet, ""))
	require.Equal(t, 413, status(http.MethodPost, strings.Repeat("x", mostBytes+1)))
	require.Equal(t, 503, status(http.MethodPost, "{}"), "without its secrets it asks to be sent the event again")
}
