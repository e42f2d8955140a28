package dossier

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ListItems implements GET /dossiers/{dossierId}/items.
func (h *HTTP) ListItems(ctx context.Context, r api.ListItemsRequestObject) (api.ListItemsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f, err := itemFilter(r.Params)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListItems(ctx, r.DossierId, f, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, itemToAPI)
	return api.ListItems200JSONResponse{
		Body:    api.ItemList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListItems200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

func itemFilter(p api.ListItemsParams) (ItemFilter, error) {
	f := ItemFilter{LifeDomain: p.LifeDomain, SupplierID: p.SupplierId, BatchID: p.BatchId, Superseded: p.Superseded != nil && *p.Superseded}
	if p.Category != nil {
		c, err := authz.ParseCategory(*p.Category)
		if err != nil {
			return f, problem.InvalidParameter("query", "category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
		f.Category = &c
	}
	if p.ObservedFrom != nil {
		f.ObservedFrom = &p.ObservedFrom.Time
	}
	if p.ObservedUntil != nil {
		f.ObservedUntil = &p.ObservedUntil.Time
	}
	return f, nil
}

// AddItem implements POST /dossiers/{dossierId}/items.
func (h *HTTP) AddItem(ctx context.Context, r api.AddItemRequestObject) (api.AddItemResponseObject, error) {
	seen, err := h.s.AddItem(ctx, r.DossierId, newItem(*r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.AddItem201JSONResponse{Body: body, Headers: api.AddItem201ResponseHeaders{
		ETag: seen.Row.Tag, Location: under(seen.Row.DossierID, "items", seen.Row.ID),
	}}, err
}

func newItem(b api.NewItem) NewItem {
	c, err := authz.ParseCategory(b.Category)
	if err != nil {
		c = noCategory
	}
	n := NewItem{Category: c, Text: b.Text, ObservedOn: b.ObservedOn.Time, Secret: b.Secrecy != nil}
	for _, condition := range b.Conditions {
		n.Conditions = append(n.Conditions, Condition{WithholdFrom: condition.WithholdFrom, Text: condition.Text})
	}
	if b.Secrecy != nil && b.Secrecy.Ground != nil {
		n.SecretGround = api.As[string](b.Secrecy.Ground)
	}
	n.PoliceArticle = string(api.Or(b.PoliceArticle, ""))
	for value, to := range map[*string]*string{b.LifeDomain: &n.LifeDomain, b.Source: &n.Source, b.ExternalReference: &n.ExternalReference} {
		if value != nil {
			*to = *value
		}
	}
	return n
}

// GetItem implements GET /dossiers/{dossierId}/items/{itemId}.
func (h *HTTP) GetItem(ctx context.Context, r api.GetItemRequestObject) (api.GetItemResponseObject, error) {
	seen, err := h.s.GetItem(ctx, r.DossierId, r.ItemId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.GetItem200JSONResponse{Body: body, Headers: api.GetItem200ResponseHeaders{ETag: seen.Row.Tag}}, err
}

func itemToAPI(s SeenItem, names beside) api.Item {
	item := api.Item{
		Id: s.ID, DossierId: s.DossierID, Dossier: names.dossier, Category: s.Category.Slug(), PoliceArticle: api.NullAs[api.PoliceArticle](s.PoliceArticle), LifeDomain: api.NullText(s.LifeDomain), Text: s.Text,
		ObservedOn: openapi_types.Date{Time: s.ObservedOn}, Source: api.NullText(s.Source), Conditions: []api.ItemCondition{},
		Secrecy: nullable.NewNullNullable[api.Secrecy](), ExternalReference: api.NullText(s.ExternalReference), SupplierId: s.SupplierID,
		Supplier: names.Partner(s.SupplierID), AuthorId: api.Null(s.AuthorID), Author: names.Optional(s.AuthorID), AddedAt: s.AddedAt.UTC(),
		Version: s.Version, Corrects: api.Null(s.Corrects), CorrectionReason: api.NullText(s.CorrectionReason), Superseded: s.SupersededBy != nil,
		SupersededBy: api.Null(s.SupersededBy), Etag: s.Tag, AllowedOperations: s.Allowed,
	}
	if s.SupersededBy != nil && *s.SupersededBy == uuid.Nil {
		item.SupersededBy = nullable.NewNullNullable[uuid.UUID]()
	}
	for _, c := range s.Conditions {
		item.Conditions = append(item.Conditions, api.ItemCondition{WithholdFrom: c.WithholdFrom, Text: api.Null(c.Text)})
	}
	if s.Secret {
		var ground *api.SecrecyGround
		if s.SecretGround != nil {
			g := api.SecrecyGround(*s.SecretGround)
			ground = &g
		}
		item.Secrecy = nullable.NewNullableWithValue(api.Secrecy{Ground: api.Null(ground)})
	}
	return item
}
