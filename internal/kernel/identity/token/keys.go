package token

import (
	"cmp"
	"context"
	"crypto"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

const (
	// lookAgain is how long the directory is believed to be unchanged, and lookForUnknown the least time
	// between two looks for keys that are not known.
	lookAgain      = 5 * time.Second
	lookForUnknown = 100 * time.Millisecond
)

// KeysConfig says where signing keys live.
type KeysConfig struct {
	Dir string // TOKEN_KEY_DIR; made with mode 0700 when it does not exist
	// Algorithm of new keys: EdDSA (when empty) or ES256.
	Algorithm string
	Now       func() time.Time // time.Now when nil
	Log       *slog.Logger     // slog.Default() when nil
}

// Keys are the signing keys of the built-in issuer, one PKCS#8 PEM file per key, named after its
// RFC 7638 thumbprint. The newest signs, all are published. Several instances may share the
// directory: each sees within five seconds what another adds or removes. Safe for concurrent use.
type Keys struct {
	c      KeysConfig
	mu     sync.Mutex
	known  []signingKey // newest first
	listed []string     // the file names behind known
	looked time.Time    // at the directory, in passing
	sought time.Time    // in the directory, for a key that is not known
}

// OpenKeys reads the keys of a directory and makes the first one when there is none. It fails on a
// file that is not a usable key or that others than owner and group may read.
func OpenKeys(c KeysConfig) (*Keys, error) {
	if c.Algorithm = cmp.Or(c.Algorithm, "EdDSA"); c.Algorithm != "EdDSA" && c.Algorithm != "ES256" {
		return nil, fmt.Errorf("token: algorithm %q is not EdDSA or ES256", c.Algorithm)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("token: key directory: %w", err)
	}
	k := &Keys{c: c}
	names, err := keyFiles(c.Dir)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		_, err = k.Rotate()
	} else {
		err = k.load(names)
	}
	if err != nil {
		return nil, err
	}
	return k, nil
}

// Rotate adds a key that signs from now on and tells its kid. Tokens of the older keys stay valid
// until Prune removes those. It fails when the directory cannot be written.
func (k *Keys) Rotate() (kid string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.reload(); err != nil {
		return "", err
	}
	created := k.c.Now()
	if len(k.known) > 0 && !created.After(k.known[0].created) {
		created = k.known[0].created.Add(time.Second) // another instance's clock runs ahead
	}
	if kid, err = writeKey(k.c.Dir, k.c.Algorithm, created); err != nil {
		return "", err
	}
	return kid, k.reload()
}

// Prune removes the keys that were succeeded by a newer one longer than age ago, and tells how
// many. With an age above the longest token lifetime no valid token is lost; the newest key stays.
func (k *Keys) Prune(age time.Duration) (removed int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.reload(); err != nil {
		return 0, err
	}
	before := k.c.Now().Add(-age)
	for i := 1; i < len(k.known); i++ {
		if !k.known[i-1].created.Before(before) {
			continue
		}
		if err := os.Remove(k.known[i].file); err != nil && !os.IsNotExist(err) {
			return removed, fmt.Errorf("token: remove key: %w", err)
		}
		removed++
	}
	return removed, k.reload()
}

// JWKS is the set of public keys as JSON (RFC 7517).
func (k *Keys) JWKS() ([]byte, error) {
	set := jwkset.JWKSMarshal{}
	for _, key := range k.current() {
		set.Keys = append(set.Keys, key.public)
	}
	return json.Marshal(set)
}

// sign makes a JWS of the claims with the newest key.
func (k *Keys) sign(claims jwt.MapClaims) (string, error) {
	newest := k.current()[0]
	t := jwt.NewWithClaims(newest.method, claims)
	t.Header["typ"] = "at+jwt"
	t.Header["kid"] = newest.public.KID
	raw, err := t.SignedString(newest.private)
	if err != nil {
		return "", fmt.Errorf("token: sign: %w", err)
	}
	return raw, nil
}

func (k *Keys) keyfunc(context.Context) jwt.Keyfunc {
	return func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		for _, keys := range []func() []signingKey{k.current, k.again} {
			for _, key := range keys() {
				if key.public.KID == kid {
					return key.private.Public(), nil
				}
			}
		}
		return nil, jwkset.ErrKeyNotFound
	}
}

func (k *Keys) current() []signingKey { return k.look(&k.looked, lookAgain) }

func (k *Keys) again() []signingKey { return k.look(&k.sought, lookForUnknown) }

// look gives the keys, read again when the last look was longer ago than believed and the files have
// changed. A directory that fails keeps the keys that were known: a stray file must not stop the
// product.
func (k *Keys) look(last *time.Time, believed time.Duration) []signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.c.Now(); now.Sub(*last) >= believed {
		*last = now
		if err := k.reload(); err != nil {
			k.c.Log.Warn("signing keys not read again", "error", err)
		}
	}
	return k.known
}

func (k *Keys) reload() error {
	names, err := keyFiles(k.c.Dir)
	if err != nil || slices.Equal(names, k.listed) {
		return err
	}
	return k.load(names)
}

func (k *Keys) load(names []string) error {
	var keys []signingKey
	for _, name := range names {
		key, err := readKey(k.c.Dir, name)
		if err != nil {
			return err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return fmt.Errorf("token: the key directory is empty; keep at least one key")
	}
	slices.SortFunc(keys, func(a, b signingKey) int {
		return cmp.Or(b.created.Compare(a.created), cmp.Compare(a.public.KID, b.public.KID))
	})
	k.known, k.listed = keys, names
	return nil
}

// signingKey is one key of the built-in issuer.
type signingKey struct {
	private crypto.Signer
	method  jwt.SigningMethod
	public  jwkset.JWKMarshal
	created time.Time
	file    string
}
