package secret

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrRotating says that keys of before are still there.
var ErrRotating = errors.New("secret: a rotation is not done yet: retire the keys of before first")

// Rotate adds a key under which is sealed from now on. What was sealed before stays readable. Programs that run take it up at
// the next value that they seal or open. It fails with ErrRotating.
func (c Config) Rotate() error {
	return c.replace(func(m *keyset.Manager, h *keyset.Handle) error {
		if h.Len() > 1 {
			return ErrRotating
		}
		id, err := m.Add(template(fieldSet))
		if err != nil {
			return err
		}
		return m.SetPrimary(id)
	})
}

// settled is how long after a rotation the keys of before are kept at least: what was sealed just before it is written by then.
const settled = 10 * time.Minute

// Retire removes the keys of before. What is sealed under them cannot be read any more, in a backup neither. It fails in the first ten
// minutes after a rotation.
func (c Config) Retire() error {
	info, err := os.Stat(filepath.Join(c.Dir, fieldSet+".json"))
	if err != nil {
		return fmt.Errorf("secret: %w; name the folder of the servers", err)
	}
	if since := time.Since(info.ModTime()); since < settled {
		return fmt.Errorf("secret: the keys were rotated %s ago; retire those of before after %s", since.Round(time.Second), settled)
	}
	return c.replace(func(m *keyset.Manager, h *keyset.Handle) error {
		for i := range h.Len() {
			entry, err := h.Entry(i)
			if err != nil {
				return err
			}
			if !entry.IsPrimary() {
				err = m.Delete(entry.KeyID())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// replace puts another key set in the place of the one under which is sealed, whole or not at all, one at a time.
func (c Config) replace(change func(*keyset.Manager, *keyset.Handle) error) error {
	if _, err := read(filepath.Join(c.Dir, fieldSet+".json")); err != nil {
		return fmt.Errorf("%w; name the folder of the servers", err)
	}
	wrap, err := c.wrap()
	if err != nil {
		return err
	}
	dir, err := os.Open(c.Dir)
	if err != nil {
		return fmt.Errorf("secret: key folder: %w", err)
	}
	defer dir.Close() // gives the lock back
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("secret: key folder: %w", err)
	}
	before, err := c.keySet(fieldSet, wrap)
	if err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(before)
	if err := change(m, before); err != nil {
		return err
	}
	after, err := m.Handle()
	if err != nil {
		return err
	}
	text, err := wrapped(after, fieldSet, wrap)
	if err != nil {
		return err
	}
	draft, err := c.draft(fieldSet+".json", text)
	if err != nil {
		return err
	}
	return errors.Join(os.Rename(draft, filepath.Join(c.Dir, fieldSet+".json")), dir.Sync())
}

// followed are the keys in a file, read again when somebody put another in its place.
type followed struct {
	c    Config
	wrap tink.AEAD
	file string

	mu    sync.Mutex
	stamp os.FileInfo
	keys  *fieldKeys
}

func follow(c Config, wrap tink.AEAD) (*followed, error) {
	f := &followed{c: c, wrap: wrap, file: filepath.Join(c.Dir, fieldSet+".json")}
	if _, err := c.keySet(fieldSet, wrap); err != nil { // makes it when it is not there
		return nil, err
	}
	return f, f.read()
}

// now are the keys of this moment. When the file cannot be read they are the last that could be.
func (f *followed) now() *fieldKeys {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.read(); err != nil {
		f.c.Log.Error("the keys of encrypted data are not taken up anew", slog.Any("error", err))
	}
	return f.keys
}

func (f *followed) read() error {
	stamp, err := os.Stat(f.file)
	if err != nil {
		return err
	}
	if f.stamp != nil && os.SameFile(f.stamp, stamp) && f.stamp.ModTime().Equal(stamp.ModTime()) {
		return nil
	}
	handle, err := f.c.keySet(fieldSet, f.wrap)
	if err != nil {
		return err
	}
	keys, err := newFieldKeys(handle)
	if err != nil {
		return err
	}
	f.stamp, f.keys = stamp, keys
	return nil
}
