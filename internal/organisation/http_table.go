package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListTables gives a page of the consultation tables.
func (h *HTTP) ListTables(ctx context.Context, r api.ListTablesRequestObject) (api.ListTablesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListTables(ctx, p)
	if err != nil {
		return nil, err
	}
	body := api.TableList{Items: make([]api.Table, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		if body.Items[i], err = h.table(ctx, row); err != nil {
			return nil, err
		}
	}
	return api.ListTables200JSONResponse{Body: body, Headers: api.ListTables200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreateTable sets up a consultation table.
func (h *HTTP) CreateTable(ctx context.Context, r api.CreateTableRequestObject) (api.CreateTableResponseObject, error) {
	t, err := h.s.CreateTable(ctx, Table{
		Name: r.Body.Name, Purpose: api.Or(r.Body.Purpose, ""), ChairID: r.Body.ChairId, MemberPartnerIDs: r.Body.MemberPartnerIds,
		Rhythm: api.Or(r.Body.Rhythm, ""), MeetingRhythm: newRhythm(r.Body.MeetingRhythm), Level: string(r.Body.Level), AreaCodes: r.Body.AreaCodes,
	})
	if err != nil {
		return nil, err
	}
	body, err := h.table(ctx, t)
	return api.CreateTable201JSONResponse{
		Body: body, Headers: api.CreateTable201ResponseHeaders{ETag: body.Etag, Location: "/v1/tables/" + t.ID.String()},
	}, err
}

// GetTable gives one consultation table.
func (h *HTTP) GetTable(ctx context.Context, r api.GetTableRequestObject) (api.GetTableResponseObject, error) {
	t, err := h.s.GetTable(ctx, r.TableId)
	if err != nil {
		return nil, err
	}
	body, err := h.table(ctx, t)
	return api.GetTable200JSONResponse{Body: body, Headers: api.GetTable200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateTable changes a consultation table.
func (h *HTTP) UpdateTable(ctx context.Context, r api.UpdateTableRequestObject) (api.UpdateTableResponseObject, error) {
	t, err := h.s.UpdateTable(ctx, etag.KeyOf(r.TableId, r.Params.IfMatch), func(t *Table) {
		api.Put(&t.Name, r.Body.Name)
		api.PutText(&t.Purpose, r.Body.Purpose)
		api.Put(&t.ChairID, r.Body.ChairId)
		api.Put(&t.MemberPartnerIDs, r.Body.MemberPartnerIds)
		api.PutText(&t.Rhythm, r.Body.Rhythm)
		t.MeetingRhythm = changeRhythm(r.Body.MeetingRhythm, t.MeetingRhythm)
		api.Put(&t.Level, api.As[string](r.Body.Level))
		api.Put(&t.AreaCodes, r.Body.AreaCodes)
	})
	if err != nil {
		return nil, err
	}
	body, err := h.table(ctx, t)
	return api.UpdateTable200JSONResponse{Body: body, Headers: api.UpdateTable200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) table(ctx context.Context, t Table) (api.Table, error) {
	names, err := h.s.Names(ctx)
	if err != nil {
		return api.Table{}, err
	}
	members := make([]api.PartnerRef, len(t.MemberPartnerIDs))
	for i, id := range t.MemberPartnerIDs {
		members[i] = names.Partner(id)
	}
	return api.Table{
		Id: t.ID, Name: t.Name, Purpose: api.NullText(t.Purpose), ChairId: t.ChairID, Chair: names.Professional(t.ChairID),
		MemberPartnerIds: t.MemberPartnerIDs, MemberPartners: members, Rhythm: api.NullText(t.Rhythm),
		MeetingRhythm: rhythmToAPI(t.MeetingRhythm), Level: api.TableLevel(t.Level),
		AreaCodes: t.AreaCodes, Etag: etag.Of(t),
	}, nil
}
