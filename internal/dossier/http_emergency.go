package dossier

import (
	"context"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// OverseeEmergencyAccesses implements GET /emergency-accesses.
func (h *HTTP) OverseeEmergencyAccesses(ctx context.Context, r api.OverseeEmergencyAccessesRequestObject) (api.OverseeEmergencyAccessesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.OverseeEmergencies(ctx, EmergencyFilter{Review: api.As[string](r.Params.Review)}, p)
	if err != nil {
		return nil, err
	}
	items, err := renderApart(ctx, h, found.Rows, emergencyToAPI)
	return api.OverseeEmergencyAccesses200JSONResponse{
		Body:    api.EmergencyAccessList{Items: items, Next: api.Null(found.Next)},
		Headers: api.OverseeEmergencyAccesses200ResponseHeaders{Link: page.Link(ctx, found.Next)},
	}, err
}

// OpenEmergencyAccess implements POST /emergency-accesses.
func (h *HTTP) OpenEmergencyAccess(ctx context.Context, r api.OpenEmergencyAccessRequestObject) (api.OpenEmergencyAccessResponseObject, error) {
	o := Emergency{Number: r.Body.DossierNumber, Purpose: r.Body.Purpose, Hours: api.Or(r.Body.Hours, longestHours)}
	in, err := h.s.OpenEmergency(ctx, o)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, emergencyToAPI)
	return api.OpenEmergencyAccess201JSONResponse{Body: body, Headers: api.OpenEmergencyAccess201ResponseHeaders{
		ETag: body.Etag, Location: glassAt(in.Row.DossierID, in.Row.ID),
	}}, err
}

func glassAt(dossier, id uuid.UUID) string { return under(dossier, "emergency-accesses", id) }

// ListEmergencyAccesses implements GET /dossiers/{dossierId}/emergency-accesses.
func (h *HTTP) ListEmergencyAccesses(ctx context.Context, r api.ListEmergencyAccessesRequestObject) (api.ListEmergencyAccessesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListEmergencies(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, emergencyToAPI)
	return api.ListEmergencyAccesses200JSONResponse{
		Body:    api.EmergencyAccessList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListEmergencyAccesses200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// GetEmergencyAccess implements GET /dossiers/{dossierId}/emergency-accesses/{accessId}.
func (h *HTTP) GetEmergencyAccess(ctx context.Context, r api.GetEmergencyAccessRequestObject) (api.GetEmergencyAccessResponseObject, error) {
	in, err := h.s.GetEmergency(ctx, r.DossierId, r.AccessId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, emergencyToAPI)
	return api.GetEmergencyAccess200JSONResponse{Body: body, Headers: api.GetEmergencyAccess200ResponseHeaders{ETag: body.Etag}}, err
}

// EndEmergencyAccess implements POST /dossiers/{dossierId}/emergency-accesses/{accessId}/endings.
func (h *HTTP) EndEmergencyAccess(ctx context.Context, r api.EndEmergencyAccessRequestObject) (api.EndEmergencyAccessResponseObject, error) {
	in, err := h.s.EndEmergency(ctx, r.DossierId, etag.KeyOf(r.AccessId, r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, emergencyToAPI)
	return api.EndEmergencyAccess201JSONResponse{Body: body, Headers: api.EndEmergencyAccess201ResponseHeaders{
		ETag: body.Etag, Location: glassAt(r.DossierId, body.Id),
	}}, err
}

// ReviewEmergencyAccess implements POST /dossiers/{dossierId}/emergency-accesses/{accessId}/reviews.
func (h *HTTP) ReviewEmergencyAccess(ctx context.Context, r api.ReviewEmergencyAccessRequestObject) (api.ReviewEmergencyAccessResponseObject, error) {
	review := Review{Outcome: string(r.Body.Outcome), Findings: r.Body.Findings}
	in, err := h.s.ReviewEmergency(ctx, r.DossierId, etag.KeyOf(r.AccessId, r.Params.IfMatch), review)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, emergencyToAPI)
	return api.ReviewEmergencyAccess201JSONResponse{Body: body, Headers: api.ReviewEmergencyAccess201ResponseHeaders{
		ETag: body.Etag, Location: glassAt(r.DossierId, body.Id),
	}}, err
}

func emergencyToAPI(e SeenEmergency, names beside) api.EmergencyAccess {
	return api.EmergencyAccess{
		Id: e.ID, DossierId: e.DossierID, Dossier: names.dossier, ProfessionalId: e.ProfessionalID, Professional: names.Professional(e.ProfessionalID),
		PartnerId: e.PartnerID, Partner: names.Partner(e.PartnerID), Purpose: e.Purpose, From: e.Since.UTC(), Until: e.Until.UTC(),
		ReviewDue: openapi_types.Date{Time: e.ReviewDue}, Overdue: e.Overdue, Outcome: api.NullAs[api.EmergencyOutcome](e.Outcome),
		Findings: api.NullText(e.Findings), ReviewedAt: api.NullTime(e.ReviewedAt), ReviewedById: api.Null(e.ReviewedBy),
		ReviewedBy: names.Optional(e.ReviewedBy), Etag: etag.Of(e.EmergencyAccess), AllowedOperations: e.Allowed,
	}
}

// renderApart shows rows of several dossiers.
func renderApart[Row, Out any](ctx context.Context, h *HTTP, rows []Within[Row], toAPI func(Row, beside) Out) ([]Out, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Out, len(rows))
	for i, in := range rows {
		out[i] = toAPI(in.Row, beside{names, RefToAPI(in.Dossier)})
	}
	return out, nil
}
