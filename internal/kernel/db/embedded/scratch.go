package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// scratchRoom is what a test run may need, in bytes; containers often have only 64 MB of memory
// files.
const scratchRoom = 1 << 30

// scratchName begins the name of every scratch directory.
const scratchName = "wijkregie-"

// scratchDir makes a directory for data that goes away with the server, and removes those of
// processes that died before they could.
func scratchDir() (string, error) {
	base := memoryDir(scratchRoom)
	if base == "" {
		base = os.TempDir()
	}
	sweep(base, time.Now().Add(-time.Minute))
	return openDir(base, scratchName)
}

// openDir makes a new directory that others may enter, for the account that runs PostgreSQL.
func openDir(base, name string) (string, error) {
	dir, err := os.MkdirTemp(base, name)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return dir, nil
}

// sweep removes the scratch directories of this user on which no server runs. One younger than the
// given time may still be starting.
func sweep(base string, before time.Time) {
	dirs, err := filepath.Glob(filepath.Join(base, scratchName+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		if owner, _, exists := ownerOf(dir); !exists || owner != os.Geteuid() {
			continue
		}
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() || info.ModTime().After(before) {
			continue
		}
		lock, err := acquire(filepath.Join(dir, "lock"))
		if err != nil || lock == nil {
			continue
		}
		os.RemoveAll(dir)
		lock.Close()
	}
}
