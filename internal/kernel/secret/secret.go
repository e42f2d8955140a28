// Package secret keeps what may not lie open in the database: it encrypts fields and documents, and makes
// the blind indexes by which an encrypted value is found. Its keys live outside the database.
package secret

import (
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// indexLength is the length of a blind index in bytes: all that SHA-256 gives.
const indexLength = 32

// Place is where a secret lies. What was sealed for one place does not open at another, so that nobody
// can move a value from one record to the next by writing in the database.
type Place struct {
	Municipality string // CBS code
	Record       uuid.UUID
	Field        string // table and column, for example "person.bsn"
}

func (p Place) bytes() []byte {
	return []byte(p.Municipality + "/" + p.Record.String() + "/" + p.Field)
}

// Keeper seals, opens and indexes. Each of its key sets has one key for what is new and may have older
// ones for what was sealed before. Safe for concurrent use.
type Keeper struct {
	fields  tink.AEAD          // AES-256-GCM
	streams tink.StreamingAEAD // AES-256-GCM in segments of 4 KiB, a key of its own per stream
	index   *prf.Set           // HMAC-SHA-256
	signing *prf.Set           // HMAC-SHA-256, of which signing keys are made
}

func newKeeper(of func(name string) (*keyset.Handle, error)) (*Keeper, error) {
	k := &Keeper{}
	for name, use := range map[string]func(*keyset.Handle) error{
		"fields":  func(h *keyset.Handle) (err error) { k.fields, err = aead.New(h); return err },
		"streams": func(h *keyset.Handle) (err error) { k.streams, err = streamingaead.New(h); return err },
		"index":   func(h *keyset.Handle) (err error) { k.index, err = prf.NewPRFSet(h); return err },
		"signing": func(h *keyset.Handle) (err error) { k.signing, err = prf.NewPRFSet(h); return err },
	} {
		handle, err := of(name)
		if err != nil {
			return nil, err
		}
		if err := use(handle); err != nil {
			return nil, fmt.Errorf("secret: key set %s: %w", name, err)
		}
	}
	if _, err := k.index.ComputePrimaryPRF(nil, indexLength); err != nil {
		return nil, fmt.Errorf("secret: key set index: %w", err)
	}
	return k, nil
}

// SigningSeed is the seed of a signing key (32 bytes) for one purpose: always the same, until the key set gets another key.
func (k *Keeper) SigningSeed(purpose string) ([]byte, error) {
	seed, err := k.signing.ComputePrimaryPRF([]byte(purpose), indexLength)
	if err != nil {
		return nil, fmt.Errorf("secret: signing key: %w", err)
	}
	return seed, nil
}

// Seal encrypts a value for one place.
func (k *Keeper) Seal(at Place, value []byte) ([]byte, error) {
	sealed, err := k.fields.Encrypt(value, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: seal %s: %w", at.Field, err)
	}
	return sealed, nil
}

// Open gives back what Seal was given. It fails when the value was changed, was sealed for another place,
// or when its key is gone.
func (k *Keeper) Open(at Place, sealed []byte) ([]byte, error) {
	value, err := k.fields.Decrypt(sealed, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: open %s: %w", at.Field, err)
	}
	return value, nil
}

// SealTo encrypts what is written to it and passes it on to w; Close writes the last part and must be
// called. Without it OpenFrom fails at the end, so that half a stream is never taken for a whole one.
func (k *Keeper) SealTo(w io.Writer, at Place) (io.WriteCloser, error) {
	sealed, err := k.streams.NewEncryptingWriter(w, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: seal %s: %w", at.Field, err)
	}
	return sealed, nil
}

// OpenFrom reads what SealTo wrote. Each segment is verified before its bytes are given; reading fails
// at the first that was changed, moved, left out, or sealed for another place.
func (k *Keeper) OpenFrom(r io.Reader, at Place) (io.Reader, error) {
	opened, err := k.streams.NewDecryptingReader(r, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: open %s: %w", at.Field, err)
	}
	return opened, nil
}

// Index is the blind index of a value: the same for the same municipality, field and value, and without
// the key nothing can be learnt from it. The caller brings the value to one form first.
func (k *Keeper) Index(municipality, field, value string) []byte {
	sum, err := k.index.ComputePrimaryPRF([]byte(municipality+"/"+field+"/"+value), indexLength)
	if err != nil {
		panic(err) // fails on a wrong length alone, which was tried when the keys were read
	}
	return sum
}
