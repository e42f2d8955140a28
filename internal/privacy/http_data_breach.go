package privacy

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListDataBreaches implements GET /data-breaches.
func (h *HTTP) ListDataBreaches(ctx context.Context, r api.ListDataBreachesRequestObject) (api.ListDataBreachesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.DataBreaches(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DataBreachList{Items: make([]api.DataBreach, len(in.Rows)), Next: api.Null(in.Next)}
	for i, row := range in.Rows {
		body.Items[i] = dataBreachToAPI(row, in, names)
	}
	return api.ListDataBreaches200JSONResponse{Body: body, Headers: api.ListDataBreaches200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// RecordDataBreach implements POST /data-breaches.
func (h *HTTP) RecordDataBreach(ctx context.Context, r api.RecordDataBreachRequestObject) (api.RecordDataBreachResponseObject, error) {
	b := r.Body
	body, err := h.dataBreach(ctx)(h.s.RecordDataBreach(ctx, NewDataBreach{
		DiscoveredAt: b.DiscoveredAt, Description: b.Description, DossierID: b.DossierId, ItemID: b.ItemId,
	}))
	return api.RecordDataBreach201JSONResponse{Body: body, Headers: api.RecordDataBreach201ResponseHeaders{ETag: body.Etag, Location: "/v1/data-breaches/" + body.Id.String()}}, err
}

// GetDataBreach implements GET /data-breaches/{dataBreachId}.
func (h *HTTP) GetDataBreach(ctx context.Context, r api.GetDataBreachRequestObject) (api.GetDataBreachResponseObject, error) {
	body, err := h.dataBreach(ctx)(h.s.DataBreach(ctx, r.DataBreachId))
	return api.GetDataBreach200JSONResponse{Body: body, Headers: api.GetDataBreach200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateDataBreach implements PATCH /data-breaches/{dataBreachId}.
func (h *HTTP) UpdateDataBreach(ctx context.Context, r api.UpdateDataBreachRequestObject) (api.UpdateDataBreachResponseObject, error) {
	c := r.Body
	body, err := h.dataBreach(ctx)(h.s.UpdateDataBreach(ctx, etag.KeyOf(r.DataBreachId, r.Params.IfMatch), func(b *DataBreach) {
		api.Put(&b.Description, c.Description)
		api.Apply(c.ReportedAt, &b.ReportedAt)
		api.PutText(&b.LateReason, c.LateReason)
		api.PutText(&b.NotReportedReason, c.NotReportedReason)
		api.Apply(c.PersonsInformedAt, &b.PersonsInformedAt)
		api.PutText(&b.NotInformedReason, c.NotInformedReason)
		api.Apply(c.ParticipantsInformedAt, &b.ParticipantsInformedAt)
		api.Put(&b.State, api.As[string](c.State))
	}))
	return api.UpdateDataBreach200JSONResponse{Body: body, Headers: api.UpdateDataBreach200ResponseHeaders{ETag: body.Etag}}, err
}

// dataBreach is the one breach of an answer of the service.
func (h *HTTP) dataBreach(ctx context.Context) func(DataBreaches, error) (api.DataBreach, error) {
	return func(in DataBreaches, err error) (api.DataBreach, error) {
		if err != nil {
			return api.DataBreach{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.DataBreach{}, err
		}
		return dataBreachToAPI(in.Rows[0], in, names), nil
	}
}

func dataBreachToAPI(b DataBreach, in DataBreaches, names *organisation.Names) api.DataBreach {
	out := api.DataBreach{
		Id: b.ID, Dossier: nullable.NewNullNullable[api.OptionalConcernedDossier](), DiscoveredAt: b.DiscoveredAt.UTC(), Description: api.NullText(b.Description), DossierId: api.Null(b.DossierID), ItemId: api.Null(b.ItemID), DocumentId: api.Null(b.DocumentID),
		OpenedByWithdrawal: b.Withdrawn, ReportDueAt: b.ReportDueAt().UTC(), Overdue: b.Overdue(in.Now), ReportedAt: api.NullTime(b.ReportedAt), LateReason: api.NullText(b.LateReason),
		NotReportedReason: api.NullText(b.NotReportedReason), PersonsInformedAt: api.NullTime(b.PersonsInformedAt), NotInformedReason: api.NullText(b.NotInformedReason),
		ParticipantsInformedAt: api.NullTime(b.ParticipantsInformedAt), State: api.DataBreachState(b.State),
		ClosedAt: api.NullTime(b.ClosedAt), ClosedById: api.Null(b.ClosedBy), ClosedBy: names.Optional(b.ClosedBy),
		RecordedById: api.Null(b.RecordedBy), RecordedBy: names.Optional(b.RecordedBy), RecordedAt: b.RecordedAt.UTC(), Etag: etag.Of(b), AllowedOperations: in.Allowed,
	}
	if b.DossierID != nil {
		out.Dossier = nullable.NewNullableWithValue(api.ConcernedDossier{Id: *b.DossierID, Number: b.DossierNumber})
	}
	return out
}
