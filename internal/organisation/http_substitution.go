package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListSubstitutions gives a page of who stands in for a professional.
func (h *HTTP) ListSubstitutions(ctx context.Context, r api.ListSubstitutionsRequestObject) (api.ListSubstitutionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListSubstitutions(ctx, r.ProfessionalId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.s.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.SubstitutionList{Items: make([]api.Substitution, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = substitutionToAPI(row, names)
	}
	return api.ListSubstitutions200JSONResponse{Body: body, Headers: api.ListSubstitutions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreateSubstitution lets somebody stand in.
func (h *HTTP) CreateSubstitution(ctx context.Context, r api.CreateSubstitutionRequestObject) (api.CreateSubstitutionResponseObject, error) {
	one, err := h.s.CreateSubstitution(ctx, Substitution{
		ProfessionalID: r.ProfessionalId, SubstituteID: r.Body.SubstituteId, From: r.Body.From, Until: r.Body.Until,
	})
	if err != nil {
		return nil, err
	}
	body, err := h.substitution(ctx, one)
	location := "/v1/professionals/" + one.ProfessionalID.String() + "/substitutions/" + one.ID.String()
	return api.CreateSubstitution201JSONResponse{
		Body: body, Headers: api.CreateSubstitution201ResponseHeaders{ETag: body.Etag, Location: location},
	}, err
}

// GetSubstitution gives one substitution.
func (h *HTTP) GetSubstitution(ctx context.Context, r api.GetSubstitutionRequestObject) (api.GetSubstitutionResponseObject, error) {
	one, err := h.s.GetSubstitution(ctx, r.ProfessionalId, r.SubstitutionId)
	if err != nil {
		return nil, err
	}
	body, err := h.substitution(ctx, one)
	return api.GetSubstitution200JSONResponse{Body: body, Headers: api.GetSubstitution200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateSubstitution changes the period of a substitution.
func (h *HTTP) UpdateSubstitution(ctx context.Context, r api.UpdateSubstitutionRequestObject) (api.UpdateSubstitutionResponseObject, error) {
	key := etag.KeyOf(r.SubstitutionId, r.Params.IfMatch)
	one, err := h.s.UpdateSubstitution(ctx, r.ProfessionalId, key, func(s *Substitution) {
		api.Put(&s.From, r.Body.From)
		api.Put(&s.Until, r.Body.Until)
	})
	if err != nil {
		return nil, err
	}
	body, err := h.substitution(ctx, one)
	return api.UpdateSubstitution200JSONResponse{Body: body, Headers: api.UpdateSubstitution200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) substitution(ctx context.Context, s Substitution) (api.Substitution, error) {
	names, err := h.s.Names(ctx)
	if err != nil {
		return api.Substitution{}, err
	}
	return substitutionToAPI(s, names), nil
}

func substitutionToAPI(s Substitution, names *Names) api.Substitution {
	return api.Substitution{
		Id: s.ID, ProfessionalId: s.ProfessionalID, Professional: names.Professional(s.ProfessionalID),
		SubstituteId: s.SubstituteID, Substitute: names.Professional(s.SubstituteID), From: s.From.UTC(), Until: s.Until.UTC(), Etag: etag.Of(s),
	}
}
