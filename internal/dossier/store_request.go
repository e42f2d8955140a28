package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findRequest(ctx context.Context, id uuid.UUID) (r AccessRequest, err error) {
	err = db.One(db.Mine(ctx, "access_request").Where("id = ?", id).Take(&r))
	return r, err
}

// isAsked tells whether somebody waits for the answer to the same request.
func isAsked(ctx context.Context, r AccessRequest) (again bool, err error) {
	err = db.Conn(ctx).Raw(`select exists (select from access_request where municipality_id = ? and dossier_id = ? and professional_id = ? and category = ?
		and supplier_id is not distinct from ? and answered_at is null)`, r.MunicipalityID, r.DossierID, r.ProfessionalID, r.Category, r.SupplierID).Scan(&again).Error
	return again, err
}

// findRequests reads those of the requests that the caller may read.
func findRequests(ctx context.Context, ids []uuid.UUID) (rows []AccessRequest, err error) {
	err = db.Mine(ctx, "access_request").Where("id = any(?)", db.IDs(ids)).Find(&rows).Error
	return rows, err
}

// RequestFilter is what a list of access requests is limited to; nil does not limit.
type RequestFilter struct {
	DossierID *uuid.UUID
	Status    *string // open or handled
}

func listRequests(ctx context.Context, f RequestFilter, p page.Request) (rows []AccessRequest, err error) {
	q := db.Mine(ctx, "access_request")
	if f.DossierID != nil {
		q = q.Where("dossier_id = ?", *f.DossierID)
	}
	if f.Status != nil {
		q = q.Where("(answered_at is null) = ?", *f.Status == "open")
	}
	if q, err = db.NewestFirst(q, "requested_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
