package alert

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListEvents implements api.StrictServerInterface.
func (h *HTTP) ListEvents(ctx context.Context, r api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := FeedFilter{DossierID: r.Params.DossierId}
	if r.Params.AfterSequence != nil {
		f.After = *r.Params.AfterSequence
	}
	events, next, err := h.s.Events(ctx, f, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.EventList{Items: make([]api.Event, len(events)), Next: api.Null(next)}
	for i, e := range events {
		body.Items[i] = eventToAPI(e, names)
	}
	return api.ListEvents200JSONResponse{Body: body, Headers: api.ListEvents200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetEvent implements api.StrictServerInterface.
func (h *HTTP) GetEvent(ctx context.Context, r api.GetEventRequestObject) (api.GetEventResponseObject, error) {
	event, err := h.s.Event(ctx, r.EventId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := eventToAPI(event, names)
	return api.GetEvent200JSONResponse{Body: body, Headers: api.GetEvent200ResponseHeaders{ETag: body.Etag}}, nil
}

func eventToAPI(e Event, names *organisation.Names) api.Event {
	out := api.Event{
		Id: e.ID, Sequence: e.Sequence, Kind: e.Kind, DossierId: e.Dossier.ID, Dossier: dossier.RefToAPI(e.Dossier), Subject: api.Null[api.OptionalSubjectRef](nil),
		ChangedFields: api.Texts(e.Fields), ActorId: api.Null(e.ActorID), Actor: names.Optional(e.ActorID), ActorPartnerId: api.Null(e.ActorPartnerID),
		ActorPartner: names.OptionalPartner(e.ActorPartnerID), InNameOfId: api.Null(e.InNameOf), InNameOf: names.Optional(e.InNameOf), At: e.At.UTC(), Etag: etag.Of(e),
	}
	if e.Subject != nil {
		out.Subject.Set(api.OptionalSubjectRef{Type: e.Subject.Type, Id: e.Subject.ID})
	}
	return out
}
