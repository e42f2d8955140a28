package organisation_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestClients(t *testing.T) {
	w := newTown(t)
	list := func(as string, partner *uuid.UUID) (int, error) {
		rows, _, err := w.ListClients(w.as(as), partner, page.Request{Limit: 50})
		return len(rows), err
	}
	keys := map[string]any{"keys": []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "abc"}}}
	made, err := w.CreateClient(w.as("administrator"), organisation.Client{PartnerID: id("housing"), Name: "housing system", Jwks: keys, Categories: []string{"housing"}})
	require.NoError(t, err)
	t.Run("who administers the municipality sees all, who administers a partner its own, others none", func(t *testing.T) {
		for as, want := range map[string]int{"administrator": 2, "police administrator": 1} {
			n, err := list(as, nil)
			require.NoError(t, err)
			assert.Equal(t, want, n, as)
		}
		_, err := list("constable", nil)
		assert.True(t, problem.Is(err, problem.Forbidden))
		housing := id("housing")
		n, err := list("police administrator", &housing)
		require.NoError(t, err)
		assert.Zero(t, n)
	})
	t.Run("another partner's is not there, one's own is not for everybody", func(t *testing.T) {
		_, err := w.GetClient(w.as("police administrator"), made.ID)
		assert.True(t, problem.Is(err, problem.NotFound))
		_, err = w.GetClient(w.as("constable"), id("police system"))
		assert.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("keys come back as they went", func(t *testing.T) {
		read, err := w.GetClient(w.as("administrator"), made.ID)
		require.NoError(t, err)
		assert.Equal(t, keys, read.Jwks)
		assert.Equal(t, key(made.ID, made), key(read.ID, read))
		changed, err := w.UpdateClient(w.as("administrator"), key(read.ID, read), func(c *organisation.Client) { c.Jwks, c.JwksUri = nil, "https://h.example/jwks" })
		require.NoError(t, err)
		assert.Nil(t, changed.Jwks)
	})
	t.Run("a partner's administrator registers his own only", func(t *testing.T) {
		n := organisation.Client{PartnerID: id("housing"), Name: "x", JwksUri: "https://x.example/jwks", Categories: []string{"housing"}}
		_, err := w.CreateClient(w.as("police administrator"), n)
		assert.True(t, problem.Is(err, problem.Forbidden))
		n.PartnerID = id("police")
		_, err = w.CreateClient(w.as("police administrator"), n)
		assert.NoError(t, err)
	})
}
