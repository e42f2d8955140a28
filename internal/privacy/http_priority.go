package privacy

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPriorityEntries implements GET /priority-entries.
func (h *HTTP) ListPriorityEntries(ctx context.Context, r api.ListPriorityEntriesRequestObject) (api.ListPriorityEntriesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListPriorityEntries(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PriorityEntryList{Items: make([]api.PriorityEntry, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = priorityToAPI(row, names)
	}
	return api.ListPriorityEntries200JSONResponse{Body: body, Headers: api.ListPriorityEntries200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// AddPriorityEntry implements POST /priority-entries.
func (h *HTTP) AddPriorityEntry(ctx context.Context, r api.AddPriorityEntryRequestObject) (api.AddPriorityEntryResponseObject, error) {
	n := NewPriorityEntry{DossierID: r.Body.DossierId, Criteria: r.Body.Criteria, ReviewOn: r.Body.ReviewOn.Time}
	body, err := h.priority(ctx)(h.s.AddPriorityEntry(ctx, n))
	headers := api.AddPriorityEntry201ResponseHeaders{ETag: body.Etag, Location: "/v1/priority-entries/" + body.Id.String()}
	return api.AddPriorityEntry201JSONResponse{Body: body, Headers: headers}, err
}

// GetPriorityEntry implements GET /priority-entries/{priorityEntryId}.
func (h *HTTP) GetPriorityEntry(ctx context.Context, r api.GetPriorityEntryRequestObject) (api.GetPriorityEntryResponseObject, error) {
	body, err := h.priority(ctx)(h.s.GetPriorityEntry(ctx, r.PriorityEntryId))
	return api.GetPriorityEntry200JSONResponse{Body: body, Headers: api.GetPriorityEntry200ResponseHeaders{ETag: body.Etag}}, err
}

// RemovePriorityEntry implements DELETE /priority-entries/{priorityEntryId}.
func (h *HTTP) RemovePriorityEntry(ctx context.Context, r api.RemovePriorityEntryRequestObject) (api.RemovePriorityEntryResponseObject, error) {
	return api.RemovePriorityEntry204Response{}, h.s.RemovePriorityEntry(ctx, etag.KeyOf(r.PriorityEntryId, r.Params.IfMatch))
}

// priority is the one entry of an answer of the service.
func (h *HTTP) priority(ctx context.Context) func(SeenPriorityEntry, error) (api.PriorityEntry, error) {
	return func(seen SeenPriorityEntry, err error) (api.PriorityEntry, error) {
		if err != nil {
			return api.PriorityEntry{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.PriorityEntry{}, err
		}
		return priorityToAPI(seen, names), nil
	}
}

func priorityToAPI(e SeenPriorityEntry, names *organisation.Names) api.PriorityEntry {
	return api.PriorityEntry{
		Id: e.ID, DossierId: e.DossierID, Dossier: dossier.RefToAPI(e.Ref), Criteria: e.Criteria, ReviewOn: openapi.Date{Time: e.ReviewOn},
		AddedAt: e.AddedAt.UTC(), AddedById: e.AddedBy, AddedBy: names.Professional(e.AddedBy), Etag: etag.Of(e.PriorityEntry), AllowedOperations: e.Allowed,
	}
}
