package webhook_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// Example is a receiver: it says at registration that it wants events, verifies each, passes over doubles and keeps the
// rest. While the secret is renewed it knows both.
func Example() {
	secrets := []string{webhook.Secret([]byte("an older secret of 32 characters")), webhook.Secret([]byte("the newest secret, 32 characters"))}
	seen := map[string]bool{} // in a real receiver: a table with a unique id
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.Header().Set("WebHook-Allowed-Origin", r.Header.Get("WebHook-Request-Origin"))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		event, err := webhook.Verify(r.Header, body, secrets, time.Now())
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if !seen[event.ID] {
			seen[event.ID] = true
			fmt.Println(event.Type, event.Data.ChangedFields)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()

	event := []byte(`{"specversion":"1.0","id":"e1","type":"nl.wijkregie.action-completed.v1","data":{"kind":"action-completed","changedFields":["status"]}}`)
	fmt.Println(send(receiver.URL, secrets[1], event))
	fmt.Println(send(receiver.URL, secrets[1], event)) // a double
	fmt.Println(send(receiver.URL, webhook.Secret([]byte("somebody else")), event))
	// Output:
	// nl.wijkregie.action-completed.v1 [status]
	// 204
	// 204
	// 401
}

// send does what the sender does.
func send(url, secret string, body []byte) int {
	now := time.Now()
	signature, err := webhook.Sign(secret, "e1", now, body)
	if err != nil {
		return 0
	}
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set(webhook.HeaderID, "e1")
	r.Header.Set(webhook.HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhook.HeaderSignature, "v1,bm90IHRoaXMgb25l "+signature)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	return answer.StatusCode
}

func TestVerify(t *testing.T) {
	secret := webhook.Secret([]byte("the newest secret, 32 characters"))
	body := []byte(`{"id":"e1"}`)
	now := time.Unix(1_800_000_000, 0)
	signature, err := webhook.Sign(secret, "e1", now, body)
	require.NoError(t, err)
	whole := func(id, at, signature string) http.Header {
		return http.Header{webhook.HeaderID: {id}, webhook.HeaderTimestamp: {at}, webhook.HeaderSignature: {signature}}
	}
	for name, c := range map[string]struct {
		header  http.Header
		body    string
		secrets []string
		now     time.Time
		want    error
	}{
		"signed with the secret":           {whole("e1", "1800000000", signature), string(body), []string{secret}, now, nil},
		"within the tolerance":             {whole("e1", "1800000000", signature), string(body), []string{secret}, now.Add(-webhook.Tolerance), nil},
		"too old":                          {whole("e1", "1800000000", signature), string(body), []string{secret}, now.Add(webhook.Tolerance + 1), webhook.ErrTime},
		"another body":                     {whole("e1", "1800000000", signature), `{"id":"e1" }`, []string{secret}, now, webhook.ErrSignature},
		"another id":                       {whole("e2", "1800000000", signature), string(body), []string{secret}, now, webhook.ErrSignature},
		"another moment":                   {whole("e1", "1800000001", signature), string(body), []string{secret}, now, webhook.ErrSignature},
		"another secret":                   {whole("e1", "1800000000", signature), string(body), []string{webhook.Secret([]byte("x"))}, now, webhook.ErrSignature},
		"no secret at all":                 {whole("e1", "1800000000", signature), string(body), nil, now, webhook.ErrSignature},
		"no signature":                     {whole("e1", "1800000000", ""), string(body), []string{secret}, now, webhook.ErrHeader},
		"a moment that is no number":       {whole("e1", "now", signature), string(body), []string{secret}, now, webhook.ErrHeader},
		"a secret that is none":            {whole("e1", "1800000000", signature), string(body), []string{"secret"}, now, webhook.ErrSecret},
		"an empty secret signs for nobody": {whole("e1", "1800000000", signature), string(body), []string{"whsec_"}, now, webhook.ErrSecret},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := webhook.Verify(c.header, []byte(c.body), c.secrets, c.now)
			require.ErrorIs(t, err, c.want)
		})
	}

	t.Run("a known answer of Standard Webhooks", func(t *testing.T) {
		got, err := webhook.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
		require.NoError(t, err)
		require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got)
	})

	t.Run("the id in the body is the one that was signed", func(t *testing.T) {
		signature, err := webhook.Sign(secret, "e2", now, body)
		require.NoError(t, err)
		_, err = webhook.Verify(whole("e2", strconv.FormatInt(now.Unix(), 10), signature), body, []string{secret}, now)
		require.ErrorIs(t, err, webhook.ErrSignature)
	})
}
