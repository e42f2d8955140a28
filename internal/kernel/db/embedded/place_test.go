package embedded

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestFind(t *testing.T) {
	as, err := accountFor("")
	require.NoError(t, err)
	root := openTestDir(t)
	install(t, filepath.Join(root, "13", "bin"), "13.9", "13.9")
	install(t, filepath.Join(root, "15", "bin"), "15.2 (Debian)", "15.2 (Debian)")
	install(t, filepath.Join(root, "17", "bin"), "17.1", "17.1")
	install(t, filepath.Join(root, "mixed", "bin"), "16.1", "15.1")
	install(t, filepath.Join(root, "alone", "bin"), "16.1", "")
	all, mixed, alone := filepath.Join(root, "*", "bin"), filepath.Join(root, "mixed", "bin"), filepath.Join(root, "alone", "bin")

	cases := []struct {
		name   string
		places []string
		major  int
		want   string
		reason string
	}{
		{"the newest of one place is used", []string{all}, 0, "17/bin", ""},
		{"an earlier place comes before a newer version", []string{filepath.Join(root, "15", "bin"), all}, 0, "15/bin", ""},
		{"the version that made the data is used", []string{all}, 15, "15/bin", ""},
		{"a place that is not there is passed over", []string{filepath.Join(root, "none"), "", "relative", all}, 0, "17/bin", ""},
		{"a version that is too old is refused", []string{filepath.Join(root, "13", "bin")}, 0, "", "has postgres 13"},
		{"two versions in one place are refused", []string{mixed}, 0, "", "has postgres 16 and initdb 15"},
		{"a server without initdb is refused", []string{alone}, 0, "", "initdb does not run"},
		{"nothing at all says what to do", []string{filepath.Join(root, "none")}, 0, "", "make setup"},
		{"data of a version that is not there says which", []string{all}, 16, "", "PostgreSQL 16, which made the data"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, err := finder{account: as, places: c.places}.find(t.Context(), c.major)
			if c.reason != "" {
				require.True(t, problem.Is(err, problem.Unavailable))
				require.ErrorContains(t, err, c.reason)
				return
			}
			require.NoError(t, err)
			require.Equal(t, filepath.Join(root, c.want), b.dir)
		})
	}
}

func TestNewFinder(t *testing.T) {
	t.Run("PG_BIN is the only place when it is set", func(t *testing.T) {
		t.Setenv("PG_BIN", "/somewhere")
		require.Equal(t, []string{"/somewhere"}, newFinder(account{}).places)
	})
	t.Run("PATH comes before distributions and the set-up script", func(t *testing.T) {
		t.Setenv("PG_BIN", "")
		t.Setenv("PATH", "/first:/second")
		places := newFinder(account{}).places
		require.Equal(t, []string{"/first", "/second"}, places[:2])
		require.Equal(t, filepath.Join(moduleRoot(), ".data", "pg", "bin"), places[len(places)-1])
	})
}

func TestMove(t *testing.T) {
	t.Run("data that its user cannot reach lives elsewhere, and is found again", func(t *testing.T) {
		base, asked := filepath.Join(openTestDir(t), "base"), openTestDir(t)
		c := cluster{home: asked, log: slog.New(slog.DiscardHandler)}
		moved, err := c.move(base)
		require.NoError(t, err)
		require.Equal(t, base, filepath.Dir(moved.home))

		again, err := locate(t.Context(), Options{Dir: asked})
		require.NoError(t, err)
		require.Equal(t, moved.home, again.home)
	})

	t.Run("existing data is never left behind", func(t *testing.T) {
		c := cluster{home: openTestDir(t)}
		require.NoError(t, os.Mkdir(c.data(), 0o700))
		_, err := c.move(openTestDir(t))
		require.True(t, problem.Is(err, problem.Unavailable))
	})
}

func TestSweep(t *testing.T) {
	base := openTestDir(t)
	running := filepath.Join(base, scratchName+"running")
	dead := filepath.Join(base, scratchName+"dead")
	foreign := filepath.Join(base, "other")
	for _, dir := range []string{running, dead, foreign} {
		require.NoError(t, os.Mkdir(dir, 0o755))
	}
	lock, err := acquire(filepath.Join(running, "lock"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, lock.Close()) })

	sweep(base, time.Now().Add(-time.Minute))
	require.DirExists(t, dead, "one that is young may still be starting")

	sweep(base, time.Now().Add(time.Minute))
	require.NoDirExists(t, dead)
	require.DirExists(t, running)
	require.DirExists(t, foreign)
}

// install writes programs that tell a version, as PostgreSQL's do; an empty version leaves one out.
func install(t *testing.T, dir, postgres, initdb string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for name, version := range map[string]string{"postgres": postgres, "initdb": initdb} {
		if version == "" {
			continue
		}
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
}
