package dossier

import (
	"context"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListInformationRequests implements GET /dossiers/{dossierId}/information-requests.
func (h *HTTP) ListInformationRequests(ctx context.Context, r api.ListInformationRequestsRequestObject) (api.ListInformationRequestsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListInformationRequests(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, informationRequestToAPI)
	return api.ListInformationRequests200JSONResponse{
		Body:    api.InformationRequestList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListInformationRequests200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// AskForInformation implements POST /dossiers/{dossierId}/information-requests.
func (h *HTTP) AskForInformation(ctx context.Context, r api.AskForInformationRequestObject) (api.AskForInformationResponseObject, error) {
	n := NewInformationRequest{PartnerID: r.Body.PartnerId, Question: r.Body.Question, DueDate: r.Body.DueDate.Time}
	var err error
	if n.Category, err = authz.ParseCategory(r.Body.Category); err != nil {
		n.Category = noCategory
	}
	made, err := h.s.AskForInformation(ctx, r.DossierId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, made, informationRequestToAPI)
	return api.AskForInformation201JSONResponse{Body: body, Headers: api.AskForInformation201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "information-requests", body.Id),
	}}, err
}

// GetInformationRequest implements GET /dossiers/{dossierId}/information-requests/{informationRequestId}.
func (h *HTTP) GetInformationRequest(ctx context.Context, r api.GetInformationRequestRequestObject) (api.GetInformationRequestResponseObject, error) {
	found, err := h.s.GetInformationRequest(ctx, r.DossierId, r.InformationRequestId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, found, informationRequestToAPI)
	return api.GetInformationRequest200JSONResponse{Body: body, Headers: api.GetInformationRequest200ResponseHeaders{ETag: body.Etag}}, err
}

func informationRequestToAPI(s SeenInformationRequest, names beside) api.InformationRequest {
	return api.InformationRequest{
		Id: s.ID, DossierId: s.DossierID, Dossier: names.dossier, PartnerId: s.PartnerID, Partner: names.Partner(s.PartnerID), Category: s.Category.Slug(),
		Question: s.Question, DueDate: openapi_types.Date{Time: s.DueDate}, Status: api.InformationRequestStatus(s.Status()), Overdue: s.Late,
		AskedById: s.AskedBy, AskedBy: names.Professional(s.AskedBy), AskedAt: s.AskedAt.UTC(), Etag: etag.Of(s.InformationRequest), AllowedOperations: s.Allowed,
	}
}

// ListInformationAnswers implements GET /dossiers/{dossierId}/information-requests/{informationRequestId}/answers.
func (h *HTTP) ListInformationAnswers(ctx context.Context, r api.ListInformationAnswersRequestObject) (api.ListInformationAnswersResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListInformationAnswers(ctx, r.DossierId, r.InformationRequestId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, informationAnswerToAPI)
	return api.ListInformationAnswers200JSONResponse{
		Body:    api.InformationAnswerList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListInformationAnswers200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// AnswerInformationRequest implements POST /dossiers/{dossierId}/information-requests/{informationRequestId}/answers.
func (h *HTTP) AnswerInformationRequest(ctx context.Context, r api.AnswerInformationRequestRequestObject) (api.AnswerInformationRequestResponseObject, error) {
	a := InformationAnswer{ItemIDs: []uuid.UUID{}}
	if r.Body.ItemIds != nil {
		a.ItemIDs = r.Body.ItemIds
	}
	api.Put(&a.Reason, r.Body.Reason)
	made, err := h.s.AnswerInformationRequest(ctx, r.DossierId, etag.KeyOf(r.InformationRequestId, r.Params.IfMatch), a)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, made, informationAnswerToAPI)
	return api.AnswerInformationRequest201JSONResponse{Body: body, Headers: api.AnswerInformationRequest201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "information-requests", r.InformationRequestId) + "/answers/" + body.Id.String(),
	}}, err
}

// GetInformationAnswer implements GET /dossiers/{dossierId}/information-requests/{informationRequestId}/answers/{informationAnswerId}.
func (h *HTTP) GetInformationAnswer(ctx context.Context, r api.GetInformationAnswerRequestObject) (api.GetInformationAnswerResponseObject, error) {
	found, err := h.s.GetInformationAnswer(ctx, r.DossierId, r.InformationRequestId, r.InformationAnswerId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, found, informationAnswerToAPI)
	return api.GetInformationAnswer200JSONResponse{Body: body, Headers: api.GetInformationAnswer200ResponseHeaders{ETag: body.Etag}}, err
}

func informationAnswerToAPI(a InformationAnswer, names beside) api.InformationAnswer {
	return api.InformationAnswer{
		Id: a.ID, DossierId: a.DossierID, Dossier: names.dossier, Outcome: api.InformationOutcome(a.Outcome), ItemIds: a.ItemIDs, Reason: api.NullText(a.Reason),
		AnsweredById: api.Null(a.AnsweredBy), AnsweredBy: names.Optional(a.AnsweredBy), AnsweredPartnerId: a.AnsweredPartnerID,
		AnsweredPartner: names.Partner(a.AnsweredPartnerID), AnsweredAt: a.AnsweredAt.UTC(), Etag: etag.Of(a),
	}
}

// AddQuickNote implements POST /dossiers/{dossierId}/quick-notes.
func (h *HTTP) AddQuickNote(ctx context.Context, r api.AddQuickNoteRequestObject) (api.AddQuickNoteResponseObject, error) {
	n := NewItem{Text: r.Body.Text, Source: quickNote}
	if r.Body.LifeDomain != nil {
		n.LifeDomain = *r.Body.LifeDomain
	}
	seen, err := h.s.AddQuickNote(ctx, r.DossierId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, itemToAPI)
	return api.AddQuickNote201JSONResponse{Body: body, Headers: api.AddQuickNote201ResponseHeaders{
		ETag: seen.Row.Tag, Location: under(seen.Row.DossierID, "items", seen.Row.ID),
	}}, err
}
