// Package secret keeps what may not lie open in the database: it encrypts fields and documents, and makes
// the blind indexes by which an encrypted value is found. Its keys live outside the database.
package secret

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/core/cryptofmt"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	streams "github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// indexLength is the length of a blind index in bytes: all that SHA-256 gives.
const indexLength = 32

// segmentLength is how much of a stream is verified at once, in bytes.
const segmentLength = 4096

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

// Keeper seals, opens and indexes. Safe for concurrent use.
type Keeper struct {
	fields  func() *fieldKeys
	index   *prf.Set // HMAC-SHA-256
	signing *prf.Set // HMAC-SHA-256, of which signing keys are made
}

// fieldKeys are the key under which is sealed, AES-256-GCM, and those under which was sealed before.
type fieldKeys struct {
	tink.AEAD
	mark []byte // with which begins what the first of them seals
	keys int
}

func newFieldKeys(h *keyset.Handle) (*fieldKeys, error) {
	sealer, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("secret: key set %s: %w", fieldSet, err)
	}
	first, err := h.Primary()
	if err != nil {
		return nil, fmt.Errorf("secret: key set %s: %w", fieldSet, err)
	}
	mark := append([]byte{cryptofmt.TinkStartByte}, binary.BigEndian.AppendUint32(nil, first.KeyID())...)
	return &fieldKeys{AEAD: sealer, mark: mark, keys: h.Len()}, nil
}

func newKeeper(fields func() *fieldKeys, of func(name string) (*keyset.Handle, error)) (*Keeper, error) {
	k := &Keeper{fields: fields}
	for name, set := range map[string]**prf.Set{"index": &k.index, "signing": &k.signing} {
		handle, err := of(name)
		if err != nil {
			return nil, err
		}
		if *set, err = prf.NewPRFSet(handle); err != nil {
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
	sealed, err := k.fields().Encrypt(value, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: seal %s: %w", at.Field, err)
	}
	return sealed, nil
}

// Open gives back what Seal was given. It fails when the value was changed, was sealed for another place,
// or when its key is gone.
func (k *Keeper) Open(at Place, sealed []byte) ([]byte, error) {
	value, err := k.fields().Decrypt(sealed, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("secret: open %s: %w", at.Field, err)
	}
	return value, nil
}

// Mark is with what every value begins that is sealed under the key of now.
func (k *Keeper) Mark() []byte { return k.fields().mark }

// Rotating tells whether there are keys of before beside the key of now.
func (k *Keeper) Rotating() bool { return k.fields().keys > 1 }

// SealTo encrypts what is written to it and passes it on to w, under a key of its own; Close writes the last part and must be
// called. Without it OpenFrom fails at the end, so that half a stream is never taken for a whole one. The key is sealed for the
// same place, so that a rotation renews it and leaves the stream as it is.
func (k *Keeper) SealTo(w io.Writer, at Place) (stream io.WriteCloser, key []byte, err error) {
	plain := make([]byte, keyLength)
	if _, err := rand.Read(plain); err != nil {
		return nil, nil, fmt.Errorf("secret: seal %s: %w", at.Field, err)
	}
	if key, err = k.Seal(at, plain); err != nil {
		return nil, nil, err
	}
	under, err := streamsUnder(plain)
	if err == nil {
		stream, err = under.NewEncryptingWriter(w, at.bytes())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("secret: seal %s: %w", at.Field, err)
	}
	return stream, key, nil
}

// OpenFrom reads what SealTo wrote. Each segment is verified before its bytes are given; reading fails
// at the first that was changed, moved, left out, or sealed for another place.
func (k *Keeper) OpenFrom(r io.Reader, at Place, key []byte) (opened io.Reader, err error) {
	plain, err := k.Open(at, key)
	if err != nil {
		return nil, err
	}
	under, err := streamsUnder(plain)
	if err == nil {
		opened, err = under.NewDecryptingReader(r, at.bytes())
	}
	if err != nil {
		return nil, fmt.Errorf("secret: open %s: %w", at.Field, err)
	}
	return opened, nil
}

// streamsUnder is AES-256-GCM in segments (HKDF-SHA-256 gives each stream its key).
func streamsUnder(key []byte) (tink.StreamingAEAD, error) {
	return streams.NewAESGCMHKDF(key, "SHA256", keyLength, segmentLength, 0)
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
