package privacy

import (
	"context"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListDataSubjectRequests implements GET /data-subject-requests.
func (h *HTTP) ListDataSubjectRequests(ctx context.Context, r api.ListDataSubjectRequestsRequestObject) (api.ListDataSubjectRequestsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.SubjectRequests(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DataSubjectRequestList{Items: make([]api.DataSubjectRequest, len(in.Rows)), Next: api.Null(in.Next)}
	for i, row := range in.Rows {
		body.Items[i] = subjectRequestToAPI(row, in, names)
	}
	return api.ListDataSubjectRequests200JSONResponse{Body: body, Headers: api.ListDataSubjectRequests200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// RecordDataSubjectRequest implements POST /data-subject-requests.
func (h *HTTP) RecordDataSubjectRequest(ctx context.Context, r api.RecordDataSubjectRequestRequestObject) (api.RecordDataSubjectRequestResponseObject, error) {
	b := r.Body
	body, err := h.subjectRequest(ctx)(h.s.RecordSubjectRequest(ctx, NewSubjectRequest{
		Kind: string(b.Kind), PersonID: b.PersonId, ReceivedOn: b.ReceivedOn.Time, Channel: string(b.Channel), IdentityCheck: string(b.IdentityCheck),
	}))
	return api.RecordDataSubjectRequest201JSONResponse{Body: body, Headers: api.RecordDataSubjectRequest201ResponseHeaders{ETag: body.Etag, Location: requestPlace(body)}}, err
}

// GetDataSubjectRequest implements GET /data-subject-requests/{dataSubjectRequestId}.
func (h *HTTP) GetDataSubjectRequest(ctx context.Context, r api.GetDataSubjectRequestRequestObject) (api.GetDataSubjectRequestResponseObject, error) {
	body, err := h.subjectRequest(ctx)(h.s.SubjectRequest(ctx, r.DataSubjectRequestId))
	return api.GetDataSubjectRequest200JSONResponse{Body: body, Headers: api.GetDataSubjectRequest200ResponseHeaders{ETag: body.Etag}}, err
}

// ExtendDataSubjectRequest implements POST /data-subject-requests/{dataSubjectRequestId}/extensions.
func (h *HTTP) ExtendDataSubjectRequest(ctx context.Context, r api.ExtendDataSubjectRequestRequestObject) (api.ExtendDataSubjectRequestResponseObject, error) {
	body, err := h.subjectRequest(ctx)(h.s.ExtendSubjectRequest(ctx, etag.KeyOf(r.DataSubjectRequestId, r.Params.IfMatch), r.Body.Reason))
	return api.ExtendDataSubjectRequest201JSONResponse{Body: body, Headers: api.ExtendDataSubjectRequest201ResponseHeaders{ETag: body.Etag, Location: requestPlace(body)}}, err
}

// ConsultOnDataSubjectRequest implements POST /data-subject-requests/{dataSubjectRequestId}/consultations.
func (h *HTTP) ConsultOnDataSubjectRequest(ctx context.Context, r api.ConsultOnDataSubjectRequestRequestObject) (api.ConsultOnDataSubjectRequestResponseObject, error) {
	n := NewConsultation{PartnerID: r.Body.PartnerId, AnswerBy: asDay(r.Body.AnswerBy)}
	api.Put(&n.Answer, api.As[string](r.Body.Answer))
	api.Put(&n.Reason, r.Body.Reason)
	body, err := h.subjectRequest(ctx)(h.s.ConsultSupplier(ctx, etag.KeyOf(r.DataSubjectRequestId, r.Params.IfMatch), n))
	return api.ConsultOnDataSubjectRequest201JSONResponse{Body: body, Headers: api.ConsultOnDataSubjectRequest201ResponseHeaders{ETag: body.Etag, Location: requestPlace(body)}}, err
}

// DecideDataSubjectRequest implements POST /data-subject-requests/{dataSubjectRequestId}/decisions.
func (h *HTTP) DecideDataSubjectRequest(ctx context.Context, r api.DecideDataSubjectRequestRequestObject) (api.DecideDataSubjectRequestResponseObject, error) {
	b := r.Body
	d := SubjectDecision{Outcome: string(b.Outcome), Reasons: b.Reasons, ExceptionUntil: asDay(b.ExceptionUntil), RestrictedItems: b.RestrictedItemIds, RestrictedDocuments: b.RestrictedDocumentIds}
	api.Put(&d.RestrictsPerson, b.RestrictsPerson)
	api.Put(&d.Ground, api.As[string](b.Ground))
	api.Put(&d.UnansweredReason, b.UnansweredReason)
	body, err := h.subjectRequest(ctx)(h.s.DecideSubjectRequest(ctx, etag.KeyOf(r.DataSubjectRequestId, r.Params.IfMatch), d))
	return api.DecideDataSubjectRequest201JSONResponse{Body: body, Headers: api.DecideDataSubjectRequest201ResponseHeaders{ETag: body.Etag, Location: requestPlace(body)}}, err
}

// LiftDataSubjectRestriction implements POST /data-subject-requests/{dataSubjectRequestId}/restriction-liftings.
func (h *HTTP) LiftDataSubjectRestriction(ctx context.Context, r api.LiftDataSubjectRestrictionRequestObject) (api.LiftDataSubjectRestrictionResponseObject, error) {
	body, err := h.subjectRequest(ctx)(h.s.LiftRestriction(ctx, etag.KeyOf(r.DataSubjectRequestId, r.Params.IfMatch), r.Body.NoticeOn.Time, r.Body.Reason))
	return api.LiftDataSubjectRestriction201JSONResponse{Body: body, Headers: api.LiftDataSubjectRestriction201ResponseHeaders{ETag: body.Etag, Location: requestPlace(body)}}, err
}

// subjectRequest is the one request of an answer of the service.
func (h *HTTP) subjectRequest(ctx context.Context) func(SubjectRequests, error) (api.DataSubjectRequest, error) {
	return func(in SubjectRequests, err error) (api.DataSubjectRequest, error) {
		if err != nil {
			return api.DataSubjectRequest{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.DataSubjectRequest{}, err
		}
		return subjectRequestToAPI(in.Rows[0], in, names), nil
	}
}

func asDay(d *openapi.Date) *time.Time {
	if d == nil {
		return nil
	}
	return &d.Time
}

func requestPlace(r api.DataSubjectRequest) string {
	return "/v1/data-subject-requests/" + r.Id.String()
}

// objectionClause says that the person may object within six weeks (Awb 6:7, 7:1).
const objectionClause = "awb-6-7"

func subjectRequestToAPI(r SubjectRequest, in SubjectRequests, names *organisation.Names) api.DataSubjectRequest {
	out := api.DataSubjectRequest{
		Id: r.ID, Kind: api.DataSubjectRequestKind(r.Kind), Status: api.DataSubjectRequestStatus(r.Status()), PersonId: api.Null(r.PersonID),
		ReceivedOn: openapi.Date{Time: r.ReceivedOn}, Channel: api.DataSubjectRequestChannel(r.Channel), IdentityCheck: api.IdentityCheck(r.IdentityCheck),
		Dossiers: make([]api.ConcernedDossier, len(r.Dossiers)), DueOn: openapi.Date{Time: r.DueOn()}, Overdue: r.Overdue(in.Today),
		ExtendedOn: api.NullDate(r.ExtendedOn), ExtensionReason: api.NullText(r.ExtensionReason), Consultations: make([]api.SupplierConsultation, len(r.Consultations)),
		Outcome: api.NullText(r.Outcome), Reasons: api.NullText(r.Reasons), Ground: api.NullText(r.Ground), ExceptionUntil: api.NullDate(r.ExceptionUntil),
		UnansweredReason: api.NullText(r.UnansweredReason), RestrictedItemIds: append([]openapi.UUID{}, r.RestrictedItems...),
		RestrictedDocumentIds: append([]openapi.UUID{}, r.RestrictedDocuments...), RestrictsPerson: r.RestrictsPerson,
		DecidedOn: api.NullDate(r.DecidedOn), DecidedById: api.Null(r.DecidedBy), DecidedBy: names.Optional(r.DecidedBy), ObjectionClause: api.NullText(""),
		LiftNoticeOn: api.NullDate(r.LiftNoticeOn), LiftReason: api.NullText(r.LiftReason), LiftedAt: api.NullTime(r.LiftedAt), LiftedById: api.Null(r.LiftedBy), LiftedBy: names.Optional(r.LiftedBy),
		RecordedById: r.RecordedBy, RecordedBy: names.Professional(r.RecordedBy), RecordedAt: r.RecordedAt.UTC(), Etag: etag.Of(r), AllowedOperations: in.Allowed,
	}
	if r.DecidedOn != nil {
		out.ObjectionClause = api.NullText(objectionClause)
	}
	for i, d := range r.Dossiers {
		out.Dossiers[i] = api.ConcernedDossier{Id: d.ID, Number: d.Number}
	}
	for i, c := range r.Consultations {
		out.Consultations[i] = api.SupplierConsultation{
			PartnerId: c.PartnerID, Partner: names.Partner(c.PartnerID), AskedOn: openapi.Date{Time: c.AskedOn}, AnswerBy: openapi.Date{Time: c.AnswerBy},
			Answer: api.NullText(c.Answer), Reason: api.NullText(c.Reason), AnsweredOn: api.NullDate(c.AnsweredOn),
		}
	}
	return out
}
