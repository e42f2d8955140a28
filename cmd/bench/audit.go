package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
)

// auditCommand measures how long an auditor's verification of a large export takes.
type auditCommand struct {
	Server  string `help:"The program that verifies." default:"bin/wijkregie" type:"path"`
	Entries int    `help:"How many entries the export has." default:"1000000"`
}

// Run makes an export with the product's own code, half changes and half accesses with all that such an entry can hold, and has
// the program verify it.
func (c auditCommand) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "wijkregie-audit")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	signer, err := ledger.NewSigner(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "audit.ndjson")
	if err := c.write(name, signer); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	say("%d entries, %d MB", c.Entries, info.Size()>>20)
	began := time.Now()
	said, err := exec.CommandContext(ctx, c.Server, "audit", "verify", name, "--key", signer.Key()).CombinedOutput()
	took := time.Since(began)
	say("%s", bytes.TrimSpace(said))
	fmt.Printf("RESULT verify_entries %d\nRESULT verify_s %.1f\n", c.Entries, took.Seconds())
	return err
}

func (c auditCommand) write(name string, signer *ledger.Signer) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w, err := ledger.NewWriter(file, demo.Veldhoven, uint64(c.Entries))
	if err != nil {
		return err
	}
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		return err
	}
	var notes []string
	previous, began := "", time.Now().Add(-time.Duration(c.Entries)*time.Millisecond)
	for i := range c.Entries {
		at := began.Add(time.Duration(i) * time.Millisecond)
		line, err := anEntry(i, previous, at).Line()
		if err != nil {
			return err
		}
		hash := ledger.HashOf(line)
		previous = ledger.Text(hash)
		if _, err := tree.Append(hash); err != nil {
			return err
		}
		if err := w.Leaf(line); err != nil {
			return err
		}
		if (i+1)%1000 == 0 || i == c.Entries-1 {
			root, err := tree.Root()
			if err != nil {
				return err
			}
			note, err := signer.Sign(ledger.Checkpoint{Municipality: demo.Veldhoven, Size: tree.Size(), Root: root, At: at})
			if err != nil {
				return err
			}
			notes = append(notes, note)
		}
	}
	for _, note := range notes {
		if err := w.Checkpoint(note); err != nil {
			return err
		}
	}
	return w.Flush()
}

// anEntry is the nth of the export.
func anEntry(n int, previous string, at time.Time) ledger.Leaf {
	id := func(kind byte) *uuid.UUID { return new(uuid.NewSHA1(uuid.Nil, fmt.Append(nil, kind, n%5000))) }
	l := ledger.Leaf{
		Municipality: demo.Veldhoven, Index: uint64(n), Previous: previous, SealedAt: at.Add(time.Second), ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)), At: at,
		Professional: id('p'), Partner: id('o'), Dossier: id('d'), SubjectType: "item", Subject: id('s'), Trace: "4bf92f3577b34da6a3ce929d0e0e4736",
	}
	if n%2 == 0 {
		l.Kind, l.Event, l.Fields = ledger.Change, "item.added", []string{"text", "category", "observedOn", "supplier"}
		return l
	}
	l.Kind, l.Operation, l.Acts, l.Roles = ledger.Access, "listItems", []string{"item.read", "item.list"}, []string{"professional"}
	l.Categories, l.Grounds, l.Basis, l.Outcome, l.Status, l.Span = 1<<20-1, []string{"participant"}, "covenant", "allowed", 200, "00f067aa0ba902b7"
	return l
}
