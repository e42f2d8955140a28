package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListProfessionals gives a page of the professionals.
func (h *HTTP) ListProfessionals(ctx context.Context, r api.ListProfessionalsRequestObject) (api.ListProfessionalsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := ProfessionalFilter{
		PartnerID: r.Params.PartnerId, Role: api.As[string](r.Params.Role), Domain: api.As[string](r.Params.Domain),
	}
	rows, next, err := h.s.ListProfessionals(ctx, f, p)
	if err != nil {
		return nil, err
	}
	names, err := h.s.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.ProfessionalList{Items: make([]api.Professional, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = professionalToAPI(row, names)
	}
	return api.ListProfessionals200JSONResponse{Body: body, Headers: api.ListProfessionals200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreateProfessional registers a professional.
func (h *HTTP) CreateProfessional(ctx context.Context, r api.CreateProfessionalRequestObject) (api.CreateProfessionalResponseObject, error) {
	p, err := h.s.CreateProfessional(ctx, Professional{
		PartnerID: r.Body.PartnerId, Name: r.Body.Name, Email: r.Body.Email, Function: api.Or(r.Body.Function, ""),
		Roles: api.AsAll[identity.Role](r.Body.Roles), Language: string(api.Or(r.Body.Language, "")), Identities: identities(r.Body.Identities),
		ValidUntil: day(r.Body.ValidUntil), ScreeningUntil: day(r.Body.ScreeningUntil),
		SecrecyAcceptedOn: day(r.Body.SecrecyAcceptedOn), TrainedOn: day(r.Body.TrainedOn),
	})
	if err != nil {
		return nil, err
	}
	body, err := h.professional(ctx, p)
	return api.CreateProfessional201JSONResponse{
		Body: body, Headers: api.CreateProfessional201ResponseHeaders{ETag: body.Etag, Location: "/v1/professionals/" + p.ID.String()},
	}, err
}

// GetProfessional gives one professional.
func (h *HTTP) GetProfessional(ctx context.Context, r api.GetProfessionalRequestObject) (api.GetProfessionalResponseObject, error) {
	p, err := h.s.GetProfessional(ctx, r.ProfessionalId)
	if err != nil {
		return nil, err
	}
	body, err := h.professional(ctx, p)
	return api.GetProfessional200JSONResponse{Body: body, Headers: api.GetProfessional200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateProfessional changes a professional.
func (h *HTTP) UpdateProfessional(ctx context.Context, r api.UpdateProfessionalRequestObject) (api.UpdateProfessionalResponseObject, error) {
	p, err := h.s.UpdateProfessional(ctx, etag.KeyOf(r.ProfessionalId, r.Params.IfMatch), func(p *Professional) { change(p, *r.Body) })
	if err != nil {
		return nil, err
	}
	body, err := h.professional(ctx, p)
	return api.UpdateProfessional200JSONResponse{Body: body, Headers: api.UpdateProfessional200ResponseHeaders{ETag: body.Etag}}, err
}

func change(p *Professional, sent api.ProfessionalChange) {
	api.Put(&p.Name, sent.Name)
	api.Put(&p.Email, sent.Email)
	api.PutText(&p.Function, sent.Function)
	api.Put(&p.Language, api.As[string](sent.Language))
	putDay(&p.ValidUntil, sent.ValidUntil)
	putDay(&p.ScreeningUntil, sent.ScreeningUntil)
	putDay(&p.SecrecyAcceptedOn, sent.SecrecyAcceptedOn)
	putDay(&p.TrainedOn, sent.TrainedOn)
	if sent.Roles != nil {
		p.Roles = api.AsAll[identity.Role](*sent.Roles)
	}
	if sent.Identities != nil {
		p.Identities = identities(*sent.Identities)
	}
}

func identities(sent []api.PersonIdentity) []Identity {
	all := make([]Identity, len(sent))
	for i, one := range sent {
		all[i] = Identity(one)
	}
	return all
}

func (h *HTTP) professional(ctx context.Context, p Professional) (api.Professional, error) {
	names, err := h.s.Names(ctx)
	if err != nil {
		return api.Professional{}, err
	}
	return professionalToAPI(p, names), nil
}

func professionalToAPI(p Professional, names *Names) api.Professional {
	seen := api.Null[[]api.PersonIdentity](nil)
	if p.Identities != nil {
		all := make([]api.PersonIdentity, len(p.Identities))
		for i, one := range p.Identities {
			all[i] = api.PersonIdentity(one)
		}
		seen = api.Null(&all)
	}
	return api.Professional{
		Id: p.ID, PartnerId: p.PartnerID, Partner: names.Partner(p.PartnerID), Name: p.Name, Email: api.NullText(p.Email), MailRefusedAt: api.Null(p.MailRefusedAt),
		Function: api.NullText(p.Function), Roles: api.AsAll[api.Role](p.Roles), Language: api.Language(p.Language), Identities: seen,
		ValidUntil: api.NullDate(p.ValidUntil), ScreeningUntil: api.NullDate(p.ScreeningUntil),
		SecrecyAcceptedOn: api.NullDate(p.SecrecyAcceptedOn), TrainedOn: api.NullDate(p.TrainedOn), Etag: etag.Of(p),
	}
}
