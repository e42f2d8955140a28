package privacy

import (
	"context"

	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListCooperations implements GET /cooperations.
func (h *HTTP) ListCooperations(ctx context.Context, r api.ListCooperationsRequestObject) (api.ListCooperationsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListCooperations(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.CooperationList{Items: make([]api.Cooperation, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = cooperationToAPI(SeenCooperation{Cooperation: row}, names)
	}
	return api.ListCooperations200JSONResponse{Body: body, Headers: api.ListCooperations200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// RegisterCooperation implements POST /cooperations.
func (h *HTTP) RegisterCooperation(ctx context.Context, r api.RegisterCooperationRequestObject) (api.RegisterCooperationResponseObject, error) {
	c := Cooperation{Name: r.Body.Name, Basis: dossier.Basis(r.Body.Basis), PartnerIDs: r.Body.PartnerIds}
	c.arrange(r.Body.Arrangement)
	c.contact(r.Body.ContactPoint)
	body, err := h.cooperation(ctx)(h.s.RegisterCooperation(ctx, c))
	return api.RegisterCooperation201JSONResponse{Body: body, Headers: api.RegisterCooperation201ResponseHeaders{ETag: body.Etag, Location: cooperationPlace(body)}}, err
}

// GetCooperation implements GET /cooperations/{cooperationId}.
func (h *HTTP) GetCooperation(ctx context.Context, r api.GetCooperationRequestObject) (api.GetCooperationResponseObject, error) {
	body, err := h.cooperation(ctx)(h.s.GetCooperation(ctx, r.CooperationId))
	return api.GetCooperation200JSONResponse{Body: body, Headers: api.GetCooperation200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateCooperation implements PATCH /cooperations/{cooperationId}.
func (h *HTTP) UpdateCooperation(ctx context.Context, r api.UpdateCooperationRequestObject) (api.UpdateCooperationResponseObject, error) {
	body, err := h.cooperation(ctx)(h.s.UpdateCooperation(ctx, etag.KeyOf(r.CooperationId, r.Params.IfMatch), func(c *Cooperation) {
		api.Put(&c.Name, r.Body.Name)
		api.Put(&c.PartnerIDs, r.Body.PartnerIds)
		if r.Body.Arrangement.IsSpecified() {
			c.arrange(api.Sent(r.Body.Arrangement))
		}
		if r.Body.ContactPoint.IsSpecified() {
			c.contact(api.Sent(r.Body.ContactPoint))
		}
	}))
	return api.UpdateCooperation200JSONResponse{Body: body, Headers: api.UpdateCooperation200ResponseHeaders{ETag: body.Etag}}, err
}

// ActivateCooperation implements POST /cooperations/{cooperationId}/activations.
func (h *HTTP) ActivateCooperation(ctx context.Context, r api.ActivateCooperationRequestObject) (api.ActivateCooperationResponseObject, error) {
	body, err := h.cooperation(ctx)(h.s.ActivateCooperation(ctx, etag.KeyOf(r.CooperationId, r.Params.IfMatch), r.Body.Reason))
	return api.ActivateCooperation201JSONResponse{Body: body, Headers: api.ActivateCooperation201ResponseHeaders{ETag: body.Etag, Location: cooperationPlace(body)}}, err
}

// EndCooperation implements POST /cooperations/{cooperationId}/endings.
func (h *HTTP) EndCooperation(ctx context.Context, r api.EndCooperationRequestObject) (api.EndCooperationResponseObject, error) {
	body, err := h.cooperation(ctx)(h.s.EndCooperation(ctx, etag.KeyOf(r.CooperationId, r.Params.IfMatch), r.Body.Reason))
	return api.EndCooperation201JSONResponse{Body: body, Headers: api.EndCooperation201ResponseHeaders{ETag: body.Etag, Location: cooperationPlace(body)}}, err
}

// arrange puts the arrangement as it was sent; nil is none.
func (c *Cooperation) arrange(a *api.JointArrangement) {
	c.ArrangementReference, c.ArrangedOn = "", nil
	if a != nil {
		c.ArrangementReference, c.ArrangedOn = a.Reference, &a.AgreedOn.Time
	}
}

// contact puts the contact point as it was sent; nil is none.
func (c *Cooperation) contact(p *api.ContactPoint) {
	c.ContactName, c.ContactEmail, c.ContactPhone = "", "", ""
	if p != nil {
		c.ContactName, c.ContactEmail, c.ContactPhone = p.Name, p.Email, api.Or(p.Phone, "")
	}
}

func cooperationPlace(c api.Cooperation) string { return "/v1/cooperations/" + c.Id.String() }

// cooperation is the one cooperation of an answer of the service.
func (h *HTTP) cooperation(ctx context.Context) func(SeenCooperation, error) (api.Cooperation, error) {
	return func(seen SeenCooperation, err error) (api.Cooperation, error) {
		if err != nil {
			return api.Cooperation{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.Cooperation{}, err
		}
		return cooperationToAPI(seen, names), nil
	}
}

func cooperationToAPI(c SeenCooperation, names *organisation.Names) api.Cooperation {
	out := api.Cooperation{
		Id: c.ID, Name: c.Name, Basis: api.LegalBasis(c.Basis), PartnerIds: c.PartnerIDs, Partners: make([]api.PartnerRef, len(c.PartnerIDs)),
		Arrangement: nullable.NewNullNullable[api.JointArrangement](), ContactPoint: nullable.NewNullNullable[api.ContactPoint](),
		Status: api.CooperationStatus(c.Status), StatusReason: api.NullText(c.StatusReason), ActivatedAt: api.NullTime(c.ActivatedAt),
		EndedAt: api.NullTime(c.EndedAt), Etag: etag.Of(c.Cooperation), AllowedOperations: c.Allowed,
	}
	for i, id := range c.PartnerIDs {
		out.Partners[i] = names.Partner(id)
	}
	if c.ArrangedOn != nil {
		out.Arrangement.Set(api.JointArrangement{Reference: c.ArrangementReference, AgreedOn: openapi.Date{Time: *c.ArrangedOn}})
	}
	if c.ContactEmail != "" {
		point := api.ContactPoint{Name: c.ContactName, Email: c.ContactEmail}
		if c.ContactPhone != "" {
			point.Phone = &c.ContactPhone
		}
		out.ContactPoint.Set(point)
	}
	return out
}
