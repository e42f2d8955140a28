package plan

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPreconditions implements GET /dossiers/{dossierId}/preconditions.
func (h *HTTP) ListPreconditions(ctx context.Context, r api.ListPreconditionsRequestObject) (api.ListPreconditionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, missing, err := h.s.Preconditions(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, link, err := named(ctx, h, found, preconditionToAPI)
	return api.ListPreconditions200JSONResponse{
		Body:    api.PreconditionList{Items: items, Missing: missing, Next: api.Null(found.Next)},
		Headers: api.ListPreconditions200ResponseHeaders{Link: link},
	}, err
}

// RecordPrecondition implements POST /dossiers/{dossierId}/preconditions.
func (h *HTTP) RecordPrecondition(ctx context.Context, r api.RecordPreconditionRequestObject) (api.RecordPreconditionResponseObject, error) {
	a := PreconditionAnswer{Precondition: r.Body.Precondition, Answer: string(r.Body.Answer)}
	api.Put(&a.Note, r.Body.Note)
	in, err := h.s.AnswerPrecondition(ctx, r.DossierId, a)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, preconditionToAPI)
	headers := api.RecordPrecondition201ResponseHeaders{ETag: body.Etag, Location: under(r.DossierId, "preconditions", body.Id)}
	return api.RecordPrecondition201JSONResponse{Body: body, Headers: headers}, err
}

// GetPrecondition implements GET /dossiers/{dossierId}/preconditions/{preconditionId}.
func (h *HTTP) GetPrecondition(ctx context.Context, r api.GetPreconditionRequestObject) (api.GetPreconditionResponseObject, error) {
	in, err := h.s.Precondition(ctx, r.DossierId, r.PreconditionId)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, preconditionToAPI)
	return api.GetPrecondition200JSONResponse{Body: body, Headers: api.GetPrecondition200ResponseHeaders{ETag: body.Etag}}, err
}

func preconditionToAPI(in In[PreconditionAnswer], names *organisation.Names) api.Precondition {
	a := in.Row
	return api.Precondition{
		Id: a.ID, DossierId: a.DossierID, Dossier: dossier.RefToAPI(in.Ref), Precondition: a.Precondition, Answer: api.CriterionAnswer(a.Answer),
		Note: api.NullText(a.Note), Current: a.Current, AnsweredAt: a.AnsweredAt.UTC(), AnsweredById: api.Null(a.AnsweredBy),
		AnsweredBy: names.Optional(a.AnsweredBy), AnsweredPartnerId: a.PartnerID, AnsweredPartner: names.Partner(a.PartnerID), Etag: etag.Of(a),
	}
}

// ListPreconditionOverrides implements GET /dossiers/{dossierId}/precondition-overrides.
func (h *HTTP) ListPreconditionOverrides(ctx context.Context, r api.ListPreconditionOverridesRequestObject) (api.ListPreconditionOverridesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.Overrides(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, link, err := named(ctx, h, found, overrideToAPI)
	return api.ListPreconditionOverrides200JSONResponse{
		Body:    api.PreconditionOverrideList{Items: items, Next: api.Null(found.Next)},
		Headers: api.ListPreconditionOverrides200ResponseHeaders{Link: link},
	}, err
}

// OverridePreconditions implements POST /dossiers/{dossierId}/precondition-overrides.
func (h *HTTP) OverridePreconditions(ctx context.Context, r api.OverridePreconditionsRequestObject) (api.OverridePreconditionsResponseObject, error) {
	in, err := h.s.OverridePreconditions(ctx, r.DossierId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, overrideToAPI)
	headers := api.OverridePreconditions201ResponseHeaders{ETag: body.Etag, Location: under(r.DossierId, "precondition-overrides", body.Id)}
	return api.OverridePreconditions201JSONResponse{Body: body, Headers: headers}, err
}

// GetPreconditionOverride implements GET /dossiers/{dossierId}/precondition-overrides/{preconditionOverrideId}.
func (h *HTTP) GetPreconditionOverride(ctx context.Context, r api.GetPreconditionOverrideRequestObject) (api.GetPreconditionOverrideResponseObject, error) {
	in, err := h.s.Override(ctx, r.DossierId, r.PreconditionOverrideId)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, overrideToAPI)
	return api.GetPreconditionOverride200JSONResponse{Body: body, Headers: api.GetPreconditionOverride200ResponseHeaders{ETag: body.Etag}}, err
}

func overrideToAPI(in In[Override], names *organisation.Names) api.PreconditionOverride {
	o := in.Row
	return api.PreconditionOverride{
		Id: o.ID, DossierId: o.DossierID, Dossier: dossier.RefToAPI(in.Ref), Missing: o.Missing, Reason: o.Reason, DecidedAt: o.DecidedAt.UTC(),
		DecidedById: o.DecidedBy, DecidedBy: names.Professional(o.DecidedBy), Etag: etag.Of(o),
	}
}
