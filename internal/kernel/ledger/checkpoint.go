package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// keyName is how a checkpoint names its key.
const keyName = "wijkregie.audit"

// algEd25519 is the kind of a key in a signed note (C2SP signed-note).
const algEd25519 = 1

// ErrSignature is a checkpoint that the key at hand did not sign.
var ErrSignature = errors.New("ledger: the checkpoint is not signed by this key")

// Checkpoint says how large a municipality's tree was at a moment, and its root: C2SP tlog-checkpoint.
type Checkpoint struct {
	Municipality string
	Size         uint64
	Root         []byte
	At           time.Time // UTC, to the second
}

// Signer signs checkpoints with Ed25519.
type Signer struct {
	sign note.Signer
	key  string
}

// NewSigner makes a signer of a seed of 32 bytes.
func NewSigner(seed []byte) (*Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("ledger: the seed of a signing key has %d bytes", ed25519.SeedSize)
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(keyName, public)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	private := append([]byte{algEd25519}, seed...)
	sign, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", keyName, keyHash(public), base64.StdEncoding.EncodeToString(private)))
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return &Signer{sign, verifier}, nil
}

func keyHash(public ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(keyName + "\n"))
	h.Write(append([]byte{algEd25519}, public...))
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// Key is the public key as an auditor keeps it: name, number and key in one text (C2SP signed-note).
func (s *Signer) Key() string { return s.key }

// Sign gives a checkpoint as a signed note.
func (s *Signer) Sign(c Checkpoint) (string, error) {
	text := fmt.Sprintf("%s/%s\n%d\n%s\n%s\n", keyName, c.Municipality, c.Size, base64.StdEncoding.EncodeToString(c.Root), c.At.UTC().Format(time.RFC3339))
	signed, err := note.Sign(&note.Note{Text: text}, s.sign)
	if err != nil {
		return "", fmt.Errorf("ledger: %w", err)
	}
	return string(signed), nil
}

// OpenCheckpoint reads a signed note. It fails with ErrSignature when none of the keys signed it.
func OpenCheckpoint(text string, keys ...string) (c Checkpoint, err error) {
	var known []note.Verifier
	for _, key := range keys {
		v, err := note.NewVerifier(strings.TrimSpace(key))
		if err != nil {
			return c, fmt.Errorf("ledger: the public key is not readable; it looks like %s+01234567+AQ…", keyName)
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil {
		return c, ErrSignature
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) != 4 {
		return c, errors.New("ledger: a checkpoint has four lines and its signatures")
	}
	var there bool
	if c.Municipality, there = strings.CutPrefix(lines[0], keyName+"/"); !there {
		return c, errors.New("ledger: the checkpoint is of another log")
	}
	if c.Size, err = strconv.ParseUint(lines[1], 10, 64); err != nil {
		return c, errors.New("ledger: the checkpoint has no size")
	}
	if c.Root, err = base64.StdEncoding.DecodeString(lines[2]); err != nil {
		return c, errors.New("ledger: the checkpoint has no root")
	}
	if c.At, err = time.Parse(time.RFC3339, lines[3]); err != nil {
		return c, errors.New("ledger: the checkpoint has no moment")
	}
	return c, nil
}
