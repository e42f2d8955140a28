package secret

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	keyLength  = 32 // bytes of the key-encryption key: AES-256
	keyName    = "key-encryption-key"
	othersMask = 0o007
)

// Config says where keys are.
type Config struct {
	// Dir holds the key sets, each wrapped by the key-encryption key; made when it does not exist.
	// Instances that share a database share it.
	Dir string
	// Key is the key-encryption key: 32 bytes in base64.
	Key string
	// KeyFile holds it instead. Without either it is made once in Dir, which protects a copy of the
	// database, though not a copy of database and Dir together.
	KeyFile string
	Log     *slog.Logger // slog.Default() when nil
}

// New reads the key sets, and makes those that are not there yet. It fails on a key that is too short,
// on a file that everyone may read, and on key sets that another key has wrapped.
func New(c Config) (*Keeper, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("secret: key folder: %w", err)
	}
	wrap, err := c.wrap()
	if err != nil {
		return nil, err
	}
	fields, err := follow(c, wrap)
	if err != nil {
		return nil, err
	}
	return newKeeper(fields.now, func(name string) (*keyset.Handle, error) { return c.keySet(name, wrap) })
}

// Fleeting makes a keeper whose keys are in memory alone: what it seals cannot be opened after the
// program's end. For tests.
func Fleeting() (*Keeper, error) {
	handle, err := keyset.NewHandle(template(fieldSet))
	if err != nil {
		return nil, err
	}
	fields, err := newFieldKeys(handle)
	if err != nil {
		return nil, err
	}
	return newKeeper(func() *fieldKeys { return fields }, func(name string) (*keyset.Handle, error) { return keyset.NewHandle(template(name)) })
}

// fieldSet is the key set under which is sealed; the two others make blind indexes and signing keys.
const fieldSet = "fields"

func template(name string) *tinkpb.KeyTemplate {
	if name == fieldSet {
		return aead.AES256GCMKeyTemplate()
	}
	return prf.HMACSHA256PRFKeyTemplate()
}

// wrap is the key-encryption key, ready for use.
func (c Config) wrap() (tink.AEAD, error) {
	text := []byte(c.Key)
	var err error
	switch {
	case c.Key != "":
	case c.KeyFile != "":
		text, err = read(c.KeyFile)
	default:
		text, err = c.once(keyName, newKey)
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyLength {
		return nil, errors.New("secret: the key-encryption key is 32 bytes in base64; make one with: openssl rand -base64 32")
	}
	return subtle.NewAESGCM(key)
}

func newKey() ([]byte, error) {
	key := make([]byte, keyLength)
	_, err := rand.Read(key)
	return []byte(base64.StdEncoding.EncodeToString(key) + "\n"), err
}

// keySet reads one key set. Its name is sealed with it, so that files cannot be swapped.
func (c Config) keySet(name string, wrap tink.AEAD) (*keyset.Handle, error) {
	text, err := c.once(name+".json", func() ([]byte, error) {
		handle, err := keyset.NewHandle(template(name))
		if err != nil {
			return nil, err
		}
		return wrapped(handle, name, wrap)
	})
	if err != nil {
		return nil, err
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(bytes.NewReader(text)), wrap, []byte(name))
	if err != nil {
		return nil, fmt.Errorf("secret: key set %s is not readable with this key-encryption key; use the one that it was made with: %w", name, err)
	}
	return handle, nil
}

func wrapped(handle *keyset.Handle, name string, wrap tink.AEAD) ([]byte, error) {
	var file bytes.Buffer
	err := handle.WriteWithAssociatedData(keyset.NewJSONWriter(&file), wrap, []byte(name))
	return file.Bytes(), err
}

// once reads a file of the folder, and makes it when it is not there. It appears whole or not at all, and
// of two instances that start together both go on with the file of the first.
func (c Config) once(name string, make func() ([]byte, error)) ([]byte, error) {
	file := filepath.Join(c.Dir, name)
	if text, err := read(file); !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	text, err := make()
	if err != nil {
		return nil, fmt.Errorf("secret: new %s: %w", name, err)
	}
	draft, err := c.draft(name, text)
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft) // the link keeps the file
	if err = os.Link(draft, file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("secret: new %s: %w", name, err)
	}
	if err == nil {
		c.Log.Info("made a key; keep a copy apart from the database: without it encrypted data is lost", "file", file)
	}
	return read(file)
}

// draft writes a file beside the one that it is to become.
func (c Config) draft(name string, text []byte) (file string, err error) {
	draft, err := os.CreateTemp(c.Dir, "."+name) // mode 0600
	if err != nil {
		return "", fmt.Errorf("secret: new %s: %w", name, err)
	}
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("secret: new %s: %w", name, err), os.Remove(draft.Name()))
	}
	return draft.Name(), nil
}

func read(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	if info.Mode().Perm()&othersMask != 0 {
		return nil, fmt.Errorf("secret: %s is open to everyone; give it mode 0600", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return text, nil
}
