package privacy

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListImpactAssessments implements GET /impact-assessments.
func (h *HTTP) ListImpactAssessments(ctx context.Context, r api.ListImpactAssessmentsRequestObject) (api.ListImpactAssessmentsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ImpactAssessments(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.ImpactAssessmentList{Items: make([]api.ImpactAssessment, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = impactToAPI(SeenImpactAssessment{ImpactAssessment: row}, names)
	}
	return api.ListImpactAssessments200JSONResponse{Body: body, Headers: api.ListImpactAssessments200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// RecordImpactAssessment implements POST /impact-assessments.
func (h *HTTP) RecordImpactAssessment(ctx context.Context, r api.RecordImpactAssessmentRequestObject) (api.RecordImpactAssessmentResponseObject, error) {
	b := r.Body
	a := ImpactAssessment{Subject: b.Subject, Categories: b.Categories, DoneOn: b.DoneOn.Time, Outcome: string(b.Outcome), AdvisedOn: asDay(b.AdvisedOn)}
	api.Put(&a.AdviceReference, b.AdviceReference)
	body, err := h.impact(ctx)(h.s.RecordImpactAssessment(ctx, a))
	headers := api.RecordImpactAssessment201ResponseHeaders{ETag: body.Etag, Location: "/v1/impact-assessments/" + body.Id.String()}
	return api.RecordImpactAssessment201JSONResponse{Body: body, Headers: headers}, err
}

// GetImpactAssessment implements GET /impact-assessments/{impactAssessmentId}.
func (h *HTTP) GetImpactAssessment(ctx context.Context, r api.GetImpactAssessmentRequestObject) (api.GetImpactAssessmentResponseObject, error) {
	body, err := h.impact(ctx)(h.s.ImpactAssessment(ctx, r.ImpactAssessmentId))
	return api.GetImpactAssessment200JSONResponse{Body: body, Headers: api.GetImpactAssessment200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateImpactAssessment implements PATCH /impact-assessments/{impactAssessmentId}.
func (h *HTTP) UpdateImpactAssessment(ctx context.Context, r api.UpdateImpactAssessmentRequestObject) (api.UpdateImpactAssessmentResponseObject, error) {
	c := r.Body
	body, err := h.impact(ctx)(h.s.UpdateImpactAssessment(ctx, etag.KeyOf(r.ImpactAssessmentId, r.Params.IfMatch), func(a *ImpactAssessment) {
		api.PutText(&a.AdviceReference, c.AdviceReference)
		putDay(&a.AdvisedOn, c.AdvisedOn)
		putDay(&a.AdviceWithdrawnOn, c.AdviceWithdrawnOn)
		api.PutText(&a.Dissent, c.Dissent)
		api.PutText(&a.DeviationReason, c.DeviationReason)
		putDay(&a.CommitteeToldOn, c.CommitteeToldOn)
		putDay(&a.OfficerToldOn, c.OfficerToldOn)
	}))
	return api.UpdateImpactAssessment200JSONResponse{Body: body, Headers: api.UpdateImpactAssessment200ResponseHeaders{ETag: body.Etag}}, err
}

// impact is the one assessment of an answer of the service.
func (h *HTTP) impact(ctx context.Context) func(SeenImpactAssessment, error) (api.ImpactAssessment, error) {
	return func(seen SeenImpactAssessment, err error) (api.ImpactAssessment, error) {
		if err != nil {
			return api.ImpactAssessment{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.ImpactAssessment{}, err
		}
		return impactToAPI(seen, names), nil
	}
}

func impactToAPI(a SeenImpactAssessment, names *organisation.Names) api.ImpactAssessment {
	return api.ImpactAssessment{
		Id: a.ID, Subject: a.Subject, Categories: a.Categories, DoneOn: openapi.Date{Time: a.DoneOn}, Outcome: api.ImpactOutcome(a.Outcome),
		AdviceReference: api.NullText(a.AdviceReference), AdvisedOn: api.NullDate(a.AdvisedOn), AdviceWithdrawnOn: api.NullDate(a.AdviceWithdrawnOn),
		Dissent: api.NullText(a.Dissent), DeviationReason: api.NullText(a.DeviationReason), CommitteeToldOn: api.NullDate(a.CommitteeToldOn),
		OfficerToldOn: api.NullDate(a.OfficerToldOn), RecordedById: a.RecordedBy, RecordedBy: names.Professional(a.RecordedBy),
		RecordedAt: a.RecordedAt.UTC(), Etag: etag.Of(a.ImpactAssessment), AllowedOperations: a.Allowed,
	}
}

// putDay puts a day that was sent, or none where null was; what was not sent stays.
func putDay(field **time.Time, sent nullable.Nullable[openapi.Date]) {
	if sent.IsSpecified() {
		*field = asDay(api.Sent(sent))
	}
}
