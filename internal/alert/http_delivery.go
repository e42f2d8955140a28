package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListDeliveries implements GET /deliveries.
func (h *HTTP) ListDeliveries(ctx context.Context, r api.ListDeliveriesRequestObject) (api.ListDeliveriesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := DeliveryFilter{State: (*string)(r.Params.State), ProfessionalID: r.Params.ProfessionalId, DossierID: r.Params.DossierId}
	rows, next, err := h.s.Deliveries(ctx, f, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DeliveryList{Items: make([]api.Delivery, len(rows)), Next: api.Null(next)}
	for i, d := range rows {
		body.Items[i] = deliveryToAPI(d, names)
	}
	return api.ListDeliveries200JSONResponse{Body: body, Headers: api.ListDeliveries200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetDelivery implements GET /deliveries/{deliveryId}.
func (h *HTTP) GetDelivery(ctx context.Context, r api.GetDeliveryRequestObject) (api.GetDeliveryResponseObject, error) {
	d, err := h.s.Delivery(ctx, r.DeliveryId)
	body, err := h.delivery(ctx, d, err)
	return api.GetDelivery200JSONResponse{Body: body, Headers: api.GetDelivery200ResponseHeaders{ETag: body.Etag}}, err
}

// RetryDelivery implements POST /deliveries/{deliveryId}/retries.
func (h *HTTP) RetryDelivery(ctx context.Context, r api.RetryDeliveryRequestObject) (api.RetryDeliveryResponseObject, error) {
	d, err := h.s.Retry(ctx, etag.KeyOf(r.DeliveryId, r.Params.IfMatch))
	body, err := h.delivery(ctx, d, err)
	headers := api.RetryDelivery201ResponseHeaders{ETag: body.Etag, Location: "/v1/deliveries/" + body.Id.String()}
	return api.RetryDelivery201JSONResponse{Body: body, Headers: headers}, err
}

func (h *HTTP) delivery(ctx context.Context, d SeenDelivery, err error) (api.Delivery, error) {
	if err != nil {
		return api.Delivery{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Delivery{}, err
	}
	return deliveryToAPI(d, names), nil
}

func deliveryToAPI(d SeenDelivery, names *organisation.Names) api.Delivery {
	out := api.Delivery{
		Id: d.ID, Channel: api.DeliveryChannel(d.Channel), State: api.DeliveryState(d.State), ProfessionalId: d.ProfessionalID,
		Professional: names.Professional(d.ProfessionalID), DossierId: api.Null[uuid.UUID](nil), Dossier: api.Null[api.OptionalDossierRef](nil), Sequence: d.Seq, Attempts: d.Attempts,
		DueAt: d.DueAt.UTC(), NextTryAt: api.NullTime(d.NextTryAt), LastAnswer: api.NullText(d.LastAnswer), CreatedAt: d.CreatedAt.UTC(), ChangedAt: d.ChangedAt.UTC(),
		Etag: etag.Of(d.Delivery), AllowedOperations: d.Allowed,
	}
	if d.DossierID != uuid.Nil {
		out.DossierId.Set(d.DossierID)
		out.Dossier.Set(dossier.RefToAPI(d.Ref))
	}
	return out
}
