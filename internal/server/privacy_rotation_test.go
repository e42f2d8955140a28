package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	secrets "github.com/wijkregie/wijkregie/internal/kernel/secret"
	"github.com/wijkregie/wijkregie/internal/privacy"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestPrivacy_L29_keys_are_rotated_while_everybody_goes_on: what is sealed is readable before, while and after it is renewed, a number is found by all the time, and the key
// of before goes only when nothing lies under it.
func TestPrivacy_L29_keys_are_rotated_while_everybody_goes_on(t *testing.T) {
	t.Parallel()
	keys := secrets.Config{Dir: t.TempDir()}
	keeper, err := secrets.New(keys)
	require.NoError(t, err)
	r := newReceiver(t)
	w := live.Start(t, here, func(s *server.Setup) { s.Secrets = keeper })
	f, by := w.Case(t), w.As(t, "case-director")
	known := somebody()
	known["bsn"], known["bsnGround"] = "999970008", "wgs"
	person := by.Post("/v1/persons", known).Want(created)
	by.Post(f.Path+"/subjects", asSubject(person.ID())).Want(created)
	content := strings.Repeat("Er is driemaal aangebeld, niemand deed open.\n", 60_000)
	letter := sent(t, f, w, "housing", []byte(content))
	hook := subscribed(t, w, r, nil)
	tag := by.Get(person.Place()).Want(ok).Tag()

	readable := func() {
		assert.Equal(t, "999970008", by.Post(person.Place()+"/bsn-disclosures", live.M{"purpose": "identification", "ground": "wgs"}).Want(ok).At("bsn"))
		assert.Equal(t, []string{person.ID()}, by.Post(personSearch, live.M{"bsn": "999970008"}).Want(ok).IDs())
		assert.True(t, content == string(w.As(t, "housing").Get(letter.Place()+"/content").Want(ok).Raw))
	}
	older := func() float64 { return shown(w.As(t, "privacy-officer"), "values-under-older-key") }
	seals := openSeals(t, w, keeper)

	readable()
	require.Zero(t, older())
	require.NoError(t, keys.Rotate())
	assert.Equal(t, shown(w.As(t, "privacy-officer"), "sealed-values"), older(), "progress begins with all")
	readable()
	assert.ErrorContains(t, seals.Retire(t.Context(), keys), "still lie under a key of before")
	readable()

	var others sync.WaitGroup
	for range 2 { // by two instances, while everybody reads on
		others.Go(func() { assert.NoError(t, w.Product.Hourly(t.Context())) })
	}
	others.Go(readable)
	others.Wait()
	require.NoError(t, w.Product.Hourly(t.Context()))
	assert.Zero(t, older(), "progress ends with none")
	assert.Equal(t, tag, by.Get(person.Place()).Want(ok).Tag(), "it is no change of the record")

	assert.ErrorContains(t, seals.Retire(t.Context(), keys), "ago", "what was on its way is waited for")
	before := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(keys.Dir, "fields.json"), before, before))
	require.NoError(t, seals.Retire(t.Context(), keys))
	assert.False(t, keeper.Rotating())
	readable()
	w.As(t, "director").Post(hook+"/test-events", live.M{}).Want(created)
	require.Eventually(t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.taken) > 0
	}, soon, often, "what is signed with a renewed secret is taken")
	r.mu.Lock()
	assert.Empty(t, r.wrong)
	r.mu.Unlock()
}

func openSeals(t *testing.T, w *live.World, keeper *secrets.Keeper) privacy.Seals {
	t.Helper()
	records, err := db.Open(t.Context(), w.Database, db.Options{MaxConns: 2})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, records.Close()) })
	return privacy.Seals{DB: records, Secrets: keeper}
}
