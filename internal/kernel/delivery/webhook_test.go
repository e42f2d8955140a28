package delivery

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/pkg/webhook"
)

func TestHooksReachNothingInside(t *testing.T) {
	closed, open := NewHooks(HookOptions{}), NewHooks(HookOptions{AllowPrivate: true})
	for address, private := range map[string]bool{
		"127.0.0.1": true, "127.8.0.1": true, "::1": true, "::ffff:127.0.0.1": true, "10.0.0.1": true, "172.16.4.4": true, "192.168.1.1": true, "::ffff:10.0.0.1": true,
		"fd00::1": true, "169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "::ffff:169.254.169.254": false, "100.64.0.1": false, "100.127.255.254": false,
		"0.0.0.0": false, "::": false, "::ffff:0.0.0.0": false, "224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "240.0.0.1": false, "198.18.0.1": false,
		"192.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::1": false, "2001::1": false, "fec0::1": false, "::127.0.0.1": false,
		"::ffff:0:127.0.0.1": false, "64:ff9b:1::a00:1": false, "2001:20::1": false, "2001:db8::1": false, "3fff::1": false, "100::1": false, "5f00::1": false, "192.88.99.1": false,
		"192.0.2.1": false, "203.0.113.9": false, "4000::1": false,
	} {
		ip := netip.MustParseAddr(address)
		assert.Error(t, closed.control("tcp", netip.AddrPortFrom(ip, 443).String(), nil), address)
		err := open.control("tcp", netip.AddrPortFrom(ip, 443).String(), nil)
		assert.Equal(t, private, err == nil, "%s where the operator allows private addresses: %v", address, err)
	}
	for _, address := range []string{"93.184.216.34:443", "[2a00:1450:400e:80e::200e]:443"} {
		assert.NoError(t, closed.control("tcp", address, nil), address)
	}
	assert.Error(t, closed.control("tcp", "elsewhere", nil))
}

func TestHooksAccept(t *testing.T) {
	closed, open := NewHooks(HookOptions{}), NewHooks(HookOptions{AllowPrivate: true})
	for address, want := range map[string][2]bool{
		"https://in.example/events?key=1": {true, true}, "http://in.example/": {false, false}, "http://127.0.0.1:8080/": {false, true}, "http://localhost/": {false, true},
		"https://user:pass@in.example/": {false, false}, "https://in.example/#part": {false, false}, "https:///in": {false, false}, "ftp://in.example/": {false, false},
		"file:///etc/passwd": {false, false}, "": {false, false}, "https://[::1": {false, false},
		"https://in.example:443/": {true, true}, "https://in.example:8443/": {true, true}, "https://in.example:25/": {false, false}, "https://in.example:22/": {false, false},
		"https://in.example:65536/": {false, false}, "https://in.example:0/": {false, false}, "https://in.example/\r\nHost: inside": {false, false},
		"https://in.example%0d%0a/": {false, false}, "gopher://in.example/": {false, false}, "https://in.example:443:25/": {false, false}, "//in.example/": {false, false},
	} {
		assert.Equal(t, want, [2]bool{closed.Accepts(address), open.Accepts(address)}, address)
	}
}

// at is a receiver that answers in one way.
func at(t *testing.T, answer http.HandlerFunc) (*Hooks, string) {
	t.Helper()
	receiver := httptest.NewServer(answer)
	t.Cleanup(receiver.Close)
	return NewHooks(HookOptions{AllowPrivate: true, Origin: "api.wijkregie.example"}), receiver.URL + "/in?key=geheim"
}

