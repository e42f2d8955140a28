package token

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/MicahParks/jwkset"
)

// network is where keys may be fetched. A URL may come from a partner: it must not become a way to
// reach what only this machine can reach.
type network struct {
	loopback bool // this machine too, and over http
	private  bool // the operator's own network too
	now      func() time.Time
	log      *slog.Logger
}

// keys is the key set at a URL; nothing is fetched yet. It fails on a URL that may not be fetched.
func (n network) keys(address string) (*remote, error) {
	if err := n.check(address); err != nil {
		return nil, err
	}
	return &remote{
		MemoryJWKSet: jwkset.NewMemoryStorage(),
		url:          address,
		client:       n.client(),
		now:          n.now,
		log:          n.log,
	}, nil
}

func (n network) check(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errors.New("give the URL of a JWKS: https, without user or fragment")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || (err == nil && ip.Unmap().IsLoopback())
	if u.Scheme == "https" || (u.Scheme == "http" && n.loopback && here) {
		return nil
	}
	return errors.New("give the URL of a JWKS with https")
}

// client follows no redirects, uses no proxy and connects only to addresses that are allowed.
func (n network) client() *http.Client {
	dialer := &net.Dialer{Timeout: fetchTimeout, Control: n.control}
	return &http.Client{
		Timeout: fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    fetchTimeout,
			MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives:      true,
			ForceAttemptHTTP2:      true,
		},
	}
}

// control sees the address after the name was resolved, so that a name cannot lead elsewhere.
func (n network) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !n.allows(to.Addr().Unmap()) {
		return errors.New("the address that the name leads to may not be reached from here")
	}
	return nil
}

func (n network) allows(ip netip.Addr) bool {
	switch {
	case ip.IsLoopback():
		return n.loopback
	case ip.IsPrivate():
		return n.private || n.loopback
	}
	return ip.IsGlobalUnicast() && !special(ip)
}

// special are the blocks that look global but lead inside or nowhere (RFC 6890): this network, carrier
// NAT, protocol assignments, tests, reserved, and the IPv6 blocks that carry an IPv4 address or are site-local.
func special(ip netip.Addr) bool {
	for _, block := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
		"::/96", "fec0::/10", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
	} {
		if netip.MustParsePrefix(block).Contains(ip) {
			return true
		}
	}
	return false
}
