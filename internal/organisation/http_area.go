package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListDistricts gives a page of the districts.
func (h *HTTP) ListDistricts(ctx context.Context, r api.ListDistrictsRequestObject) (api.ListDistrictsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListDistricts(ctx, p)
	if err != nil {
		return nil, err
	}
	body := api.DistrictList{Items: make([]api.District, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = api.District{Code: row.Code, Name: row.Name, Etag: etag.Of(row)}
	}
	return api.ListDistricts200JSONResponse{Body: body, Headers: api.ListDistricts200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// ListNeighbourhoods gives a page of the neighbourhoods.
func (h *HTTP) ListNeighbourhoods(ctx context.Context, r api.ListNeighbourhoodsRequestObject) (api.ListNeighbourhoodsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListNeighbourhoods(ctx, r.Params.DistrictCode, p)
	if err != nil {
		return nil, err
	}
	body := api.NeighbourhoodList{Items: make([]api.Neighbourhood, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = api.Neighbourhood{Code: row.Code, Name: row.Name, DistrictCode: row.DistrictCode, Etag: etag.Of(row)}
	}
	return api.ListNeighbourhoods200JSONResponse{Body: body, Headers: api.ListNeighbourhoods200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}
