package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListLinks implements GET /dossiers/{dossierId}/links.
func (h *HTTP) ListLinks(ctx context.Context, r api.ListLinksRequestObject) (api.ListLinksResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := LinkFilter{Kind: api.As[string](r.Params.Kind), Direction: api.As[string](r.Params.Direction), Ended: r.Params.Ended != nil && *r.Params.Ended}
	found, err := h.s.ListLinks(ctx, r.DossierId, f, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, linkToAPI)
	return api.ListLinks200JSONResponse{
		Body:    api.DossierLinkList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListLinks200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// AddLink implements POST /dossiers/{dossierId}/links.
func (h *HTTP) AddLink(ctx context.Context, r api.AddLinkRequestObject) (api.AddLinkResponseObject, error) {
	l := Link{OtherDossierID: r.Body.OtherDossierId, Kind: string(r.Body.Kind), ImpactScore: r.Body.ImpactScore}
	for value, to := range map[*string]*string{r.Body.Note: &l.Note, r.Body.Ground: &l.Ground, api.As[string](r.Body.Strength): &l.Strength} {
		if value != nil {
			*to = *value
		}
	}
	seen, err := h.s.AddLink(ctx, r.DossierId, l)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, linkToAPI)
	return api.AddLink201JSONResponse{Body: body, Headers: api.AddLink201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "links", body.Id),
	}}, err
}

// GetLink implements GET /dossiers/{dossierId}/links/{linkId}.
func (h *HTTP) GetLink(ctx context.Context, r api.GetLinkRequestObject) (api.GetLinkResponseObject, error) {
	seen, err := h.s.GetLink(ctx, r.DossierId, r.LinkId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, linkToAPI)
	return api.GetLink200JSONResponse{Body: body, Headers: api.GetLink200ResponseHeaders{ETag: body.Etag}}, err
}

// EndLink implements POST /dossiers/{dossierId}/links/{linkId}/endings.
func (h *HTTP) EndLink(ctx context.Context, r api.EndLinkRequestObject) (api.EndLinkResponseObject, error) {
	seen, err := h.s.EndLink(ctx, r.DossierId, etag.KeyOf(r.LinkId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, linkToAPI)
	return api.EndLink201JSONResponse{Body: body, Headers: api.EndLink201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "links", body.Id),
	}}, err
}

func linkToAPI(s SeenLink, names beside) api.DossierLink {
	out := api.DossierLink{
		Id: s.Link.ID, DossierId: s.From, Dossier: names.dossier, OtherDossierId: s.Other.ID, OtherDossier: RefToAPI(s.Other), Kind: api.LinkKind(s.Kind),
		Direction: api.DossierLinkDirectionOutgoing, Note: api.NullText(s.Note), AddedAt: s.AddedAt.UTC(), AddedById: api.Null(s.AddedBy),
		AddedBy: names.Optional(s.AddedBy), ImpactScore: api.Null(s.ImpactScore), Strength: api.NullAs[api.LinkStrength](s.Strength),
		Hypothesis: s.Kind == causeEffect, Ground: api.NullText(s.Ground), EndedAt: api.NullTime(s.EndedAt), EndedById: api.Null(s.EndedBy),
		EndedBy: names.Optional(s.EndedBy), EndReason: api.NullText(s.EndReason), Etag: etag.Of(s.Link),
	}
	if s.From != s.Link.DossierID {
		out.Direction = api.DossierLinkDirectionIncoming
	}
	return out
}