func TestHooksPost(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	secrets := []string{webhook.Secret([]byte("new")), webhook.Secret([]byte("old"))}
	post := func(h *Hooks, url string) HookAnswer {
		return h.Post(t.Context(), HookMessage{URL: url, ID: "e1", Body: []byte(`{"id":"e1"}`), Secrets: secrets, At: now})
	}

	t.Run("each secret signs, and a redirect leads nowhere", func(t *testing.T) {
		elsewhere := false
		h, url := at(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				elsewhere = true
				return
			}
			body, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			for _, secret := range secrets {
				_, err = webhook.Verify(r.Header, body, []string{secret}, now)
				assert.NoError(t, err)
			}
			assert.Equal(t, "application/cloudevents+json; charset=utf-8", r.Header.Get("Content-Type"))
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		})
		require.Equal(t, HookAnswer{Text: "the receiver answered 307"}, post(h, url))
		require.False(t, elsewhere)
	})

	for name, c := range map[string]struct {
		status int
		after  string
		want   HookAnswer
	}{
		"accepted":                        {202, "", HookAnswer{Taken: true, Text: "the receiver answered 202"}},
		"gone":                            {410, "", HookAnswer{Gone: true, Text: "the receiver answered 410"}},
		"an error":                        {500, "9", HookAnswer{Text: "the receiver answered 500"}},
		"too many, in seconds":            {429, "90", HookAnswer{Text: "the receiver answered 429", After: 90 * time.Second}},
		"unavailable, until a moment":     {503, now.Add(time.Minute).UTC().Format(http.TimeFormat), HookAnswer{Text: "the receiver answered 503", After: time.Minute}},
		"unavailable, until long ago":     {503, "Mon, 02 Jan 2006 15:04:05 GMT", HookAnswer{Text: "the receiver answered 503"}},
		"unavailable for longer than ok":  {503, "4000000000", HookAnswer{Text: "the receiver answered 503", After: 24 * time.Hour}},
		"unavailable, and does not say":   {503, "", HookAnswer{Text: "the receiver answered 503"}},
		"unavailable, and says something": {503, "-5", HookAnswer{Text: "the receiver answered 503"}},
	} {
		t.Run(name, func(t *testing.T) {
			h, url := at(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.after)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, "what the receiver says is not kept")
			})
			require.Equal(t, c.want, post(h, url))
		})
	}

	t.Run("what fails tells no address", func(t *testing.T) {
		receiver := httptest.NewServer(http.NotFoundHandler())
		receiver.Close()
		for _, url := range []string{receiver.URL + "/?key=geheim", "https://nowhere.invalid/?key=geheim", "https://[::1%25]/?key=geheim"} {
			answer := post(NewHooks(HookOptions{AllowPrivate: true}), url)
			assert.False(t, answer.Taken)
			assert.NotEmpty(t, answer.Text)
			for _, private := range []string{"geheim", "invalid/", "127.0.0.1", "http"} {
				assert.NotContains(t, answer.Text, private)
			}
		}
	})

	t.Run("who answers too late has not taken it", func(t *testing.T) {
		ended := make(chan struct{})
		h, url := at(t, func(_ http.ResponseWriter, r *http.Request) { <-ended })
		h.client.Timeout = 50 * time.Millisecond
		require.Equal(t, HookAnswer{Text: "the receiver did not answer in time"}, post(h, url))
		close(ended)
	})

	t.Run("a certificate that nobody vouches for is refused", func(t *testing.T) {
		receiver := httptest.NewUnstartedServer(http.NotFoundHandler())
		receiver.Config.ErrorLog = nil
		receiver.StartTLS()
		t.Cleanup(receiver.Close)
		require.Equal(t, "the certificate of the receiver is not trusted", post(NewHooks(HookOptions{AllowPrivate: true}), receiver.URL).Text)
	})
}

func TestHooksValidate(t *testing.T) {
	for allowed, want := range map[string]bool{"api.wijkregie.example": true, "API.wijkregie.example": true, "*": true, "": false, "another.example": false} {
		h, url := at(t, func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, http.MethodOptions, r.Method)
			assert.Equal(t, "api.wijkregie.example", r.Header.Get("WebHook-Request-Origin"))
			w.Header().Set("WebHook-Allowed-Origin", allowed)
		})
		answer := h.Validate(t.Context(), url, time.Now())
		assert.Equal(t, want, answer.Taken, "%q: %s", allowed, answer.Text)
	}
	h, url := at(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusMethodNotAllowed) })
	answer := h.Validate(t.Context(), url, time.Now())
	assert.False(t, answer.Taken)
	assert.False(t, strings.Contains(answer.Text, "allowing"), answer.Text)
}

func TestHooksGoThroughNothingElse(t *testing.T) {
	transport, is := NewHooks(HookOptions{}).client.Transport.(*http.Transport)
	require.True(t, is)
	assert.Nil(t, transport.Proxy, "a proxy of the environment would connect to what may not be reached")
	for _, host := range []string{"127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost.", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]"} {
		h := NewHooks(HookOptions{})
		answer := h.Post(t.Context(), HookMessage{URL: "https://" + host + ":9/", ID: "e1", At: time.Now()})
		assert.Contains(t, []string{errAddress.Error(), "the name of the receiver is not known"}, answer.Text, host)
	}
}

func TestHooksReadLittleOfAnAnswer(t *testing.T) {
	now := time.Now()
	message := func(url string) HookMessage { return HookMessage{URL: url, ID: "e1", Body: []byte("{}"), At: now} }

	h, url := at(t, func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 1<<20); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	require.True(t, h.Post(t.Context(), message(url)).Taken, "an answer without an end is left")

	h, url = at(t, func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, http.NewResponseController(w).Flush())
		<-r.Context().Done()
	})
	h.client.Timeout = 100 * time.Millisecond
	begun := time.Now()
	require.True(t, h.Post(t.Context(), message(url)).Taken)
	require.Less(t, time.Since(begun), 5*time.Second, "an answer that does not come is not waited for")

	h, url = at(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
	})
	require.False(t, h.Post(t.Context(), message(url)).Taken)
}
