package token_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

func TestExternalIssuerRotation(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	verify := func(s signer, jti string) error {
		_, err := w.v.Verify(t.Context(), s.sign(t, nil, claims(w.clock, changes{"jti": jti})))
		return err
	}
	old, fresh := w.signers["ES256"], newSigner(t, "ES256")
	fresh.kid = "key-2"
	if w.site.count() != 0 {
		t.Fatal("keys were fetched before the first token")
	}
	must(t, verify(old, "1"))
	w.site.serve(200, jwks(t, old, fresh))
	w.clock.move(11 * time.Second)

	t.Run("an unknown kid makes the keys be fetched again", func(t *testing.T) {
		must(t, verify(fresh, "2"))
		must(t, verify(old, "3"))
		if w.site.count() != 2 {
			t.Errorf("fetched %d times", w.site.count())
		}
	})
	t.Run("many unknown kids cost one fetch in ten seconds", func(t *testing.T) {
		w.clock.move(11 * time.Second)
		unknown := newSigner(t, "EdDSA")
		unknown.kid = "evil"
		for range 20 {
			if verify(unknown, "4") == nil {
				t.Fatal("an unknown key was believed")
			}
		}
		if w.site.count() != 3 {
			t.Errorf("fetched %d times", w.site.count())
		}
	})
	t.Run("an issuer that is down for hours keeps its known keys", func(t *testing.T) {
		w.site.serve(http.StatusInternalServerError, nil)
		w.clock.move(23 * time.Hour)
		must(t, verify(old, "5"))
	})
	t.Run("an issuer that is down for more than a day is believed no longer", func(t *testing.T) {
		w.clock.move(2 * time.Hour)
		if verify(old, "6") == nil {
			t.Error("keys of long ago were believed")
		}
	})
	t.Run("and is believed again when it is back", func(t *testing.T) {
		w.site.serve(200, jwks(t, old))
		w.clock.move(11 * time.Second)
		must(t, verify(old, "7"))
	})
}

func TestExternalIssuerFetchServesEveryone(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	raw := w.signers["ES256"].sign(t, nil, claims(w.clock, nil))
	t.Run("a caller that gives up does not spoil the fetch", func(t *testing.T) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, _ = w.v.Verify(gone, raw)
		_, err := w.v.Verify(t.Context(), raw)
		must(t, err)
	})
	t.Run("callers at the same moment share one fetch", func(t *testing.T) {
		w := newWorld(t, token.TrustedIssuer{})
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := w.v.Verify(t.Context(), w.signers["ES256"].sign(t, nil, claims(w.clock, nil))); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if w.site.count() != 1 {
			t.Errorf("fetched %d times", w.site.count())
		}
	})
}

func TestExternalIssuerBadKeySets(t *testing.T) {
	w := newWorld(t, token.TrustedIssuer{})
	good := string(jwks(t, w.signers["ES256"]))
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"an error page":      {404, good},
		"a redirect":         {http.StatusFound, good},
		"no JSON":            {200, `<html>`},
		"no keys":            {200, `{"keys":[]}`},
		"more than 256 KiB":  {200, good + strings.Repeat(" ", 256<<10)},
		"more than 100 keys": {200, `{"keys":[` + strings.Repeat(`{},`, 100) + `{}]}`},
		"symmetric keys":     {200, `{"keys":[{"kty":"oct","kid":"key-ES256","k":"AAAA"}]}`},
	} {
		t.Run(name+" gives no key", func(t *testing.T) {
			before := w.site.count()
			w.clock.move(11 * time.Second)
			w.site.serve(c.status, []byte(c.body))
			if _, err := w.v.Verify(t.Context(), w.signers["ES256"].sign(t, nil, claims(w.clock, nil))); err == nil {
				t.Error("the token was believed")
			}
			if got := w.site.count() - before; got != 1 {
				t.Errorf("fetched %d times", got)
			}
		})
	}
	t.Run("a key for encryption verifies nothing", func(t *testing.T) {
		w := newWorld(t, token.TrustedIssuer{})
		w.site.serve(200, []byte(strings.ReplaceAll(string(jwks(t, w.signers["ES256"])), `"sig"`, `"enc"`)))
		refusal(t, w.v, w.signers["ES256"].sign(t, nil, claims(w.clock, nil)), "cannot be verified")
	})
	t.Run("a key of unknown kind does not hide the others", func(t *testing.T) {
		w.clock.move(11 * time.Second)
		mixed := strings.Replace(good, `{"keys":[`, `{"keys":[{"kty":"AKP","kid":"pq"},`, 1)
		w.site.serve(200, []byte(mixed))
		_, err := w.v.Verify(t.Context(), w.signers["ES256"].sign(t, nil, claims(w.clock, nil)))
		must(t, err)
	})
}
