package server_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// ask is a request for a token by private_key_jwt (RFC 7523), signed with the client's key.
func ask(t *testing.T, w *live.World, client string, private ed25519.PrivateKey) string {
	t.Helper()
	assertion := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{
		"iss": client, "sub": client, "aud": w.URL + "/oauth2/token", "jti": uuid.NewString(), "exp": time.Now().Add(time.Minute).Unix(),
	})
	assertion.Header["kid"] = "een"
	signed, err := assertion.SignedString(private)
	require.NoError(t, err)
	return url.Values{
		"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {signed},
	}.Encode()
}

// TestASystemComesInWithItsOwnKey registers a system, lets it ask for a token and work with it, until
// it is withdrawn.
func TestASystemComesInWithItsOwnKey(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	director := w.As(t, "director")
	client := director.Post("/v1/clients", live.M{"partnerId": w.Partner("police"), "name": "BVH", "categories": []string{"police"}, "jwks": live.M{"keys": []live.M{{
		"kty": "OKP", "crv": "Ed25519", "kid": "een", "use": "sig", "alg": "EdDSA", "x": base64.RawURLEncoding.EncodeToString(public)}}}}).Want(created)
	send := func(form string) *live.Reply {
		return w.Nobody(t).Post("/oauth2/token", form, "Content-Type: application/x-www-form-urlencoded")
	}
	form := ask(t, w, client.ID(), private)
	given := send(form).Want(ok)
	assert.Equal(t, "Bearer", given.Text("token_type"))
	assert.Equal(t, "no-store", given.Header.Get("Cache-Control"))
	send(form).Check(http.StatusUnauthorized) // the same assertion again
	_, other, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	send(ask(t, w, client.ID(), other)).Check(http.StatusUnauthorized)
	send(ask(t, w, uuid.NewString(), private)).Check(http.StatusUnauthorized)

	system := w.With(t, given.Text("access_token"))
	me := system.Get("/v1/me").Want(ok)
	assert.Equal(t, "system", me.Text("kind"))
	assert.Equal(t, w.Partner("police"), me.Text("partner.id"))
	assert.Nil(t, me.At("professional"))
	system.Post(w.Case(t).Path+"/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}).Check(created)
	director.Patch(client.Place(), "*", live.M{"status": "withdrawn"}).Want(ok)
	system.Get("/v1/me").Check(http.StatusUnauthorized)
	send(ask(t, w, client.ID(), private)).Check(http.StatusUnauthorized)
}

// TestNumbersHaveNoGaps opens dossiers at the same moment, some of which are refused half-way.
func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	police := w.As(t, "police")
	bad := opening("Jan")
	bad["tableId"] = uuid.NewString()
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { police.Post("/v1/dossiers", opening("Jan"), key()).Check(created) })
		all.Go(func() { police.Post("/v1/dossiers", bad, key()).Check(invalid) })
	}
	all.Wait()
	numbers := police.Get("/v1/dossiers?sort=number").Want(ok).Texts("items", "number")
	require.Len(t, numbers, 12)
	assert.Regexp(t, `^\d{4}-000001$`, numbers[0])
	assert.Regexp(t, `^\d{4}-000012$`, numbers[11])
}
