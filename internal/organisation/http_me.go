package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// GetMe gives who the caller is and what he may.
func (h *HTTP) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	body, err := h.me(ctx)
	return api.GetMe200JSONResponse{Body: body, Headers: api.GetMe200ResponseHeaders{ETag: body.Etag}}, err
}

// AcceptSecrecyStatement records that the caller accepts the statement of secrecy.
func (h *HTTP) AcceptSecrecyStatement(ctx context.Context, r api.AcceptSecrecyStatementRequestObject) (api.AcceptSecrecyStatementResponseObject, error) {
	unchanged := func(ctx context.Context) error {
		body, err := h.me(ctx)
		if err != nil {
			return err
		}
		body.Etag = "" // as it was when the tag was made of it
		return etag.Check(api.Or(r.Params.IfMatch, ""), body)
	}
	if err := h.s.AcceptSecrecy(ctx, unchanged); err != nil {
		return nil, err
	}
	body, err := h.me(ctx)
	return api.AcceptSecrecyStatement200JSONResponse{Body: body, Headers: api.AcceptSecrecyStatement200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) me(ctx context.Context) (body api.Me, err error) {
	me, err := h.s.Me(ctx)
	if err != nil {
		return body, err
	}
	names, err := h.s.Names(ctx)
	if err != nil {
		return body, err
	}
	return meToAPI(me, names), nil
}

func meToAPI(me Me, names *Names) api.Me {
	body := api.Me{
		Kind: api.MeKindSystem, Professional: names.Optional(me.Professional), Partner: names.Partner(me.PartnerID),
		PartnerType: me.PartnerType, Client: api.Null[api.OptionalClientRef](nil),
		Municipality:   api.MunicipalityRef{Id: me.Municipality.ID, Name: me.Municipality.Name},
		Municipalities: []api.MunicipalityRef{}, Roles: api.AsAll[api.Role](me.Roles), Requirements: []api.Requirement{}, Rights: []api.Right{},
	}
	if me.Professional != nil {
		body.Kind = api.MeKindPerson
	}
	if me.ClientID != nil {
		body.Client = api.Null(&api.OptionalClientRef{Id: *me.ClientID, Name: me.ClientName})
	}
	for _, m := range me.Municipalities {
		body.Municipalities = append(body.Municipalities, api.MunicipalityRef{Id: m.ID, Name: m.Name})
	}
	for _, r := range me.Requirements {
		body.Requirements = append(body.Requirements, api.Requirement{
			Requirement: api.RequirementRequirement(r.Name), Level: api.RequirementLevel(r.Level), Met: r.Met, Until: api.NullDate(r.Until),
		})
	}
	for _, r := range me.Rights {
		body.Rights = append(body.Rights, rightToAPI(r))
	}
	body.Etag = etag.Of(body)
	return body
}

func rightToAPI(r Right) api.Right {
	return api.Right{
		DossierType: api.DossierType(r.DossierType), Category: r.Category.Slug(), Level: api.MatrixLevel(r.Level),
		Acts: api.AsAll[api.Act](r.Level.Acts().Names()),
	}
}
