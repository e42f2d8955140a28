// Package ledger is the record that cannot be bent: what was changed and who looked at what, as leaves of one Merkle tree per
// municipality (RFC 6962), of which signed checkpoints leave the house. Whoever holds a checkpoint and the public key can tell,
// without trusting database or server, whether an entry was altered, left out or added since (Wgs 1.8, AVG 5(2)).
//
// A leaf is one line of JSON, and its bytes are what is hashed. It names its place and the hash of the leaf before it, so that
// a change can be told by its place; the tree makes proofs short.
package ledger

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
)

// The kinds of entries.
const (
	Change = "change" // of the audit: who changed which fields of which record
	Access = "access" // of the access log: who looked at what
)

// Leaf is one entry at its place. The order of its fields is that of its bytes and does not change; a field that comes later
// is added at the end, left out while it is empty.
type Leaf struct {
	Municipality string    `json:"municipality"` // CBS code
	Index        uint64    `json:"index"`        // counts from 0 per municipality, without gaps
	Previous     string    `json:"previous"`     // hash of the leaf before it in hexadecimal; empty for the first
	SealedAt     time.Time `json:"sealedAt"`     // when it got its place (UTC)
	Kind         string    `json:"kind"`
	ID           uuid.UUID `json:"id"`
	At           time.Time `json:"at"` // when it happened (UTC)

	Event        string     `json:"event,omitempty"` // of a change
	Fields       []string   `json:"fields,omitempty"`
	InNameOf     *uuid.UUID `json:"inNameOf,omitempty"`
	Professional *uuid.UUID `json:"professional,omitempty"`
	Partner      *uuid.UUID `json:"partner,omitempty"`
	Client       *uuid.UUID `json:"client,omitempty"`
	Dossier      *uuid.UUID `json:"dossier,omitempty"`
	SubjectType  string     `json:"subjectType,omitempty"`
	Subject      *uuid.UUID `json:"subject,omitempty"`
	Trace        string     `json:"trace,omitempty"`

	Operation          string     `json:"operation,omitempty"` // of an access
	Acts               []string   `json:"acts,omitempty"`
	Roles              []string   `json:"roles,omitempty"`
	StandsInFor        []string   `json:"standsInFor,omitempty"`
	SeenAsPartner      *uuid.UUID `json:"seenAsPartner,omitempty"`
	SeenAsProfessional *uuid.UUID `json:"seenAsProfessional,omitempty"`
	Categories         int64      `json:"categories,omitempty"` // a bit for each information category
	Grounds            []string   `json:"grounds,omitempty"`
	Basis              string     `json:"basis,omitempty"`
	Purpose            string     `json:"purpose,omitempty"`
	Outcome            string     `json:"outcome,omitempty"`
	Status             int        `json:"status,omitempty"`
	Span               string     `json:"span,omitempty"`
}

// Line is the leaf as it is hashed and exported, without an end of line.
func (l Leaf) Line() ([]byte, error) {
	l.At, l.SealedAt = l.At.UTC(), l.SealedAt.UTC()
	line, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return line, nil
}

// HashOf is the hash of a leaf: SHA-256 of a zero byte and its line (RFC 6962, 2.1).
func HashOf(line []byte) []byte { return rfc6962.DefaultHasher.HashLeaf(line) }

// Node is the hash of a whole subtree.
type Node struct {
	Level uint
	Index uint64
	Hash  []byte
}

// Tree grows at its end. It holds the hashes of as many subtrees as its size has ones in binary.
type Tree struct{ edge *compact.Range }

var ranges = &compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}

// NewTree goes on with a tree of a size, given the hashes of the nodes that Edge names.
func NewTree(size uint64, edge [][]byte) (*Tree, error) {
	r, err := ranges.NewRange(0, size, edge)
	if err != nil {
		return nil, fmt.Errorf("ledger: the tree of %d leaves: %w", size, err)
	}
	return &Tree{r}, nil
}

// Edge names the nodes from which a tree of a size goes on, in their order; of a level 0 those are leaves.
func Edge(size uint64) []NodeID { return compact.RangeNodes(0, size, nil) }

// Append adds a leaf's hash and gives the nodes that it completes.
func (t *Tree) Append(leaf []byte) (made []Node, err error) {
	err = t.edge.Append(leaf, func(id compact.NodeID, hash []byte) {
		if id.Level > 0 {
			made = append(made, Node{id.Level, id.Index, hash})
		}
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return made, nil
}

// Size is the number of leaves.
func (t *Tree) Size() uint64 { return t.edge.End() }

// Root is the hash of the whole.
func (t *Tree) Root() ([]byte, error) {
	if t.Size() == 0 {
		return rfc6962.DefaultHasher.EmptyRoot(), nil
	}
	root, err := t.edge.GetRootHash(nil)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return root, nil
}

// Text is a hash in hexadecimal.
func Text(hash []byte) string { return hex.EncodeToString(hash) }
