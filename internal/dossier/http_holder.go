package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// GetRegieHolders implements GET /dossiers/{dossierId}/regie-holders.
func (h *HTTP) GetRegieHolders(ctx context.Context, r api.GetRegieHoldersRequestObject) (api.GetRegieHoldersResponseObject, error) {
	in, err := h.s.RegieAt(ctx, r.DossierId, r.Params.At)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, holdersToAPI)
	return api.GetRegieHolders200JSONResponse{Body: body, Headers: api.GetRegieHolders200ResponseHeaders{ETag: body.Etag}}, err
}

func holdersToAPI(r Regie, names beside) api.RegieHolders {
	body := api.RegieHolders{DossierId: r.DossierID, Dossier: names.dossier, Phase: api.Null(r.Phase), Holders: make([]api.RegieSeat, len(r.Seats))}
	for i, seat := range r.Seats {
		one := api.RegieSeat{
			Responsibility: api.RegieResponsibility(seat.Responsibility), Kind: api.RegieHolderKind(seat.Kind), ProfessionalId: api.Null(seat.ProfessionalID),
			Professional: names.Optional(seat.ProfessionalID), Description: api.NullText(seat.Description), RegieChangeId: api.Null(seat.ChangeID),
			Substitutes: names.all(seat.Substitutes), ProposedKind: api.NullText(""), ProposedDescription: api.NullText(""), Since: api.NullTime(nil),
		}
		if !seat.Since.IsZero() {
			one.Since = api.NullTime(&seat.Since)
		}
		if p := seat.Proposed; p != nil {
			one.ProposedKind, one.ProposedDescription = api.NullText(string(p.Kind)), api.NullText(p.Description)
		}
		body.Holders[i] = one
	}
	body.Etag = etag.Of(r)
	body.AsOf = r.At.UTC()
	return body
}

func (b beside) all(ids []uuid.UUID) []api.ProfessionalRef {
	refs := make([]api.ProfessionalRef, len(ids))
	for i, id := range ids {
		refs[i] = b.Professional(id)
	}
	return refs
}

// GetRegieDefaults implements GET /regie-defaults.
func (h *HTTP) GetRegieDefaults(ctx context.Context, _ api.GetRegieDefaultsRequestObject) (api.GetRegieDefaultsResponseObject, error) {
	r, err := h.s.GetRegieDefaults(ctx)
	if err != nil {
		return nil, err
	}
	body := defaultsToAPI(r)
	return api.GetRegieDefaults200JSONResponse{Body: body, Headers: api.GetRegieDefaults200ResponseHeaders{ETag: body.Etag}}, nil
}

// SetRegieDefaults implements PUT /regie-defaults.
func (h *HTTP) SetRegieDefaults(ctx context.Context, r api.SetRegieDefaultsRequestObject) (api.SetRegieDefaultsResponseObject, error) {
	wanted := RegieDefault{StagnationDays: r.Body.StagnationDays}
	for _, one := range r.Body.Holders {
		wanted.Holders = append(wanted.Holders, DefaultHolder{
			Phase: one.Phase, Responsibility: Responsibility(one.Responsibility), Kind: HolderKind(one.Kind), Description: api.Or(one.Description, ""),
		})
	}
	set, err := h.s.SetRegieDefaults(ctx, api.Or(r.Params.IfMatch, ""), wanted)
	if err != nil {
		return nil, err
	}
	body := defaultsToAPI(set)
	return api.SetRegieDefaults200JSONResponse{Body: body, Headers: api.SetRegieDefaults200ResponseHeaders{ETag: body.Etag}}, nil
}

func defaultsToAPI(r RegieDefault) api.RegieDefaults {
	body := api.RegieDefaults{
		StagnationDays: r.StagnationDays, Inferred: r.Inferred(), Holders: make([]api.RegieDefault, len(r.Holders)), Etag: etag.Of(r.tagged()),
	}
	for i, one := range r.Holders {
		body.Holders[i] = api.RegieDefault{
			Phase: one.Phase, Responsibility: api.RegieResponsibility(one.Responsibility), Kind: api.RegieDefaultKind(one.Kind), Description: api.NullText(one.Description),
		}
	}
	return body
}
