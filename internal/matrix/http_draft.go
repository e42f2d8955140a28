package matrix

import (
	"bytes"
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
)

// GetMatrixDraft implements GET /authorisation-matrix/draft.
func (h *HTTP) GetMatrixDraft(ctx context.Context, _ api.GetMatrixDraftRequestObject) (api.GetMatrixDraftResponseObject, error) {
	seen, err := h.s.Draft(ctx)
	if err != nil {
		return nil, err
	}
	if media.Wants(ctx, media.CSV) {
		table := writeTable(seen.Cells)
		return api.GetMatrixDraft200TextcsvResponse{
			Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: api.GetMatrixDraft200ResponseHeaders{ETag: seen.Tag},
		}, nil
	}
	body, err := h.draftToAPI(ctx, seen)
	return api.GetMatrixDraft200JSONResponse{Body: body, Headers: api.GetMatrixDraft200ResponseHeaders{ETag: seen.Tag}}, err
}

// PutMatrixDraft implements PUT /authorisation-matrix/draft.
func (h *HTTP) PutMatrixDraft(ctx context.Context, r api.PutMatrixDraftRequestObject) (api.PutMatrixDraftResponseObject, error) {
	condition := Condition{Match: api.Or(r.Params.IfMatch, ""), Absent: r.Params.IfNoneMatch != nil}
	cells, err := cellsOf(r)
	if err != nil {
		return nil, err
	}
	seen, begun, err := h.s.Replace(ctx, condition, cells)
	if err != nil {
		return nil, err
	}
	body, err := h.draftToAPI(ctx, seen)
	if err != nil {
		return nil, err
	}
	if begun {
		headers := api.PutMatrixDraft201ResponseHeaders{ETag: seen.Tag, Location: "/v1/authorisation-matrix/draft"}
		return api.PutMatrixDraft201JSONResponse{Body: body, Headers: headers}, nil
	}
	return api.PutMatrixDraft200JSONResponse{Body: body, Headers: api.PutMatrixDraft200ResponseHeaders{ETag: seen.Tag}}, nil
}

// PatchMatrixDraft implements PATCH /authorisation-matrix/draft.
func (h *HTTP) PatchMatrixDraft(ctx context.Context, r api.PatchMatrixDraftRequestObject) (api.PatchMatrixDraftResponseObject, error) {
	remove := make([]NewCell, len(r.Body.Remove))
	for i, c := range r.Body.Remove {
		remove[i] = NewCell{PartnerType: api.Sent(c.PartnerType), PartnerID: api.Sent(c.PartnerId), DossierType: string(c.DossierType), Category: c.Category}
	}
	seen, err := h.s.Change(ctx, api.Or(r.Params.IfMatch, ""), newCells(r.Body.Set), remove)
	if err != nil {
		return nil, err
	}
	body, err := h.draftToAPI(ctx, seen)
	return api.PatchMatrixDraft200JSONResponse{Body: body, Headers: api.PatchMatrixDraft200ResponseHeaders{ETag: seen.Tag}}, err
}

// DeleteMatrixDraft implements DELETE /authorisation-matrix/draft.
func (h *HTTP) DeleteMatrixDraft(ctx context.Context, r api.DeleteMatrixDraftRequestObject) (api.DeleteMatrixDraftResponseObject, error) {
	return api.DeleteMatrixDraft204Response{}, h.s.Discard(ctx, api.Or(r.Params.IfMatch, ""))
}

func (h *HTTP) draftToAPI(ctx context.Context, seen Seen) (api.MatrixDraft, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.MatrixDraft{}, err
	}
	return api.MatrixDraft{
		Cells: CellsToAPI(seen.Cells, names), ChangedAt: seen.ChangedAt.UTC(), ChangedById: api.Null(seen.ChangedBy),
		ChangedBy: names.Optional(seen.ChangedBy), Etag: seen.Tag, AllowedOperations: seen.Allowed,
	}, nil
}

// cellsOf is the cells that were sent, as JSON or as a table.
func cellsOf(r api.PutMatrixDraftRequestObject) ([]NewCell, error) {
	if r.JSONBody != nil {
		return newCells(r.JSONBody.Cells), nil
	}
	return readTable(r.Body)
}

func newCells(body []api.NewMatrixCell) []NewCell {
	cells := make([]NewCell, len(body))
	for i, c := range body {
		cells[i] = NewCell{
			PartnerType: api.Sent(c.PartnerType), PartnerID: api.Sent(c.PartnerId), DossierType: string(c.DossierType), Category: c.Category, Level: string(c.Level),
		}
	}
	return cells
}

func partnerOf(c authz.Cell) *uuid.UUID {
	if c.PartnerID == uuid.Nil {
		return nil
	}
	return &c.PartnerID
}
