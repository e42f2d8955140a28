package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListPartners gives a page of the partners.
func (h *HTTP) ListPartners(ctx context.Context, r api.ListPartnersRequestObject) (api.ListPartnersResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := PartnerFilter{Type: r.Params.Type, Domain: api.As[string](r.Params.Domain), Status: api.As[string](r.Params.Status)}
	rows, next, err := h.s.ListPartners(ctx, f, p)
	if err != nil {
		return nil, err
	}
	body := api.PartnerList{Items: make([]api.Partner, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = partnerToAPI(row)
	}
	return api.ListPartners200JSONResponse{Body: body, Headers: api.ListPartners200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreatePartner registers a partner.
func (h *HTTP) CreatePartner(ctx context.Context, r api.CreatePartnerRequestObject) (api.CreatePartnerResponseObject, error) {
	p, err := h.s.CreatePartner(ctx, Partner{
		Name: r.Body.Name, Type: r.Body.Type, Domain: string(r.Body.Domain), Oin: r.Body.Oin, ContactEmail: api.Or(r.Body.ContactEmail, ""),
		CovenantFrom: day(r.Body.CovenantFrom), CovenantUntil: day(r.Body.CovenantUntil),
	})
	if err != nil {
		return nil, err
	}
	body := partnerToAPI(p)
	return api.CreatePartner201JSONResponse{
		Body: body, Headers: api.CreatePartner201ResponseHeaders{ETag: body.Etag, Location: "/v1/partners/" + p.ID.String()},
	}, nil
}

// GetPartner gives one partner.
func (h *HTTP) GetPartner(ctx context.Context, r api.GetPartnerRequestObject) (api.GetPartnerResponseObject, error) {
	p, err := h.s.GetPartner(ctx, r.PartnerId)
	if err != nil {
		return nil, err
	}
	body := partnerToAPI(p)
	return api.GetPartner200JSONResponse{Body: body, Headers: api.GetPartner200ResponseHeaders{ETag: body.Etag}}, nil
}

// UpdatePartner changes or suspends a partner.
func (h *HTTP) UpdatePartner(ctx context.Context, r api.UpdatePartnerRequestObject) (api.UpdatePartnerResponseObject, error) {
	p, err := h.s.UpdatePartner(ctx, etag.KeyOf(r.PartnerId, r.Params.IfMatch), func(p *Partner) {
		api.Put(&p.Name, r.Body.Name)
		api.Put(&p.Domain, api.As[string](r.Body.Domain))
		api.Put(&p.Status, api.As[string](r.Body.Status))
		api.PutText(&p.ContactEmail, r.Body.ContactEmail)
		api.Apply(r.Body.Oin, &p.Oin)
		putDay(&p.CovenantFrom, r.Body.CovenantFrom)
		putDay(&p.CovenantUntil, r.Body.CovenantUntil)
	})
	if err != nil {
		return nil, err
	}
	body := partnerToAPI(p)
	return api.UpdatePartner200JSONResponse{Body: body, Headers: api.UpdatePartner200ResponseHeaders{ETag: body.Etag}}, nil
}

func partnerToAPI(p Partner) api.Partner {
	return api.Partner{
		Id: p.ID, Name: p.Name, Type: p.Type, Domain: api.PartnerDomain(p.Domain), Oin: api.Null(p.Oin), Status: api.PartnerStatus(p.Status),
		ContactEmail: api.NullText(p.ContactEmail), CovenantFrom: api.NullDate(p.CovenantFrom), CovenantUntil: api.NullDate(p.CovenantUntil), Etag: etag.Of(p),
	}
}
