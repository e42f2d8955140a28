package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
)

// crimes are ten: in the database, in the export, and in both with a signature.
func crimes() []crime {
	const one = " where id = (select entry_id from ledger_leaf where index = $1 and municipality_id = 'GM0861')"
	onExport := func(change func(v *vault, lines []string) []string) func(context.Context, *vault) (string, error) {
		return func(_ context.Context, v *vault) (string, error) {
			return v.lines(func(lines []string) []string { return change(v, lines) }), nil
		}
	}
	return []crime{
		{"alter", ledger.Altered, func(ctx context.Context, v *vault) (string, error) {
			return v.tampered(ctx, `update audit_entry set fields = '["title"]'`+one, v.middle)
		}},
		{"delete", ledger.Missing, func(ctx context.Context, v *vault) (string, error) {
			return v.tampered(ctx, "delete from audit_entry"+one, v.middle)
		}},
		{"insert", ledger.Added, onExport(func(v *vault, lines []string) []string {
			return append(lines[:v.middle+1:v.middle+1], append([]string{lines[v.middle]}, lines[v.middle+1:]...)...)
		})},
		{"reorder", ledger.Reordered, onExport(func(v *vault, lines []string) []string {
			lines[v.middle], lines[v.middle+1] = lines[v.middle+1], lines[v.middle]
			return lines
		})},
		{"truncate", ledger.Truncated, func(_ context.Context, v *vault) (string, error) {
			cut := v.lines(func(lines []string) []string { return lines[:v.middle] })
			return strings.Replace(cut, fmt.Sprintf(`"size":%d`, v.now.Size), fmt.Sprintf(`"size":%d`, v.middle), 1), nil
		}},
		{"swap municipalities", ledger.Foreign, onExport(func(v *vault, lines []string) []string {
			lines[v.middle] = strings.Replace(lines[v.middle], "GM0861", "GM0762", 1)
			return lines
		})},
		{"re-sign with own key", ledger.WrongKey, func(_ context.Context, v *vault) (string, error) { return v.resigned() }},
		{"replay", ledger.Replayed, func(_ context.Context, v *vault) (string, error) { return v.before, nil }},
		{"fork", ledger.Forked, func(ctx context.Context, v *vault) (string, error) { return v.forked(ctx, one) }},
		{"back-date", ledger.BackDated, backDated},
	}
}

// resigned is another history, whole, and signed with a key of the one who tampers.
func (v *vault) resigned() (string, error) {
	signer, err := ledger.NewSigner(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		return "", err
	}
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	w, err := ledger.NewWriter(&out, "GM0861", uint64(v.now.Size))
	if err != nil {
		return "", err
	}
	previous := ""
	for i, text := range strings.SplitAfter(v.whole, "\n")[1 : 1+v.now.Size] {
		var leaf ledger.Leaf
		if err := json.Unmarshal([]byte(text), &leaf); err != nil {
			return "", err
		}
		if leaf.Previous = previous; i == v.middle {
			leaf.Fields = []string{"title"}
		}
		line, err := leaf.Line()
		if err != nil {
			return "", err
		}
		hash := ledger.HashOf(line)
		previous = ledger.Text(hash)
		_, err = tree.Append(hash)
		if err = errors.Join(err, w.Leaf(line)); err != nil {
			return "", err
		}
	}
	root, err := tree.Root()
	if err != nil {
		return "", err
	}
	kept, err := ledger.OpenCheckpoint(v.now.Note, v.now.PublicKey)
	if err != nil {
		return "", err
	}
	note, err := signer.Sign(ledger.Checkpoint{Municipality: "GM0861", Size: tree.Size(), Root: root, At: kept.At})
	if err != nil {
		return "", err
	}
	err = errors.Join(w.Checkpoint(note), w.Flush())
	return out.String(), err
}

// forked makes the server forget its record, and seal and sign another history with its own key.
func (v *vault) forked(ctx context.Context, one string) (string, error) {
	if err := v.asOwner(ctx, "delete from audit_entry"+one, v.middle); err != nil {
		return "", err
	}
	if err := v.asOwner(ctx, "delete from ledger_checkpoint; delete from ledger_node; delete from ledger_leaf; update ledger_head set size = 0, sealed_from = '0'"); err != nil {
		return "", err
	}
	s, err := v.sign(ctx)
	if err != nil {
		return "", err
	}
	return v.export(ctx, s)
}

// backDated puts in an entry of a month ago, which the server seals and signs. The record begins anew with the fork before it:
// the auditor keeps what he finds.
func backDated(ctx context.Context, v *vault) (string, error) {
	var err error
	if v.early, err = v.sign(ctx); err != nil {
		return "", err
	}
	err = v.asOwner(ctx, `insert into audit_entry (municipality_id, id, at, event, subject_type, subject_id, fields)
		values ('GM0861', gen_random_uuid(), now() - interval '1 month', 'release.given', 'release', gen_random_uuid(), '[]')`)
	if err != nil {
		return "", err
	}
	if v.now, err = v.sign(ctx); err != nil {
		return "", err
	}
	return v.export(ctx, v.now)
}
