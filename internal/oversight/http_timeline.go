package oversight

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListTimeline implements GET /dossiers/{dossierId}/timeline.
func (h *HTTP) ListTimeline(ctx context.Context, r api.ListTimelineRequestObject) (api.ListTimelineResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	entries, next, err := h.s.Timeline(ctx, r.DossierId, r.Params.At, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.TimelineEntryList{Items: make([]api.TimelineEntry, len(entries)), Next: api.Null(next)}
	for i, e := range entries {
		body.Items[i] = entryToAPI(e, names)
	}
	return api.ListTimeline200JSONResponse{Body: body, Headers: api.ListTimeline200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

func entryToAPI(e Entry, names *organisation.Names) api.TimelineEntry {
	out := api.TimelineEntry{
		Id: e.ID, At: e.At.UTC(), Kind: e.Kind, Subject: nullable.NewNullNullable[api.SubjectRef](), Fields: api.Texts(e.Fields),
		ActorId: api.Null(e.ActorID), Actor: names.Optional(e.ActorID), ActorPartnerId: api.Null(e.ActorPartnerID),
		ActorPartner: names.OptionalPartner(e.ActorPartnerID), InNameOfId: api.Null(e.InNameOf), InNameOf: names.Optional(e.InNameOf), Etag: e.Tag,
	}
	if e.Subject != nil {
		out.Subject = nullable.NewNullableWithValue(api.SubjectRef{Type: e.Subject.Type, Id: e.Subject.ID})
	}
	return out
}
