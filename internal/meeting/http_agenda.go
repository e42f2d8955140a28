package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// usualMinutes is how long an agenda item takes when nobody says so.
const usualMinutes = 15

// AddAgendaItem implements POST /meetings/{meetingId}/agenda-items.
func (h *HTTP) AddAgendaItem(ctx context.Context, r api.AddAgendaItemRequestObject) (api.AddAgendaItemResponseObject, error) {
	b := r.Body
	seen, err := h.s.AddAgendaItem(ctx, r.MeetingId, NewAgendaItem{
		DossierID: b.DossierId, Title: api.Or(b.Title, ""), Position: b.Position, Minutes: api.Or(b.Minutes, usualMinutes),
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	headers := api.AddAgendaItem201ResponseHeaders{ETag: body.Etag, Location: under("meetings", seen.MeetingID, "agenda-items", seen.ID)}
	return api.AddAgendaItem201JSONResponse{Body: body, Headers: headers}, err
}

// ListAgendaItems implements GET /meetings/{meetingId}/agenda-items.
func (h *HTTP) ListAgendaItems(ctx context.Context, r api.ListAgendaItemsRequestObject) (api.ListAgendaItemsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.ListAgendaItems(ctx, r.MeetingId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, seen, itemToAPI)
	return api.ListAgendaItems200JSONResponse{
		Body:    api.AgendaItemList{Items: items, Next: api.Null(next)},
		Headers: api.ListAgendaItems200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetAgendaItem implements GET /meetings/{meetingId}/agenda-items/{agendaItemId}.
func (h *HTTP) GetAgendaItem(ctx context.Context, r api.GetAgendaItemRequestObject) (api.GetAgendaItemResponseObject, error) {
	seen, err := h.s.GetAgendaItem(ctx, r.MeetingId, r.AgendaItemId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.GetAgendaItem200JSONResponse{Body: body, Headers: api.GetAgendaItem200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateAgendaItem implements PATCH /meetings/{meetingId}/agenda-items/{agendaItemId}.
func (h *HTTP) UpdateAgendaItem(ctx context.Context, r api.UpdateAgendaItemRequestObject) (api.UpdateAgendaItemResponseObject, error) {
	b := r.Body
	seen, err := h.s.UpdateAgendaItem(ctx, r.MeetingId, etag.KeyOf(r.AgendaItemId, r.Params.IfMatch), b.Position, func(i *AgendaItem) {
		api.PutText(&i.Title, b.Title)
		api.Put(&i.Minutes, b.Minutes)
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.UpdateAgendaItem200JSONResponse{Body: body, Headers: api.UpdateAgendaItem200ResponseHeaders{ETag: body.Etag}}, err
}

// RemoveAgendaItem implements DELETE /meetings/{meetingId}/agenda-items/{agendaItemId}.
func (h *HTTP) RemoveAgendaItem(ctx context.Context, r api.RemoveAgendaItemRequestObject) (api.RemoveAgendaItemResponseObject, error) {
	return api.RemoveAgendaItem204Response{}, h.s.RemoveAgendaItem(ctx, r.MeetingId, etag.KeyOf(r.AgendaItemId, r.Params.IfMatch))
}

func itemToAPI(i SeenItem, _ *organisation.Names) api.AgendaItem {
	out := api.AgendaItem{
		Id: i.ID, MeetingId: i.MeetingID, DossierId: api.Null(i.DossierID), Dossier: api.Null[api.DossierRef](nil), Title: api.NullText(i.Title),
		Position: i.Position, Minutes: i.Minutes, CarriedFromId: api.Null(i.CarriedFrom), Etag: etag.Of(i.AgendaItem),
	}
	if i.Ref != nil {
		out.Dossier.Set(dossier.RefToAPI(*i.Ref))
	}
	return out
}
