package plan

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListApproaches implements GET /dossiers/{dossierId}/approaches.
func (h *HTTP) ListApproaches(ctx context.Context, r api.ListApproachesRequestObject) (api.ListApproachesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.Approaches(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, link, err := named(ctx, h, found, approachToAPI)
	return api.ListApproaches200JSONResponse{
		Body: api.ApproachList{Items: items, Next: api.Null(found.Next)}, Headers: api.ListApproaches200ResponseHeaders{Link: link},
	}, err
}

// ChooseApproach implements POST /dossiers/{dossierId}/approaches.
func (h *HTTP) ChooseApproach(ctx context.Context, r api.ChooseApproachRequestObject) (api.ChooseApproachResponseObject, error) {
	a := Approach{Description: r.Body.Description, DecisionID: r.Body.DecisionId, PlanID: r.Body.PlanId}
	for _, one := range r.Body.Alternatives {
		a.Alternatives = append(a.Alternatives, Alternative(one))
	}
	in, err := h.s.ChooseApproach(ctx, r.DossierId, a)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, approachToAPI)
	headers := api.ChooseApproach201ResponseHeaders{ETag: body.Etag, Location: under(r.DossierId, "approaches", body.Id)}
	return api.ChooseApproach201JSONResponse{Body: body, Headers: headers}, err
}

// GetApproach implements GET /dossiers/{dossierId}/approaches/{approachId}.
func (h *HTTP) GetApproach(ctx context.Context, r api.GetApproachRequestObject) (api.GetApproachResponseObject, error) {
	in, err := h.s.Approach(ctx, r.DossierId, r.ApproachId)
	if err != nil {
		return nil, err
	}
	body, err := render(ctx, h, in, approachToAPI)
	return api.GetApproach200JSONResponse{Body: body, Headers: api.GetApproach200ResponseHeaders{ETag: body.Etag}}, err
}

func approachToAPI(in In[Approach], names *organisation.Names) api.Approach {
	a := in.Row
	alternatives := make([]api.Alternative, len(a.Alternatives))
	for i, one := range a.Alternatives {
		alternatives[i] = api.Alternative(one)
	}
	return api.Approach{
		Id: a.ID, DossierId: a.DossierID, Dossier: dossier.RefToAPI(in.Ref), Description: a.Description, Alternatives: alternatives,
		DecisionId: a.DecisionID, PlanId: api.Null(a.PlanID), Current: a.Current, ChosenAt: a.ChosenAt.UTC(), ChosenById: a.ChosenBy,
		ChosenBy: names.Professional(a.ChosenBy), Etag: etag.Of(a),
	}
}
