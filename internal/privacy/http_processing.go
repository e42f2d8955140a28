package privacy

import (
	"context"
	"strings"
	"time"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// FindProcessing implements POST /processing-activities.
func (h *HTTP) FindProcessing(ctx context.Context, r api.FindProcessingRequestObject) (api.FindProcessingResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	b := r.Body
	q := ProcessingQuery{Activity: b.DplCoreProcessingActivityId, Subject: b.DplCoreDataSubjectId, Person: b.PersonId, From: moment1970(b.StartTime), Until: moment1970(b.EndTime)}
	if b.TraceId != nil {
		q.Trace = new(strings.ReplaceAll(*b.TraceId, "-", ""))
	}
	rows, next, err := h.s.FindProcessing(ctx, q, p)
	if err != nil {
		return nil, err
	}
	body := api.ProcessingLineList{Items: make([]api.ProcessingLine, len(rows)), Next: api.Null(next)}
	for i, l := range rows {
		body.Items[i] = h.s.processingToAPI(l)
	}
	return api.FindProcessing200JSONResponse{Body: body, Headers: api.FindProcessing200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// moment1970 reads milliseconds since 1970.
func moment1970(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	return new(time.UnixMilli(*ms).UTC())
}

func (s *Service) processingToAPI(l ProcessingLine) api.ProcessingLine {
	attributes := map[string]string{"dpl.core.processing_activity_id": s.register() + l.activity()}
	if l.DataSubject != "" {
		attributes["dpl.core.data_subject_id"] = l.DataSubject
		attributes["dpl.core.data_subject_id_type"] = "pseudonym"
	}
	status := api.ProcessingStatusOk
	if l.Failed {
		status = api.ProcessingStatusError
	}
	return api.ProcessingLine{
		TraceId: l.TraceID, SpanId: l.span(), ParentSpanId: api.NullText(l.ParentSpanID), Status: status, Name: l.Operation, StartTime: l.At.UnixMilli(), EndTime: l.At.UnixMilli(),
		Resource: api.ProcessingResource{Attributes: map[string]string{"service.name": "wijkregie"}}, Attributes: attributes,
	}
}
