package token_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

// instance is one server: its own view of the shared key directory, its issuer and its verifier.
type instance struct {
	keys   *token.Keys
	issuer *token.Issuer
	v      *token.Verifier
}

func newInstance(t *testing.T, dir string, c *clock) instance {
	t.Helper()
	keys, err := token.OpenKeys(token.KeysConfig{Dir: dir, Now: c.now, Log: quiet()})
	must(t, err)
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: ourIssuer, Audience: ourAPI, Keys: keys, Now: c.now})
	must(t, err)
	return instance{keys, issuer, newVerifier(t, token.Config{Issuer: ourIssuer, Keys: keys, Now: c.now})}
}

func (i instance) token(t *testing.T) string {
	t.Helper()
	raw, err := i.issuer.IssueSystem(token.Client{ID: uuid.Must(uuid.NewV7())})
	must(t, err)
	return raw
}

func (i instance) believes(t *testing.T, raw string) {
	t.Helper()
	_, err := i.v.Verify(t.Context(), raw)
	must(t, err)
}

func kid(t *testing.T, raw string) string {
	t.Helper()
	j, _, err := jwt.NewParser().ParseUnverified(raw, jwt.MapClaims{})
	must(t, err)
	return j.Header["kid"].(string)
}

func kids(t *testing.T, keys *token.Keys) []string {
	t.Helper()
	text, err := keys.JWKS()
	must(t, err)
	var set struct{ Keys []struct{ Kid string } }
	must(t, json.Unmarshal(text, &set))
	var all []string
	for _, k := range set.Keys {
		all = append(all, k.Kid)
	}
	return all
}

func TestKeysRotation(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	one, two := newInstance(t, dir, c), newInstance(t, dir, c)
	c.move(30 * time.Hour) // the first key is old, but nothing has succeeded it yet
	old := one.token(t)
	two.believes(t, old)
	added, err := one.keys.Rotate()
	must(t, err)
	fresh := one.token(t)
	t.Run("the newest key signs and all are published", func(t *testing.T) {
		if kid(t, fresh) != added || len(kids(t, one.keys)) != 2 || kids(t, one.keys)[0] != added {
			t.Errorf("signed by %s, published %v, added %s", kid(t, fresh), kids(t, one.keys), added)
		}
	})
	t.Run("another instance believes the new key at once and the old one still", func(t *testing.T) {
		two.believes(t, fresh)
		two.v.Forget()
		two.believes(t, old)
	})
	t.Run("another instance signs with the new key within seconds", func(t *testing.T) {
		c.move(6 * time.Second)
		if got := kid(t, two.token(t)); got != added {
			t.Errorf("signed by %s", got)
		}
	})
	t.Run("pruning keeps a key that was succeeded a moment ago", func(t *testing.T) {
		removed, err := one.keys.Prune(24 * time.Hour)
		must(t, err)
		if removed != 0 {
			t.Errorf("removed %d", removed)
		}
		one.v.Forget()
		one.believes(t, old)
	})
	t.Run("pruning removes what was succeeded long ago, everywhere", func(t *testing.T) {
		c.move(25 * time.Hour)
		left := two.token(t)
		removed, err := one.keys.Prune(24 * time.Hour)
		must(t, err)
		if removed != 1 || len(kids(t, one.keys)) != 1 {
			t.Errorf("removed %d, published %v", removed, kids(t, one.keys))
		}
		c.move(6 * time.Second)
		if len(kids(t, two.keys)) != 1 {
			t.Errorf("the other instance still publishes %v", kids(t, two.keys))
		}
		one.believes(t, left)
	})
	t.Run("a clock that runs behind still makes the newest key", func(t *testing.T) {
		c.move(-48 * time.Hour)
		added, err := one.keys.Rotate()
		must(t, err)
		if got := kid(t, one.token(t)); got != added {
			t.Errorf("signed by %s, added %s", got, added)
		}
	})
}

func TestKeysRemovedKeyIsUnknown(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	i := newInstance(t, dir, c)
	raw := i.token(t)
	c.move(time.Second)
	_, err := i.keys.Rotate()
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, kid(t, raw)+".pem")))
	c.move(6 * time.Second)
	refusal(t, i.v, raw, "not among its issuer's keys")
}

