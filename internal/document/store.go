package document

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Filter is what a list of documents is limited to; nil does not limit.
type Filter struct {
	DossierID, SupplierID *uuid.UUID
	Category              *authz.Category
}

// find reads a document that the caller may read.
func find(ctx context.Context, id uuid.UUID) (d Document, err error) {
	err = db.One(db.Mine(ctx, "document").Where("id = ?", id).Take(&d))
	return d, err
}

func list(ctx context.Context, f Filter, p page.Request) (rows []Document, err error) {
	q := db.Mine(ctx, "document")
	if f.DossierID != nil {
		q = q.Where("dossier_id = ?", *f.DossierID)
	}
	if f.Category != nil {
		q = q.Where("category = ?", *f.Category)
	}
	if f.SupplierID != nil {
		q = q.Where("supplier_id = ?", *f.SupplierID)
	}
	if q, err = db.NewestFirst(q, "added_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// withIDs reads the documents of these that the caller may read.
func withIDs(ctx context.Context, ids []uuid.UUID) (rows []Document, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = db.Mine(ctx, "document").Where("id = any(?)", db.IDs(ids)).Find(&rows).Error
	return rows, err
}

// partSize is how much of the encrypted content is one row.
const partSize = 1 << 20

// keep stores the encrypted content in the place of what was there, with its sealed key.
func keep(ctx context.Context, d Document, sealed io.Reader, key []byte) error {
	if err := drop(ctx, d); err != nil {
		return err
	}
	data := make([]byte, partSize)
	for position := 0; ; position++ {
		n, err := io.ReadFull(sealed, data)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if err := db.Insert(ctx, &part{MunicipalityID: d.MunicipalityID, DocumentID: d.ID, Position: position, Data: data[:n], Key: key}); err != nil {
			return err
		}
		key = nil
	}
}

// drop removes content that nobody may read.
func drop(ctx context.Context, d Document) error {
	if err := db.Decided(ctx, d); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select drop_document_content(?)", d.ID).Error
}

// partOf reads one part of the content; it is empty after the last.
func partOf(ctx context.Context, document uuid.UUID, position int) (one part, err error) {
	var rows []part
	err = db.Mine(ctx, "document_part").Where("document_id = ? and position = ?", document, position).Find(&rows).Error
	if len(rows) > 0 {
		one = rows[0]
	}
	return one, err
}

// withdraw takes a document from everybody.
func withdraw(ctx context.Context, d Document, at time.Time) error {
	if err := db.Decided(ctx, d); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select withdraw_document(?, ?)", d.ID, at).Error
}

func findWithdrawal(ctx context.Context, document, id uuid.UUID) (w Withdrawal, err error) {
	err = db.One(db.Mine(ctx, "document_withdrawal").Where("document_id = ? and id = ?", document, id).Take(&w))
	return w, err
}

func listWithdrawals(ctx context.Context, document uuid.UUID, p page.Request) (rows []Withdrawal, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "document_withdrawal").Where("document_id = ?", document), "withdrawn_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
