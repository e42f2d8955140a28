package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findInformationRequest(ctx context.Context, dossier, id uuid.UUID) (r InformationRequest, err error) {
	err = db.One(db.Mine(ctx, "information_request").Where("dossier_id = ? and id = ?", dossier, id).Take(&r))
	return r, err
}

func listInformationRequests(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []InformationRequest, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "information_request").Where("dossier_id = ?", dossier), "asked_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func answersTo(ctx context.Context, request uuid.UUID, p page.Request) (rows []InformationAnswer, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "information_answer").Where("request_id = ?", request), "answered_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// ownItems tells how many of the items a partner supplied to a dossier, of those that the caller may read.
func ownItems(ctx context.Context, dossier, supplier uuid.UUID, ids []uuid.UUID) (found []uuid.UUID, err error) {
	err = db.Mine(ctx, "item").Where("dossier_id = ? and supplier_id = ? and id = any(?)", dossier, supplier, db.IDs(ids)).Pluck("id", &found).Error
	return found, err
}
