package token

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestNetworkAllows(t *testing.T) {
	public, operator, here := network{}, network{private: true}, network{loopback: true}
	for address, want := range map[string]struct{ public, operator, here bool }{
		"145.21.160.1":     {true, true, true},
		"2a02:a440::1":     {true, true, true},
		"127.0.0.1":        {false, false, true},
		"::1":              {false, false, true},
		"10.1.2.3":         {false, true, true},
		"172.16.0.1":       {false, true, true},
		"192.168.1.1":      {false, true, true},
		"fd00:ec2::254":    {false, true, true},
		"::ffff:10.1.2.3":  {false, true, true},
		"::ffff:127.0.0.1": {false, false, true},
		"169.254.169.254":  {false, false, false},
		"fe80::1":          {false, false, false},
		"100.64.0.1":       {false, false, false},
		"0.0.0.0":          {false, false, false},
		"0.1.2.3":          {false, false, false},
		"::":               {false, false, false},
		"::7f00:1":         {false, false, false},
		"64:ff9b::a00:1":   {false, false, false},
		"2002:a00:1::1":    {false, false, false},
		"224.0.0.1":        {false, false, false},
		"255.255.255.255":  {false, false, false},
		"198.18.0.1":       {false, false, false},
		"fec0::1":          {false, false, false},
	} {
		t.Run(address, func(t *testing.T) {
			ip := netip.MustParseAddr(address).Unmap()
			if public.allows(ip) != want.public || operator.allows(ip) != want.operator || here.allows(ip) != want.here {
				t.Errorf("got %v %v %v", public.allows(ip), operator.allows(ip), here.allows(ip))
			}
		})
	}
}

func TestNetworkNeverConnects(t *testing.T) {
	asked := false
	site := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer site.Close()
	port := site.URL[strings.LastIndex(site.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		t.Run("a name that leads to this machine is not reached: "+host, func(t *testing.T) {
			set, err := network{now: time.Now, log: slog.New(slog.DiscardHandler)}.keys("https://" + host + port)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := set.fetch(context.Background()); err == nil || !strings.Contains(err.Error(), "may not be reached") {
				t.Errorf("got %v", err)
			}
		})
	}
	if asked {
		t.Error("the server was asked")
	}
}

func TestSuitsRefusesWeakKeys(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if suits("RS256", &weak.PublicKey) {
		t.Error("an RSA key of 1024 bits was taken")
	}
	if suits("HS256", []byte("secret")) || suits("none", nil) {
		t.Error("a symmetric key was taken")
	}
}

func TestThumbprint(t *testing.T) {
	// RFC 8037, appendix A.3.
	keys, err := parseSet([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := thumbprint(keys[0].Key())
	if err != nil || got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestSeen(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := newSeen(2)
	id := func(n byte) [32]byte { return [32]byte{n} }
	put := func(n byte) { s.put(id(n), believed{until: now.Add(time.Minute)}) }
	has := func(n byte) bool { _, _, ok := s.get(id(n), now); return ok }
	put(1)
	put(2)
	has(1)
	put(3)
	t.Run("the least recently used token goes first", func(t *testing.T) {
		if !has(1) || has(2) || !has(3) || s.tokens.order.Len() != 2 {
			t.Errorf("kept %v %v %v", has(1), has(2), has(3))
		}
	})
	t.Run("a verification that began before Forget is not kept", func(t *testing.T) {
		_, era, _ := s.get(id(4), now)
		s.forget()
		s.put(id(4), believed{until: now.Add(time.Minute), era: era})
		if has(4) || has(1) {
			t.Error("something is still believed")
		}
	})
}

func TestBrake(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	b := newBrake(func() time.Time { return now })
	for range 100 {
		if b.take("a") > 0 {
			t.Fatal("success was braked")
		}
		b.giveBack("a")
	}
	for range failuresAtOnce {
		b.take("a")
	}
	if b.take("a") == 0 || b.take("b") > 0 {
		t.Error("want a braked and b free")
	}
	now = now.Add(failureFades)
	if b.take("a") > 0 || b.take("a") == 0 {
		t.Error("want one more attempt after a while")
	}
}
