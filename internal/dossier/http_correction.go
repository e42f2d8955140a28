package dossier

import (
	"context"
	"fmt"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// AddItems implements POST /dossiers/{dossierId}/items/_batch.
func (h *HTTP) AddItems(ctx context.Context, r api.AddItemsRequestObject) (api.AddItemsResponseObject, error) {
	news := make([]NewItem, len(r.Body.Items))
	for i, b := range r.Body.Items {
		news[i] = newItem(b)
	}
	batch, err := h.s.AddItems(ctx, r.DossierId, news)
	if err != nil {
		return nil, err
	}
	page := Within[Page[SeenItem]]{Row: Page[SeenItem]{Rows: batch.Row.Items}, Dossier: batch.Dossier}
	items, err := renderAll(ctx, h, page, itemToAPI)
	return api.AddItems201JSONResponse{Body: api.ItemList{Items: items, Next: api.Null[string](nil)}, Headers: api.AddItems201ResponseHeaders{
		Location: fmt.Sprintf("/v1/dossiers/%s/items?batchId=%s&limit=200", r.DossierId, batch.Row.ID),
	}}, err
}

// CorrectItem implements POST /dossiers/{dossierId}/items/{itemId}/corrections.
func (h *HTTP) CorrectItem(ctx context.Context, r api.CorrectItemRequestObject) (api.CorrectItemResponseObject, error) {
	b := r.Body
	c := Correction{Text: b.Text, PoliceArticle: api.As[string](b.PoliceArticle), LifeDomain: b.LifeDomain, Source: b.Source, ExternalReference: b.ExternalReference, Reason: b.Reason}
	if b.ObservedOn != nil {
		c.ObservedOn = &b.ObservedOn.Time
	}
	seen, err := h.s.CorrectItem(ctx, r.DossierId, etag.KeyOf(r.ItemId, r.Params.IfMatch), c)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.CorrectItem201JSONResponse{Body: body, Headers: api.CorrectItem201ResponseHeaders{
		ETag: seen.Row.Tag, Location: under(r.DossierId, "items", seen.Row.ID),
	}}, err
}

// WithdrawItem implements POST /dossiers/{dossierId}/items/{itemId}/withdrawals.
func (h *HTTP) WithdrawItem(ctx context.Context, r api.WithdrawItemRequestObject) (api.WithdrawItemResponseObject, error) {
	w, err := h.s.WithdrawItem(ctx, r.DossierId, etag.KeyOf(r.ItemId, r.Params.IfMatch), r.Body.Reason, r.Body.Breach)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, w, itemWithdrawalToAPI)
	return api.WithdrawItem201JSONResponse{Body: body, Headers: api.WithdrawItem201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "items", r.ItemId) + "/withdrawals/" + body.Id.String(),
	}}, err
}

// ListItemWithdrawals implements GET /dossiers/{dossierId}/items/{itemId}/withdrawals.
func (h *HTTP) ListItemWithdrawals(ctx context.Context, r api.ListItemWithdrawalsRequestObject) (api.ListItemWithdrawalsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListItemWithdrawals(ctx, r.DossierId, r.ItemId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, itemWithdrawalToAPI)
	return api.ListItemWithdrawals200JSONResponse{
		Body:    api.ItemWithdrawalList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListItemWithdrawals200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// GetItemWithdrawal implements GET /dossiers/{dossierId}/items/{itemId}/withdrawals/{itemWithdrawalId}.
func (h *HTTP) GetItemWithdrawal(ctx context.Context, r api.GetItemWithdrawalRequestObject) (api.GetItemWithdrawalResponseObject, error) {
	w, err := h.s.GetItemWithdrawal(ctx, r.DossierId, r.ItemId, r.ItemWithdrawalId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, w, itemWithdrawalToAPI)
	return api.GetItemWithdrawal200JSONResponse{Body: body, Headers: api.GetItemWithdrawal200ResponseHeaders{ETag: body.Etag}}, err
}

func itemWithdrawalToAPI(w ItemWithdrawal, names beside) api.ItemWithdrawal {
	return api.ItemWithdrawal{
		Id: w.ID, DossierId: w.DossierID, Dossier: names.dossier, ItemId: w.ItemID, Category: w.Category.Slug(), Reason: w.Reason, Breach: w.Breach,
		WithdrawnAt: w.WithdrawnAt.UTC(), WithdrawnById: api.Null(w.WithdrawnBy), WithdrawnBy: names.Optional(w.WithdrawnBy), Etag: etag.Of(w),
	}
}
