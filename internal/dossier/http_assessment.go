package dossier

import (
	"context"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListAssessments implements GET /dossiers/{dossierId}/assessments.
func (h *HTTP) ListAssessments(ctx context.Context, r api.ListAssessmentsRequestObject) (api.ListAssessmentsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := AssessmentFilter{LifeDomain: r.Params.LifeDomain, SupplierID: r.Params.SupplierId, Current: r.Params.Current != nil && *r.Params.Current}
	found, err := h.s.ListAssessments(ctx, r.DossierId, f, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, assessmentToAPI)
	return api.ListAssessments200JSONResponse{
		Body:    api.AssessmentList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListAssessments200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// AddAssessment implements POST /dossiers/{dossierId}/assessments.
func (h *HTTP) AddAssessment(ctx context.Context, r api.AddAssessmentRequestObject) (api.AddAssessmentResponseObject, error) {
	seen, err := h.s.AddAssessment(ctx, r.DossierId, assessmentOf(r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, assessmentToAPI)
	return api.AddAssessment201JSONResponse{Body: body, Headers: api.AddAssessment201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "assessments", body.Id),
	}}, err
}

func assessmentOf(b *api.AddAssessmentJSONRequestBody) NewAssessment {
	n := NewAssessment{Scored: b.Score.IsSpecified(), Assessment: Assessment{
		LifeDomain: b.LifeDomain, Reading: b.Reading, Source: b.Source, ObservedOn: b.ObservedOn.Time, Corrects: b.Corrects,
	}}
	if score, err := b.Score.Get(); err == nil {
		n.Score = &score
	}
	for value, to := range map[*string]*string{b.Member: &n.Member, b.OwnStrength: &n.OwnStrength, api.As[string](b.ProblemLevel): &n.ProblemLevel} {
		if value != nil {
			*to = *value
		}
	}
	return n
}

// GetAssessment implements GET /dossiers/{dossierId}/assessments/{assessmentId}.
func (h *HTTP) GetAssessment(ctx context.Context, r api.GetAssessmentRequestObject) (api.GetAssessmentResponseObject, error) {
	seen, err := h.s.GetAssessment(ctx, r.DossierId, r.AssessmentId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, assessmentToAPI)
	return api.GetAssessment200JSONResponse{Body: body, Headers: api.GetAssessment200ResponseHeaders{ETag: body.Etag}}, err
}

// GetAssessmentDeltas implements GET /dossiers/{dossierId}/assessment-deltas.
func (h *HTTP) GetAssessmentDeltas(ctx context.Context, r api.GetAssessmentDeltasRequestObject) (api.GetAssessmentDeltasResponseObject, error) {
	found, err := h.s.AssessmentDeltas(ctx, r.DossierId)
	if err != nil {
		return nil, err
	}
	body := api.AssessmentDeltas{
		DossierId: r.DossierId, Dossier: RefToAPI(found.Dossier), Complete: found.Row.Complete, Deltas: []api.AssessmentDelta{}, Etag: etag.Of(found),
	}
	for _, d := range found.Row.Rows {
		body.Deltas = append(body.Deltas, deltaToAPI(d))
	}
	return api.GetAssessmentDeltas200JSONResponse{Body: body, Headers: api.GetAssessmentDeltas200ResponseHeaders{ETag: body.Etag}}, nil
}

// GetMultiProblemIndicator implements GET /dossiers/{dossierId}/multi-problem-indicator.
func (h *HTTP) GetMultiProblemIndicator(ctx context.Context, r api.GetMultiProblemIndicatorRequestObject) (api.GetMultiProblemIndicatorResponseObject, error) {
	found, err := h.s.MultiProblem(ctx, r.DossierId)
	if err != nil {
		return nil, err
	}
	rule := multiProblem()
	body := api.MultiProblemIndicator{
		DossierId: r.DossierId, Dossier: RefToAPI(found.Dossier), Present: found.Row.Present(), Stale: found.Row.Stale(), Complete: found.Row.Complete,
		ProblemLifeDomains: found.Row.LifeDomains, Input: []api.MultiProblemInput{}, Etag: etag.Of(found),
		Rule: api.MultiProblemRule{LifeDomains: rule.LifeDomains, ScoreAtMost: rule.ScoreAtMost, ProblemLevels: api.AsAll[api.ProblemLevel](rule.Levels)},
	}
	for _, a := range found.Row.Input {
		at := pointToAPI(a)
		body.Input = append(body.Input, api.MultiProblemInput{
			AssessmentId: at.AssessmentId, Score: at.Score, ProblemLevel: at.ProblemLevel, ObservedOn: at.ObservedOn, Stale: at.Stale,
			Member: api.NullText(a.Member), LifeDomain: a.LifeDomain, Problem: a.problematic(),
		})
	}
	return api.GetMultiProblemIndicator200JSONResponse{Body: body, Headers: api.GetMultiProblemIndicator200ResponseHeaders{ETag: body.Etag}}, nil
}

func assessmentToAPI(s SeenAssessment, names beside) api.Assessment {
	at := pointToAPI(s)
	return api.Assessment{
		Id: s.ID, DossierId: s.DossierID, Dossier: names.dossier, Member: api.NullText(s.Member), LifeDomain: s.LifeDomain, Score: at.Score,
		ProblemLevel: at.ProblemLevel, Reading: s.Reading, OwnStrength: api.NullText(s.OwnStrength), Source: s.Source, ObservedOn: at.ObservedOn,
		Stale: s.Stale, SupplierId: s.SupplierID, Supplier: names.Partner(s.SupplierID), AssessorId: api.Null(s.AssessorID),
		Assessor: names.Optional(s.AssessorID), Corrects: api.Null(s.Corrects), CorrectedBy: api.Null(s.CorrectedBy), AddedAt: s.AddedAt.UTC(),
		Etag: etag.Of(s),
	}
}

func pointToAPI(s SeenAssessment) api.AssessmentPoint {
	return api.AssessmentPoint{
		AssessmentId: s.ID, Score: api.Null(s.Score), ProblemLevel: api.NullAs[api.ProblemLevel](s.ProblemLevel),
		ObservedOn: openapi_types.Date{Time: s.ObservedOn}, Stale: s.Stale,
	}
}

func deltaToAPI(d Delta) api.AssessmentDelta {
	out := api.AssessmentDelta{
		Member: api.NullText(d.Latest.Member), LifeDomain: d.Latest.LifeDomain, First: pointToAPI(d.First), Latest: pointToAPI(d.Latest),
		Difference: d.Difference(), Direction: api.AssessmentDirectionUnchanged,
	}
	switch {
	case out.Difference > 0:
		out.Direction = api.AssessmentDirectionImproved
	case out.Difference < 0:
		out.Direction = api.AssessmentDirectionWorsened
	}
	return out
}
