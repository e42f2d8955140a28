package ledger

import (
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// NodeID names a subtree by its level (0 is a leaf) and its place in that level.
type NodeID = compact.NodeID

// Prove gives the inclusion proof of a leaf in the tree of a size (RFC 6962, 2.1.1), from nodes that were kept.
func Prove(node func(NodeID) ([]byte, error), index, size uint64) ([][]byte, error) {
	nodes, err := proof.Inclusion(index, size)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return path(node, nodes)
}

// ProveConsistency proves that the tree of one size is the beginning of that of another (RFC 6962, 2.1.2).
func ProveConsistency(node func(NodeID) ([]byte, error), from, to uint64) ([][]byte, error) {
	nodes, err := proof.Consistency(from, to)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return path(node, nodes)
}

func path(node func(NodeID) ([]byte, error), of proof.Nodes) ([][]byte, error) {
	hashes := make([][]byte, len(of.IDs))
	for i, id := range of.IDs {
		var err error
		if hashes[i], err = node(id); err != nil {
			return nil, err
		}
	}
	all, err := of.Rehash(hashes, rfc6962.DefaultHasher.HashChildren)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return all, nil
}
