package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListWithholdings implements GET /dossiers/{dossierId}/items/{itemId}/withholdings.
func (h *HTTP) ListWithholdings(ctx context.Context, r api.ListWithholdingsRequestObject) (api.ListWithholdingsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListWithholdings(ctx, r.DossierId, r.ItemId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, withholdingToAPI)
	return api.ListWithholdings200JSONResponse{
		Body:    api.WithholdingList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListWithholdings200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// WithholdItem implements POST /dossiers/{dossierId}/items/{itemId}/withholdings.
func (h *HTTP) WithholdItem(ctx context.Context, r api.WithholdItemRequestObject) (api.WithholdItemResponseObject, error) {
	w, err := h.s.WithholdItem(ctx, r.DossierId, r.ItemId, r.Body.PartnerId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, w, withholdingToAPI)
	return api.WithholdItem201JSONResponse{Body: body, Headers: api.WithholdItem201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "items", r.ItemId) + "/withholdings/" + w.Row.ID.String(),
	}}, err
}

// GetWithholding implements GET /dossiers/{dossierId}/items/{itemId}/withholdings/{withholdingId}.
func (h *HTTP) GetWithholding(ctx context.Context, r api.GetWithholdingRequestObject) (api.GetWithholdingResponseObject, error) {
	w, err := h.s.GetWithholding(ctx, r.DossierId, r.ItemId, r.WithholdingId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, w, withholdingToAPI)
	return api.GetWithholding200JSONResponse{Body: body, Headers: api.GetWithholding200ResponseHeaders{ETag: body.Etag}}, err
}

// LiftWithholding implements POST /withholdings/{withholdingId}/liftings.
func (h *HTTP) LiftWithholding(ctx context.Context, r api.LiftWithholdingRequestObject) (api.LiftWithholdingResponseObject, error) {
	w, err := h.s.LiftWithholding(ctx, etag.KeyOf(r.WithholdingId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, w, liftingToAPI)
	return api.LiftWithholding201JSONResponse{Body: body, Headers: api.LiftWithholding201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/withholdings/" + body.WithholdingId.String() + "/liftings/" + body.Id.String(),
	}}, err
}

// ListLiftings implements GET /withholdings/{withholdingId}/liftings; a withholding has one at most.
func (h *HTTP) ListLiftings(ctx context.Context, r api.ListLiftingsRequestObject) (api.ListLiftingsResponseObject, error) {
	w, err := h.s.WithholdingOf(ctx, r.WithholdingId)
	if err != nil {
		return nil, err
	}
	body := api.LiftingList{Items: []api.Lifting{}, Next: api.Null[string](nil)}
	if w.Row.LiftedAt == nil {
		return api.ListLiftings200JSONResponse{Body: body}, nil
	}
	one, err := renderOne(ctx, h, w, liftingToAPI)
	body.Items = append(body.Items, one)
	return api.ListLiftings200JSONResponse{Body: body}, err
}

// GetLifting implements GET /withholdings/{withholdingId}/liftings/{liftingId}.
func (h *HTTP) GetLifting(ctx context.Context, r api.GetLiftingRequestObject) (api.GetLiftingResponseObject, error) {
	w, err := h.s.WithholdingOf(ctx, r.WithholdingId)
	if err != nil {
		return nil, err
	}
	if w.Row.LiftedAt == nil || w.Row.ID != r.LiftingId {
		return nil, db.NotFound()
	}
	body, err := renderOne(ctx, h, w, liftingToAPI)
	return api.GetLifting200JSONResponse{Body: body, Headers: api.GetLifting200ResponseHeaders{ETag: body.Etag}}, err
}

func withholdingToAPI(w Withholding, names beside) api.Withholding {
	return api.Withholding{
		Id: w.ID, DossierId: w.DossierID, Dossier: names.dossier, ItemId: w.ItemID, PartnerId: w.PartnerID, Partner: names.Partner(w.PartnerID),
		Reason: w.Reason, WithheldAt: w.WithheldAt.UTC(), WithheldById: api.Null(w.WithheldBy), WithheldBy: names.Optional(w.WithheldBy),
		LiftedAt: api.NullTime(w.LiftedAt), Etag: etag.Of(w),
	}
}

// liftingToAPI shows the end of a withholding; it carries the withholding's own id, because there is one.
func liftingToAPI(w Withholding, names beside) api.Lifting {
	return api.Lifting{
		Id: w.ID, WithholdingId: w.ID, Reason: w.LiftingReason, LiftedAt: w.LiftedAt.UTC(), LiftedById: api.Null(w.LiftedBy),
		LiftedBy: names.Optional(w.LiftedBy), Etag: etag.Of(w),
	}
}
