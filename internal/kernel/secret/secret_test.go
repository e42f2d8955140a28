package secret_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

func place() secret.Place {
	return secret.Place{Municipality: "GM0861", Record: uuid.Must(uuid.NewV7()), Field: "person.bsn"}
}

func keeper(t *testing.T) *secret.Keeper {
	k, err := secret.New(secret.Config{Dir: t.TempDir()})
	require.NoError(t, err)
	return k
}

func TestSeal(t *testing.T) {
	k, here := keeper(t), place()
	sealed, err := k.Seal(here, []byte("999990019"))
	require.NoError(t, err)

	t.Run("opens at its place", func(t *testing.T) {
		value, err := k.Open(here, sealed)
		require.NoError(t, err)
		assert.Equal(t, "999990019", string(value))
	})
	t.Run("shows nothing and differs every time", func(t *testing.T) {
		again, err := k.Seal(here, []byte("999990019"))
		require.NoError(t, err)
		assert.NotEqual(t, sealed, again)
		assert.NotContains(t, string(sealed), "999990019")
	})
	t.Run("does not open at another municipality, record or field", func(t *testing.T) {
		for _, other := range []secret.Place{
			{Municipality: "GM1948", Record: here.Record, Field: here.Field},
			{Municipality: here.Municipality, Record: uuid.Must(uuid.NewV7()), Field: here.Field},
			{Municipality: here.Municipality, Record: here.Record, Field: "person.address"},
		} {
			_, err := k.Open(other, sealed)
			assert.Error(t, err)
		}
	})
	t.Run("does not open when a bit changed", func(t *testing.T) {
		changed := bytes.Clone(sealed)
		changed[len(changed)-1] ^= 1
		_, err := k.Open(here, changed)
		assert.Error(t, err)
	})
}

func TestStream(t *testing.T) {
	k, here := keeper(t), place()
	plain := []byte(strings.Repeat("a sentence that is found when it lies open. ", 1000))
	var sealed bytes.Buffer
	w, key, err := k.SealTo(&sealed, here)
	require.NoError(t, err)
	_, err = w.Write(plain)
	require.NoError(t, err)
	half := bytes.Clone(sealed.Bytes())
	require.NoError(t, w.Close())
	open := func(at secret.Place, from []byte) ([]byte, error) {
		r, err := k.OpenFrom(bytes.NewReader(from), at, key)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	}

	t.Run("opens whole", func(t *testing.T) {
		read, err := open(here, sealed.Bytes())
		require.NoError(t, err)
		assert.Equal(t, plain, read)
		assert.NotContains(t, sealed.String(), "a sentence")
	})
	t.Run("a stream that was not closed fails", func(t *testing.T) {
		_, err := open(here, half)
		assert.Error(t, err)
	})
	t.Run("another place fails", func(t *testing.T) {
		_, err := open(place(), sealed.Bytes())
		assert.Error(t, err)
	})
}

func TestIndex(t *testing.T) {
	k := keeper(t)
	one := k.Index("GM0861", "person.bsn", "999990019")
	assert.Len(t, one, 32)
	assert.Equal(t, one, k.Index("GM0861", "person.bsn", "999990019"))
	assert.NotEqual(t, one, k.Index("GM1948", "person.bsn", "999990019"), "municipalities cannot be joined")
	assert.NotEqual(t, one, k.Index("GM0861", "person.phone", "999990019"))
	assert.NotEqual(t, one, keeper(t).Index("GM0861", "person.bsn", "999990019"), "another key gives another index")
}

func TestKeysAreKept(t *testing.T) {
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	for name, c := range map[string]secret.Config{"made in the folder": {}, "from the environment": {Key: key}} {
		t.Run(name, func(t *testing.T) {
			c.Dir = filepath.Join(t.TempDir(), "keys")
			first, err := secret.New(c)
			require.NoError(t, err)
			here := place()
			sealed, err := first.Seal(here, []byte("kept"))
			require.NoError(t, err)
			second, err := secret.New(c)
			require.NoError(t, err)
			value, err := second.Open(here, sealed)
			require.NoError(t, err)
			assert.Equal(t, "kept", string(value))
			assert.Equal(t, first.Index("GM0861", "f", "v"), second.Index("GM0861", "f", "v"))
			files, err := os.ReadDir(c.Dir)
			require.NoError(t, err)
			for _, f := range files {
				info, err := f.Info()
				require.NoError(t, err)
				assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
			}
		})
	}
}

