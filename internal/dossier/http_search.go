package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SearchDossiers implements POST /dossiers/_search.
func (h *HTTP) SearchDossiers(ctx context.Context, r api.SearchDossiersRequestObject) (api.SearchDossiersResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	b := r.Body
	found, err := h.s.Search(ctx, Filter{
		Type: api.As[string](b.Type), Status: api.As[string](b.Status), NeighbourhoodCode: b.NeighbourhoodCode, Theme: b.Theme,
		Text: b.Text, Location: whereOf(b.Location),
	}, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DossierList{Items: make([]api.Dossier, len(found.Rows)), Next: api.Null(found.Next)}
	for i, seen := range found.Rows {
		body.Items[i] = ToAPI(seen, names)
	}
	return api.SearchDossiers200JSONResponse{Body: body, Headers: api.SearchDossiers200ResponseHeaders{Link: page.Link(ctx, found.Next)}}, nil
}

func whereOf(l *api.LocationQuery) *Where {
	if l == nil {
		return nil
	}
	w := &Where{Kind: api.As[string](l.Kind), Street: l.Street, HouseNumber: l.HouseNumber, Postcode: l.Postcode}
	if l.Near != nil {
		w.Near, w.Metres = &Point{Longitude: l.Near.Point.Longitude, Latitude: l.Near.Point.Latitude}, &l.Near.Metres
	}
	return w
}
