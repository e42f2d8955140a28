package privacy

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// Seals are the values of every area that lie sealed in the database, to bring them under another key (AVG 32).
type Seals struct {
	DB      *db.DB
	Secrets *secret.Keeper
}

// sealedColumn is a column with sealed values, and the record and field that each is sealed for.
type sealedColumn struct{ table, record, column, field string }

func sealedColumns() []sealedColumn {
	return []sealedColumn{
		{"person", "id", "bsn_sealed", "person.bsn"},
		{"document_part", "document_id", "key", "document.content"},
		{"webhook_subscription", "id", "secret", "webhook_subscription.secret"},
		{"webhook_subscription", "id", "previous_secret", "webhook_subscription.secret"},
	}
}

// sealedBatch bounds how many values one transaction renews, and so how long their records are held.
const sealedBatch = 200

// sealedValue is one of them, as it lies there.
type sealedValue struct {
	Record uuid.UUID
	Value  []byte
}

// Renew seals under the key of now what lies under one of before. It is safe to be called twice and by several instances at once.
// A value that does not open stays as it is, and is in the error.
func (s Seals) Renew(ctx context.Context) error {
	if !s.Secrets.Rotating() {
		return nil
	}
	all, err := s.DB.Municipalities(ctx)
	for _, municipality := range all {
		for _, c := range sealedColumns() {
			err = errors.Join(err, s.renewColumn(ctx, municipality, c))
		}
	}
	return err
}

func (s Seals) renewColumn(ctx context.Context, municipality string, c sealedColumn) (wrong error) {
	ctx = identity.With(ctx, identity.System(municipality, "seals"))
	for last, n := uuid.Nil, sealedBatch; n == sealedBatch; {
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			rows, err := underOlderKey(ctx, c, s.Secrets.Mark(), last)
			if err != nil {
				return err
			}
			n = len(rows)
			for _, row := range rows {
				at := secret.Place{Municipality: municipality, Record: row.Record, Field: c.field}
				plain, unreadable := s.Secrets.Open(at, row.Value)
				if unreadable != nil {
					wrong = errors.Join(wrong, fmt.Errorf("record %s: %w", row.Record, unreadable))
					continue
				}
				sealed, err := s.Secrets.Seal(at, plain)
				if err != nil {
					return err
				}
				if err := reseal(ctx, c, row, sealed); err != nil {
					return err
				}
			}
			if n > 0 {
				last = rows[n-1].Record
			}
			return nil
		})
		if err != nil {
			return errors.Join(wrong, err)
		}
	}
	return wrong
}

// Retire removes the keys of before, once nothing lies under them any more in any municipality. It fails otherwise, saying how much.
func (s Seals) Retire(ctx context.Context, keys secret.Config) error {
	all, err := s.DB.Municipalities(ctx)
	if err != nil {
		return err
	}
	var left int64
	for _, municipality := range all {
		err := s.DB.Tx(identity.With(ctx, identity.System(municipality, "seals")), func(ctx context.Context) error {
			_, n, err := countSeals(ctx, s.Secrets.Mark())
			left += n
			return err
		})
		if err != nil {
			return err
		}
	}
	if left > 0 {
		return fmt.Errorf("%d values still lie under a key of before; the server renews them at every whole hour", left)
	}
	return keys.Retire()
}