func TestRotate(t *testing.T) {
	c, here := secret.Config{Dir: t.TempDir()}, place()
	runs, err := secret.New(c)
	require.NoError(t, err)
	before, err := runs.Seal(here, []byte("of before"))
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(before, runs.Mark()))
	opens := func(k *secret.Keeper, sealed []byte, want string) {
		t.Helper()
		value, err := k.Open(here, sealed)
		require.NoError(t, err)
		assert.Equal(t, want, string(value))
	}

	require.NoError(t, c.Rotate())
	fresh, err := secret.New(c)
	require.NoError(t, err)
	after, err := fresh.Seal(here, []byte("of now"))
	require.NoError(t, err)
	t.Run("who runs already opens what is sealed under the new key, and seals under it", func(t *testing.T) {
		opens(runs, after, "of now")
		sealed, err := runs.Seal(here, []byte("of now"))
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(sealed, fresh.Mark()))
		assert.True(t, bytes.HasPrefix(after, runs.Mark()))
		assert.False(t, bytes.HasPrefix(before, runs.Mark()))
		assert.True(t, runs.Rotating())
	})
	t.Run("what was sealed before stays readable", func(t *testing.T) {
		opens(runs, before, "of before")
		opens(fresh, before, "of before")
	})
	t.Run("blind indexes and signing keys stay", func(t *testing.T) {
		other, err := secret.New(c)
		require.NoError(t, err)
		assert.Equal(t, runs.Index("GM0861", "f", "v"), other.Index("GM0861", "f", "v"))
		one, err := runs.SigningSeed("purpose")
		require.NoError(t, err)
		two, err := other.SigningSeed("purpose")
		require.NoError(t, err)
		assert.Equal(t, one, two)
	})
	t.Run("in a folder without keys nothing is made", func(t *testing.T) {
		elsewhere := t.TempDir()
		assert.ErrorIs(t, secret.Config{Dir: elsewhere}.Rotate(), os.ErrNotExist)
		files, err := os.ReadDir(elsewhere)
		require.NoError(t, err)
		assert.Empty(t, files)
	})
	t.Run("one rotation at a time", func(t *testing.T) {
		assert.ErrorIs(t, c.Rotate(), secret.ErrRotating)
	})
	t.Run("a key that was retired opens nothing", func(t *testing.T) {
		assert.ErrorContains(t, c.Retire(), "ago")
		past := time.Now().Add(-time.Hour)
		require.NoError(t, os.Chtimes(filepath.Join(c.Dir, "fields.json"), past, past))
		require.NoError(t, c.Retire())
		opens(runs, after, "of now")
		_, err := runs.Open(here, before)
		assert.Error(t, err)
		assert.False(t, runs.Rotating())
		require.NoError(t, c.Rotate())
	})
	t.Run("the file is still for its owner alone", func(t *testing.T) {
		info, err := os.Stat(filepath.Join(c.Dir, "fields.json"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	})
}

func TestKeysTogether(t *testing.T) {
	dir, ready := t.TempDir(), make(chan []byte, 8)
	for range cap(ready) {
		go func() {
			k, err := secret.New(secret.Config{Dir: dir})
			assert.NoError(t, err)
			ready <- k.Index("GM0861", "f", "v")
		}()
	}
	first := <-ready
	for range cap(ready) - 1 {
		assert.Equal(t, first, <-ready, "instances that start together have one key")
	}
}

func TestNewRefuses(t *testing.T) {
	key := func(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }
	t.Run("a short key", func(t *testing.T) {
		_, err := secret.New(secret.Config{Dir: t.TempDir(), Key: "c2hvcnQ="})
		assert.ErrorContains(t, err, "32 bytes")
	})
	t.Run("a key file that everyone may read", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "key")
		require.NoError(t, os.WriteFile(file, []byte(key(1)), 0o644))
		_, err := secret.New(secret.Config{Dir: t.TempDir(), KeyFile: file})
		assert.ErrorContains(t, err, "0600")
	})
	t.Run("a key file that is not there", func(t *testing.T) {
		_, err := secret.New(secret.Config{Dir: t.TempDir(), KeyFile: filepath.Join(t.TempDir(), "none")})
		assert.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("key sets of another key", func(t *testing.T) {
		dir := t.TempDir()
		_, err := secret.New(secret.Config{Dir: dir, Key: key(1)})
		require.NoError(t, err)
		_, err = secret.New(secret.Config{Dir: dir, Key: key(2)})
		assert.ErrorContains(t, err, "key-encryption key")
	})
	t.Run("key sets in each other's place", func(t *testing.T) {
		dir := t.TempDir()
		_, err := secret.New(secret.Config{Dir: dir, Key: key(1)})
		require.NoError(t, err)
		require.NoError(t, os.Rename(filepath.Join(dir, "index.json"), filepath.Join(dir, "fields.json")))
		_, err = secret.New(secret.Config{Dir: dir, Key: key(1)})
		assert.Error(t, err)
	})
}

func TestFleeting(t *testing.T) {
	k, err := secret.Fleeting()
	require.NoError(t, err)
	here := place()
	sealed, err := k.Seal(here, []byte("x"))
	require.NoError(t, err)
	value, err := k.Open(here, sealed)
	require.NoError(t, err)
	assert.Equal(t, "x", string(value))
}