func TestKeysPersonNeedsDemoClaim(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	i := newInstance(t, dir, c)
	demo := newVerifier(t, token.Config{Issuer: ourIssuer, Keys: i.keys, Now: c.now, Demo: true})
	own := signer{kid: kids(t, i.keys)[0], method: jwt.SigningMethodEdDSA, key: readPEM(t, dir, kids(t, i.keys)[0])}
	for name, change := range map[string]changes{
		"a person without the demo claim":       {},
		"a person with demo false":              {"demo": false},
		"a person with demo as text":            {"demo": "true"},
		"a person without a client":             {"client_id": nil},
		"nobody: only a client from the issuer": {"sub": nil},
	} {
		t.Run(name+" is refused under demo too", func(t *testing.T) {
			change["iss"] = ourIssuer
			words := "speaks for systems only"
			if _, nobody := change["sub"]; nobody {
				words = "names nobody"
			}
			refusal(t, demo, own.sign(t, nil, claims(c, change)), words)
		})
	}
}

func readPEM(t *testing.T, dir, kid string) crypto.Signer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, kid+".pem"))
	must(t, err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(t, err)
	return key.(crypto.Signer)
}

func TestOpenKeys(t *testing.T) {
	t.Run("an absent directory gets a first key that only its owner may read", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "a", "keys")
		keys, err := token.OpenKeys(token.KeysConfig{Dir: dir})
		must(t, err)
		info, err := os.Stat(filepath.Join(dir, kids(t, keys)[0]+".pem"))
		must(t, err)
		folder, err := os.Stat(dir)
		must(t, err)
		if info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
			t.Errorf("modes %v and %v", info.Mode(), folder.Mode())
		}
	})
	t.Run("ES256 makes P-256 keys, and a restart finds the same key", func(t *testing.T) {
		dir := t.TempDir()
		keys, err := token.OpenKeys(token.KeysConfig{Dir: dir, Algorithm: "ES256"})
		must(t, err)
		if _, ok := readPEM(t, dir, kids(t, keys)[0]).(*ecdsa.PrivateKey); !ok {
			t.Error("not an ECDSA key")
		}
		again, err := token.OpenKeys(token.KeysConfig{Dir: dir, Algorithm: "ES256"})
		must(t, err)
		if kids(t, again)[0] != kids(t, keys)[0] {
			t.Error("another key after a restart")
		}
	})
	t.Run("private halves are never published", func(t *testing.T) {
		text, err := newKeys(t, newClock()).JWKS()
		must(t, err)
		if strings.Contains(string(text), `"d"`) {
			t.Errorf("published %s", text)
		}
	})
	t.Run("another algorithm is a wrong configuration", func(t *testing.T) {
		if _, err := token.OpenKeys(token.KeysConfig{Dir: t.TempDir(), Algorithm: "HS256"}); err == nil {
			t.Error("want an error")
		}
	})
}

func TestOpenKeysRefuses(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(p384)
	must(t, err)
	good, err := x509.MarshalPKCS8PrivateKey(newSigner(t, "EdDSA").key)
	must(t, err)
	for name, c := range map[string]struct {
		text []byte
		mode os.FileMode
	}{
		"a file that is no PEM":   {[]byte("evil"), 0o600},
		"a PEM that is no key":    {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("evil")}), 0o600},
		"a key of another curve":  {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600},
		"a key that all may read": {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: good}), 0o604},
	} {
		t.Run(name+" is refused at the start, by name", func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, "bad.pem"), c.text, 0o600))
			must(t, os.Chmod(filepath.Join(dir, "bad.pem"), c.mode))
			_, err := token.OpenKeys(token.KeysConfig{Dir: dir})
			if err == nil || !strings.Contains(err.Error(), "bad.pem") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestKeysStrayFileDoesNotStopSigning(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	i := newInstance(t, dir, c)
	must(t, os.WriteFile(filepath.Join(dir, "stray.pem"), []byte("evil"), 0o600))
	c.move(6 * time.Second)
	i.believes(t, i.token(t))
}
