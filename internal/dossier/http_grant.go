package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListGrants implements GET /dossiers/{dossierId}/grants.
func (h *HTTP) ListGrants(ctx context.Context, r api.ListGrantsRequestObject) (api.ListGrantsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListGrants(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, grantToAPI)
	return api.ListGrants200JSONResponse{
		Body:    api.GrantList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListGrants200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// GrantAccess implements POST /dossiers/{dossierId}/grants.
func (h *HTTP) GrantAccess(ctx context.Context, r api.GrantAccessRequestObject) (api.GrantAccessResponseObject, error) {
	g, err := h.s.Grant(ctx, r.DossierId, NewGrant{
		ProfessionalID: r.Body.ProfessionalId, Categories: categoriesOf(r.Body.Categories), Level: authz.Level(r.Body.Level), Reason: r.Body.Reason, Until: r.Body.Until,
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, g, grantToAPI)
	return api.GrantAccess201JSONResponse{Body: body, Headers: api.GrantAccess201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "grants", g.Row.ID),
	}}, err
}

// categoriesOf is categories by their names.
func categoriesOf(slugs []string) []authz.Category {
	all := make([]authz.Category, len(slugs))
	for i, slug := range slugs {
		all[i] = categoryOf(slug)
	}
	return all
}

// GetGrant implements GET /dossiers/{dossierId}/grants/{grantId}.
func (h *HTTP) GetGrant(ctx context.Context, r api.GetGrantRequestObject) (api.GetGrantResponseObject, error) {
	g, err := h.s.GetGrant(ctx, r.DossierId, r.GrantId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, g, grantToAPI)
	return api.GetGrant200JSONResponse{Body: body, Headers: api.GetGrant200ResponseHeaders{ETag: body.Etag}}, err
}

// RevokeGrant implements POST /dossiers/{dossierId}/grants/{grantId}/revocations.
func (h *HTTP) RevokeGrant(ctx context.Context, r api.RevokeGrantRequestObject) (api.RevokeGrantResponseObject, error) {
	g, err := h.s.RevokeGrant(ctx, r.DossierId, etag.KeyOf(r.GrantId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderRevocation(ctx, h, g.Row.Revocation(), g.Dossier)
	return api.RevokeGrant201JSONResponse{Body: body, Headers: api.RevokeGrant201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "grants", g.Row.ID) + "/revocations/" + body.Id.String(),
	}}, err
}

// ListGrantRevocations implements GET /dossiers/{dossierId}/grants/{grantId}/revocations.
func (h *HTTP) ListGrantRevocations(ctx context.Context, r api.ListGrantRevocationsRequestObject) (api.ListGrantRevocationsResponseObject, error) {
	g, err := h.s.GetGrant(ctx, r.DossierId, r.GrantId)
	if err != nil {
		return nil, err
	}
	body, err := h.revocations(ctx, g.Row.Revocation(), g.Dossier)
	return api.ListGrantRevocations200JSONResponse{Body: body}, err
}

// GetGrantRevocation implements GET /dossiers/{dossierId}/grants/{grantId}/revocations/{grantRevocationId}.
func (h *HTTP) GetGrantRevocation(ctx context.Context, r api.GetGrantRevocationRequestObject) (api.GetGrantRevocationResponseObject, error) {
	g, err := h.s.GetGrant(ctx, r.DossierId, r.GrantId)
	if err != nil {
		return nil, err
	}
	body, err := h.revocation(ctx, g.Row.Revocation(), r.GrantRevocationId, g.Dossier)
	return api.GetGrantRevocation200JSONResponse{Body: body, Headers: api.GetGrantRevocation200ResponseHeaders{ETag: body.Etag}}, err
}

func grantToAPI(g Grant, names beside) api.Grant {
	out := api.Grant{
		Id: g.ID, DossierId: g.DossierID, Dossier: names.dossier, ProfessionalId: g.ProfessionalID, Professional: names.Professional(g.ProfessionalID),
		PartnerId: g.PartnerID, Partner: names.Partner(g.PartnerID), Categories: []string{}, Level: api.MatrixLevel(g.Level), Reason: g.Reason,
		From: g.Since.UTC(), Until: g.Until.UTC(), GrantedById: api.Null(g.GrantedBy), GrantedBy: names.Optional(g.GrantedBy),
		RevokedAt: api.NullTime(g.RevokedAt), Etag: etag.Of(g),
	}
	for _, c := range g.Categories {
		out.Categories = append(out.Categories, c.Slug())
	}
	return out
}
