package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Signed is a checkpoint as it is kept.
type Signed struct {
	MunicipalityID string
	ID             uuid.UUID
	Size           uint64
	Root           []byte
	Note           string // the signed note; see OpenCheckpoint
	PublicKey      string
	SignedAt       time.Time
}

// Place is where it stands in lists.
func (s Signed) Place() page.Cursor { return page.At(s.SignedAt, s.ID) }

func checkpoints(ctx context.Context, p page.Request) (all []Signed, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "ledger_checkpoint"), "signed_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&all).Error
	return all, err
}

// Checkpoints reads a page of checkpoints, the latest first.
func (l *Log) Checkpoints(ctx context.Context, municipality string, p page.Request) (all []Signed, next *string, err error) {
	err = l.as(ctx, municipality, func(ctx context.Context) (err error) {
		all, err = checkpoints(ctx, p)
		return err
	})
	all, next = page.Cut(all, p.Limit, Signed.Place)
	return all, next, err
}

// Checkpoint reads one.
func (l *Log) Checkpoint(ctx context.Context, municipality string, id uuid.UUID) (s Signed, err error) {
	err = l.as(ctx, municipality, func(ctx context.Context) error {
		return db.One(db.Mine(ctx, "ledger_checkpoint").Where("id = ?", id).Take(&s))
	})
	return s, err
}

// Inclusion is the proof that a leaf is in the tree of a checkpoint.
type Inclusion struct {
	Index uint64
	Line  []byte // the leaf
	Path  [][]byte
}

// Prove proves that an entry is in the tree of a checkpoint; problem.NotFound when it came later or is not there.
func (l *Log) Prove(ctx context.Context, in Signed, entry uuid.UUID) (p Inclusion, err error) {
	err = l.as(ctx, in.MunicipalityID, func(ctx context.Context) error {
		row := db.Conn(ctx).Raw("select index from ledger_leaf where municipality_id = ? and entry_id = ? and index < ?", in.MunicipalityID, entry, in.Size)
		if err := db.One(row.Take(&p.Index)); err != nil {
			return err
		}
		lines, err := between(ctx, in.MunicipalityID, p.Index, p.Index+1)
		if err != nil || len(lines) == 0 {
			return errors.Join(err, fmt.Errorf("ledger: entry %d is not there any more", p.Index))
		}
		p.Line = lines[0]
		p.Path, err = Prove(func(id NodeID) ([]byte, error) { return node(ctx, in.MunicipalityID, id) }, p.Index, in.Size)
		return err
	})
	return p, err
}

// Consistency proves that the tree of one checkpoint is the beginning of that of a later one.
func (l *Log) Consistency(ctx context.Context, from, to Signed) (path [][]byte, err error) {
	err = l.as(ctx, to.MunicipalityID, func(ctx context.Context) error {
		path, err = ProveConsistency(func(id NodeID) ([]byte, error) { return node(ctx, to.MunicipalityID, id) }, from.Size, to.Size)
		return err
	})
	return path, err
}

// Export writes the log up to a checkpoint, with all checkpoints until then; Verify reads it. It holds one piece at a time.
func (l *Log) Export(ctx context.Context, until Signed, out io.Writer) error {
	w, err := NewWriter(out, until.MunicipalityID, until.Size)
	if err != nil {
		return err
	}
	for from := uint64(0); from < until.Size; from += atOnce {
		var lines [][]byte
		err := l.as(ctx, until.MunicipalityID, func(ctx context.Context) (err error) {
			lines, err = between(ctx, until.MunicipalityID, from, min(from+atOnce, until.Size))
			return err
		})
		if err != nil {
			return err
		}
		for _, line := range lines {
			if err := w.Leaf(line); err != nil {
				return err
			}
		}
	}
	var notes []string
	err = l.as(ctx, until.MunicipalityID, func(ctx context.Context) error {
		return db.Mine(ctx, "ledger_checkpoint").Where("size <= ?", until.Size).Order("size, signed_at, id").Pluck("note", &notes).Error
	})
	if err != nil {
		return err
	}
	for _, note := range notes {
		if err := w.Checkpoint(note); err != nil {
			return err
		}
	}
	return w.Flush()
}
