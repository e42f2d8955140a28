package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListRegieChanges implements GET /dossiers/{dossierId}/regie-changes.
func (h *HTTP) ListRegieChanges(ctx context.Context, r api.ListRegieChangesRequestObject) (api.ListRegieChangesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListRegieChanges(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, regieToAPI)
	return api.ListRegieChanges200JSONResponse{
		Body:    api.RegieChangeList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListRegieChanges200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// ChangeRegie implements POST /dossiers/{dossierId}/regie-changes.
func (h *HTTP) ChangeRegie(ctx context.Context, r api.ChangeRegieRequestObject) (api.ChangeRegieResponseObject, error) {
	c := regieOf(r.Body)
	done, err := h.s.ChangeRegie(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), c)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, regieToAPI)
	return api.ChangeRegie201JSONResponse{Body: body, Headers: api.ChangeRegie201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "regie-changes", body.Id),
	}}, err
}

// GetRegieChange implements GET /dossiers/{dossierId}/regie-changes/{regieChangeId}.
func (h *HTTP) GetRegieChange(ctx context.Context, r api.GetRegieChangeRequestObject) (api.GetRegieChangeResponseObject, error) {
	c, err := h.s.GetRegieChange(ctx, r.DossierId, r.RegieChangeId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, regieToAPI)
	return api.GetRegieChange200JSONResponse{Body: body, Headers: api.GetRegieChange200ResponseHeaders{ETag: body.Etag}}, err
}

func regieOf(b *api.NewRegieChange) RegieChange {
	c := RegieChange{
		Phase: b.Phase, CaseDirectorID: b.CaseDirectorId, ChairID: b.ChairId, Criteria: b.Criteria, Reason: b.Reason, JumpReason: api.Or(b.JumpReason, ""),
		ProposedBy: b.ProposedById,
	}
	if b.ReviewDate != nil {
		c.ReviewDate = &b.ReviewDate.Time
	}
	for _, one := range b.Holders {
		c.Holders = append(c.Holders, Holder{
			Responsibility: Responsibility(one.Responsibility), Kind: HolderKind(one.Kind), ProfessionalID: one.ProfessionalId,
			Description: api.Or(one.Description, ""),
		})
	}
	return c
}

func regieToAPI(c RegieChange, names beside) api.RegieChange {
	holders := make([]api.RegieHolder, len(c.Holders))
	for i, one := range c.Holders {
		holders[i] = api.RegieHolder{
			Responsibility: api.RegieResponsibility(one.Responsibility), Kind: api.RegieHolderKind(one.Kind), ProfessionalId: api.Null(one.ProfessionalID),
			Professional: names.Optional(one.ProfessionalID), Description: api.NullText(one.Description),
		}
	}
	return api.RegieChange{
		Id: c.ID, DossierId: c.DossierID, Dossier: names.dossier, FromPhase: api.Null(c.FromPhase), Phase: api.Null(c.Phase), CaseDirectorId: api.Null(c.CaseDirectorID),
		CaseDirector: names.Optional(c.CaseDirectorID), ChairId: api.Null(c.ChairID), Chair: names.Optional(c.ChairID), Holders: holders,
		Criteria: api.Texts(c.Criteria), Reason: api.NullText(c.Reason), JumpReason: api.NullText(c.JumpReason), ReviewDate: api.NullDate(c.ReviewDate),
		TableId: api.Null(c.ByTable), ProposedById: api.Null(c.ProposedBy), ProposedBy: names.Optional(c.ProposedBy), DecidedAt: c.DecidedAt.UTC(),
		DecidedById: api.Null(&c.DecidedBy), DecidedBy: names.Optional(&c.DecidedBy), InNameOfId: api.Null(c.InNameOf), InNameOf: names.Optional(c.InNameOf),
		Etag: etag.Of(c),
	}
}

// ListClosures implements GET /dossiers/{dossierId}/closures.
func (h *HTTP) ListClosures(ctx context.Context, r api.ListClosuresRequestObject) (api.ListClosuresResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListClosures(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, closureToAPI)
	return api.ListClosures200JSONResponse{
		Body:    api.ClosureList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListClosures200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// CloseDossier implements POST /dossiers/{dossierId}/closures.
func (h *HTTP) CloseDossier(ctx context.Context, r api.CloseDossierRequestObject) (api.CloseDossierResponseObject, error) {
	c := Closure{Result: string(r.Body.Result), Reason: r.Body.Reason}
	for _, o := range r.Body.Outcomes {
		c.Outcomes = append(c.Outcomes, Outcome{Description: o.Description, Result: string(o.Result)})
	}
	done, err := h.s.Close(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), c)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, closureToAPI)
	return api.CloseDossier201JSONResponse{Body: body, Headers: api.CloseDossier201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "closures", body.Id),
	}}, err
}

// GetClosure implements GET /dossiers/{dossierId}/closures/{closureId}.
func (h *HTTP) GetClosure(ctx context.Context, r api.GetClosureRequestObject) (api.GetClosureResponseObject, error) {
	c, err := h.s.GetClosure(ctx, r.DossierId, r.ClosureId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, closureToAPI)
	return api.GetClosure200JSONResponse{Body: body, Headers: api.GetClosure200ResponseHeaders{ETag: body.Etag}}, err
}

func closureToAPI(c Closure, names beside) api.Closure {
	out := api.Closure{
		Id: c.ID, DossierId: c.DossierID, Dossier: names.dossier, Result: api.Result(c.Result), Outcomes: []api.Outcome{}, Reason: api.NullText(c.Reason),
		DecidedAt: c.DecidedAt.UTC(), DecidedById: api.Null(&c.DecidedBy), DecidedBy: names.Optional(&c.DecidedBy), Etag: etag.Of(c),
	}
	for _, o := range c.Outcomes {
		out.Outcomes = append(out.Outcomes, api.Outcome{Description: o.Description, Result: api.Result(o.Result)})
	}
	return out
}
