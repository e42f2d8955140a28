package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ListAccessRequests implements GET /access-requests.
func (h *HTTP) ListAccessRequests(ctx context.Context, r api.ListAccessRequestsRequestObject) (api.ListAccessRequestsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListRequests(ctx, RequestFilter{DossierID: r.Params.DossierId, Status: api.As[string](r.Params.Status)}, p)
	if err != nil {
		return nil, err
	}
	items, err := renderApart(ctx, h, found.Rows, requestToAPI)
	return api.ListAccessRequests200JSONResponse{
		Body:    api.AccessRequestList{Items: items, Next: api.Null(found.Next)},
		Headers: api.ListAccessRequests200ResponseHeaders{Link: page.Link(ctx, found.Next)},
	}, err
}

// RequestAccess implements POST /access-requests.
func (h *HTTP) RequestAccess(ctx context.Context, r api.RequestAccessRequestObject) (api.RequestAccessResponseObject, error) {
	category, err := authz.ParseCategory(r.Body.Category)
	if err != nil {
		return nil, problem.InvalidField("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	a := Asking{DossierID: r.Body.DossierId, Category: category, Purpose: r.Body.Purpose}
	api.Apply(r.Body.SupplierId, &a.SupplierID)
	in, err := h.s.RequestAccess(ctx, a)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, requestToAPI)
	return api.RequestAccess201JSONResponse{Body: body, Headers: api.RequestAccess201ResponseHeaders{ETag: body.Etag, Location: requestAt(body.Id)}}, err
}

func requestAt(id uuid.UUID) string { return "/v1/access-requests/" + id.String() }

// GetAccessRequest implements GET /access-requests/{accessRequestId}.
func (h *HTTP) GetAccessRequest(ctx context.Context, r api.GetAccessRequestRequestObject) (api.GetAccessRequestResponseObject, error) {
	in, err := h.s.GetRequest(ctx, r.AccessRequestId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, requestToAPI)
	return api.GetAccessRequest200JSONResponse{Body: body, Headers: api.GetAccessRequest200ResponseHeaders{ETag: body.Etag}}, err
}

// AnswerAccessRequest implements POST /access-requests/{accessRequestId}/answers.
func (h *HTTP) AnswerAccessRequest(ctx context.Context, r api.AnswerAccessRequestRequestObject) (api.AnswerAccessRequestResponseObject, error) {
	answer := AccessAnswer{Outcome: string(r.Body.Outcome), Note: r.Body.Note}
	in, err := h.s.AnswerRequest(ctx, etag.KeyOf(r.AccessRequestId, r.Params.IfMatch), answer)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, in, requestToAPI)
	return api.AnswerAccessRequest201JSONResponse{Body: body, Headers: api.AnswerAccessRequest201ResponseHeaders{
		ETag: body.Etag, Location: requestAt(body.Id),
	}}, err
}

func requestToAPI(r SeenRequest, names beside) api.AccessRequest {
	return api.AccessRequest{
		Id: r.ID, DossierId: r.DossierID, Dossier: names.dossier, Category: r.Category.Slug(), SupplierId: api.Null(r.SupplierID),
		Supplier: names.OptionalPartner(r.SupplierID), Purpose: r.Purpose, RequestedAt: r.RequestedAt.UTC(), ProfessionalId: r.ProfessionalID,
		Professional: names.Professional(r.ProfessionalID), PartnerId: r.PartnerID, Partner: names.Partner(r.PartnerID),
		Status: api.AccessRequestStatus(r.Status()), HandledAt: api.NullTime(r.AnsweredAt), Outcome: api.NullAs[api.AccessRequestOutcome](r.Outcome),
		Note: api.NullText(r.Note), AnsweredById: api.Null(r.AnsweredBy), AnsweredBy: names.Optional(r.AnsweredBy),
		Etag: etag.Of(r.AccessRequest), AllowedOperations: r.Allowed,
	}
}
