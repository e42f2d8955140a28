package delivery

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wijkregie/wijkregie/pkg/webhook"
)

const (
	// hookTimeout bounds one request to a receiver, from the name to the head of the answer.
	hookTimeout = 15 * time.Second
	// longestRetryAfter bounds what a receiver can ask for.
	longestRetryAfter = 24 * time.Hour
)

// HookOptions say where webhooks may go.
type HookOptions struct {
	AllowPrivate bool   // private addresses too, and this machine over http
	Origin       string // the host name under which receivers are asked whether they want events
}

// Hooks sends webhooks. An address comes from a partner: it must not become a way to reach what only this machine can
// reach.
type Hooks struct {
	options HookOptions
	client  *http.Client
}

// NewHooks makes a sender; it connects to nothing yet.
func NewHooks(o HookOptions) *Hooks {
	h := &Hooks{options: o}
	dialer := &net.Dialer{Timeout: hookTimeout, Control: h.control}
	h.client = &http.Client{
		Timeout:       hookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: hookTimeout,
			MaxResponseHeaderBytes: 16 << 10, MaxConnsPerHost: 16, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
	return h
}

// Accepts tells whether an address is one to which webhooks can go: https, without user and fragment, at a port for the web
// or one that no service has by right. Where its name leads is seen when it is connected to, every time.
func (h *Hooks) Accepts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || !webPort(u.Port()) {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || err == nil && ip.Unmap().IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here && h.options.AllowPrivate
}

// webPort refuses the ports of mail, shells and the like.
func webPort(port string) bool {
	number, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && (number == 443 || number >= 1024)
}

var errAddress = errors.New("the address that the name leads to may not be reached")

// control sees the address after the name was resolved, so that a name cannot lead elsewhere at the second look.
func (h *Hooks) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !h.allows(to.Addr().Unmap().WithZone("")) {
		return errAddress
	}
	return nil
}

func (h *Hooks) allows(ip netip.Addr) bool {
	if ip.IsLoopback() || ip.IsPrivate() {
		return h.options.AllowPrivate
	}
	return ip.IsGlobalUnicast() && (ip.Is4() || unicast.Contains(ip)) && !special(ip)
}

// unicast is all of IPv6 that is given out for use in the world. What lies outside it carries an IPv4 address, or leads
// inside or nowhere.
var unicast = netip.MustParsePrefix("2000::/3")

// special are the blocks that look global but lead inside or nowhere (RFC 6890): this network, carrier NAT, protocol
// assignments, relays, tests, examples, reserved, and those within IPv6 that carry an IPv4 address.
func special(ip netip.Addr) bool {
	for _, block := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		if netip.MustParsePrefix(block).Contains(ip) {
			return true
		}
	}
	return false
}

// HookMessage is one event to one receiver.
type HookMessage struct {
	URL     string
	ID      string   // of the event
	Body    []byte   // a CloudEvent
	Secrets []string // each signs
	At      time.Time
}

// HookAnswer is what a receiver said. Text names no address and holds nothing of what it sent.
type HookAnswer struct {
	Taken bool
	Gone  bool          // it wants nothing any more
	After time.Duration // how long it asks to wait; 0 when it does not say
	Text  string
}

// Post hands an event over.
func (h *Hooks) Post(ctx context.Context, m HookMessage) HookAnswer {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return HookAnswer{Text: "the address is not usable"}
	}
	var signatures []string
	for _, secret := range m.Secrets {
		signature, err := webhook.Sign(secret, m.ID, m.At, m.Body)
		if err != nil {
			return HookAnswer{Text: "the secret is not usable; renew it"}
		}
		signatures = append(signatures, signature)
	}
	r.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	r.Header.Set("User-Agent", "wijkregie")
	r.Header.Set(webhook.HeaderID, m.ID)
	r.Header.Set(webhook.HeaderTimestamp, strconv.FormatInt(m.At.Unix(), 10))
	r.Header.Set(webhook.HeaderSignature, strings.Join(signatures, " "))
	answer, _ := h.do(r, m.At)
	return answer
}

// Validate asks a receiver whether it wants events from here (CloudEvents, HTTP Webhooks 4): it is taken when it names this
// origin or all.
func (h *Hooks) Validate(ctx context.Context, address string, at time.Time) HookAnswer {
	r, err := http.NewRequestWithContext(ctx, http.MethodOptions, address, http.NoBody)
	if err != nil {
		return HookAnswer{Text: "the address is not usable"}
	}
	r.Header.Set("User-Agent", "wijkregie")
	r.Header.Set("WebHook-Request-Origin", h.options.Origin)
	answer, header := h.do(r, at)
	if origin := header.Get("WebHook-Allowed-Origin"); answer.Taken && origin != "*" && !strings.EqualFold(origin, h.options.Origin) {
		return HookAnswer{Text: answer.Text + " without allowing this origin"}
	}
	return answer
}

func (h *Hooks) do(r *http.Request, at time.Time) (a HookAnswer, header http.Header) {
	answer, err := h.client.Do(r)
	if err != nil {
		return HookAnswer{Text: whyNot(err)}, nil
	}
	defer answer.Body.Close()
	// What it says is not kept; a short answer is read so that the connection can be used again.
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	a.Text = fmt.Sprintf("the receiver answered %d", answer.StatusCode)
	a.Taken = answer.StatusCode/100 == 2
	a.Gone = answer.StatusCode == http.StatusGone
	if answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusServiceUnavailable {
		a.After = retryAfter(answer.Header.Get("Retry-After"), at)
	}
	return a, answer.Header
}

// whyNot says why no answer came, without the address, which is among what Go says.
func whyNot(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var network net.Error
	switch {
	case errors.Is(err, errAddress):
		return errAddress.Error()
	case errors.As(err, &dns):
		return "the name of the receiver is not known"
	case errors.As(err, &cert):
		return "the certificate of the receiver is not trusted"
	case errors.As(err, &network) && network.Timeout():
		return "the receiver did not answer in time"
	}
	return "the receiver cannot be reached"
}

// retryAfter reads how long to wait, in seconds or until a moment (RFC 9110); 0 for what is neither.
func retryAfter(value string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if until, err := http.ParseTime(value); err == nil {
		wait = until.Sub(now)
	}
	return min(max(wait, 0), longestRetryAfter)
}
