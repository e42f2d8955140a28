package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
)

const (
	fetchTimeout = 5 * time.Second
	maxSetBytes  = 256 << 10
	maxSetKeys   = 100
	// freshFor is how long fetched keys are used without asking again, coolDown the least time
	// between two fetches, and trustedFor how long keys outlive an issuer that does not answer.
	freshFor   = 15 * time.Minute
	coolDown   = 10 * time.Second
	trustedFor = 24 * time.Hour
)

// remote is the key set at a URL: fetched when it is first needed, again when it is old or does
// not hold the key that is asked for. It is the storage behind keyfunc.
type remote struct {
	*jwkset.MemoryJWKSet
	url    string
	client *http.Client
	now    func() time.Time
	log    *slog.Logger

	turn sync.Mutex // one fetch at a time

	mu      sync.Mutex
	tried   time.Time
	fetched time.Time
}

// KeyRead finds a key by kid; it fails with jwkset.ErrKeyNotFound, also when the set cannot be had.
func (r *remote) KeyRead(ctx context.Context, kid string) (jwkset.JWK, error) {
	key, err := r.find(ctx, kid)
	if err == nil && r.age() < freshFor {
		return key, nil
	}
	if err == nil && !r.turn.TryLock() {
		return key, nil // someone else is renewing it
	}
	if err != nil {
		r.turn.Lock()
	}
	defer r.turn.Unlock()
	r.renew(ctx)
	return r.find(ctx, kid)
}

func (r *remote) find(ctx context.Context, kid string) (jwkset.JWK, error) {
	if r.age() > trustedFor {
		return jwkset.JWK{}, jwkset.ErrKeyNotFound
	}
	return r.MemoryJWKSet.KeyRead(ctx, kid)
}

func (r *remote) age() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now().Sub(r.fetched)
}

// renew fetches the set unless that was tried a moment ago. Keys that are no longer published go;
// when the fetch fails, the known ones stay.
func (r *remote) renew(ctx context.Context) {
	if !r.due() {
		return
	}
	// The fetch serves everyone: the caller that happens to start it must not end it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	keys, err := r.fetch(ctx)
	if err == nil {
		err = r.KeyReplaceAll(ctx, keys)
	}
	if err != nil {
		r.log.WarnContext(ctx, "keys of a token issuer not fetched", "url", r.url, "error", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fetched = r.now()
}

func (r *remote) due() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now().Sub(r.tried) < coolDown {
		return false
	}
	r.tried = r.now()
	return true
}

func (r *remote) fetch(ctx context.Context) ([]jwkset.JWK, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Accept", "application/jwk-set+json, application/json")
	a, err := r.client.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", a.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(a.Body, maxSetBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxSetBytes {
		return nil, errors.New("more than 256 KiB")
	}
	return parseSet(text)
}

// parseSet reads the public keys of a JWKS; keys of a kind that is not known are left out, as RFC
// 7517 §5 asks. Symmetric keys and private halves are never read.
func parseSet(text []byte) ([]jwkset.JWK, error) {
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, fmt.Errorf("not a JWKS: %w", err)
	}
	if len(set.Keys) > maxSetKeys {
		return nil, fmt.Errorf("more than %d keys", maxSetKeys)
	}
	var keys []jwkset.JWK
	for _, m := range set.Keys {
		if key, err := jwkset.NewJWKFromMarshal(m, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{}); err == nil {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no usable key")
	}
	return keys, nil
}
