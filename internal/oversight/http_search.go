package oversight

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Search implements POST /_search.
func (h *HTTP) Search(ctx context.Context, r api.SearchRequestObject) (api.SearchResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	q, err := queryOf(r.Body)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.Search(ctx, q, p)
	if err != nil {
		return nil, err
	}
	body := api.SearchHitList{Items: make([]api.SearchHit, len(found)), Next: api.Null(next)}
	for i, hit := range found {
		body.Items[i] = hitToAPI(hit)
	}
	return api.Search200JSONResponse{Body: body, Headers: api.Search200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

func queryOf(b *api.SearchQuery) (Query, error) {
	q := Query{Text: b.Text, DossierID: b.DossierId, From: b.From, Until: b.Until}
	for _, kind := range b.Kinds {
		q.Kinds = append(q.Kinds, string(kind))
	}
	if b.Category == nil {
		return q, nil
	}
	category, err := authz.ParseCategory(*b.Category)
	if err != nil {
		return q, problem.InvalidField("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	q.Category = &category
	return q, nil
}

func hitToAPI(h Hit) api.SearchHit {
	out := api.SearchHit{
		Kind: api.SearchKind(h.Kind), Id: h.ID, DossierId: h.DossierID, Dossier: dossier.RefToAPI(h.Ref), Category: nullable.NewNullNullable[string](),
		At: h.At.UTC(), Address: h.Address, Text: api.NullText(h.Piece), Title: api.NullText(""),
	}
	if h.Category != authz.Core {
		out.Category = nullable.NewNullableWithValue(h.Category.Slug())
	}
	if h.Title {
		out.Text, out.Title = out.Title, out.Text
	}
	return out
}
