package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// CancelMeeting implements POST /meetings/{meetingId}/cancellations.
func (h *HTTP) CancelMeeting(ctx context.Context, r api.CancelMeetingRequestObject) (api.CancelMeetingResponseObject, error) {
	e, err := h.s.Cancel(ctx, etag.KeyOf(r.MeetingId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, endingToAPI)
	headers := api.CancelMeeting201ResponseHeaders{ETag: body.Etag, Location: under("meetings", e.MeetingID, "cancellations", e.ID)}
	return api.CancelMeeting201JSONResponse{Body: body, Headers: headers}, err
}

// ListMeetingCancellations implements GET /meetings/{meetingId}/cancellations.
func (h *HTTP) ListMeetingCancellations(
	ctx context.Context, r api.ListMeetingCancellationsRequestObject,
) (api.ListMeetingCancellationsResponseObject, error) {
	if _, err := page.Parse(r.Params.Limit, r.Params.Cursor); err != nil {
		return nil, err
	}
	rows, err := h.s.Endings(ctx, r.MeetingId, Cancellation)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, rows, endingToAPI)
	return api.ListMeetingCancellations200JSONResponse{Body: api.MeetingStepList{Items: items, Next: api.Null[string](nil)}}, err
}

// GetMeetingCancellation implements GET /meetings/{meetingId}/cancellations/{meetingCancellationId}.
func (h *HTTP) GetMeetingCancellation(
	ctx context.Context, r api.GetMeetingCancellationRequestObject,
) (api.GetMeetingCancellationResponseObject, error) {
	e, err := h.s.Ending(ctx, r.MeetingId, Cancellation, r.MeetingCancellationId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, endingToAPI)
	return api.GetMeetingCancellation200JSONResponse{Body: body, Headers: api.GetMeetingCancellation200ResponseHeaders{ETag: body.Etag}}, err
}

// FinaliseMeeting implements POST /meetings/{meetingId}/finalisations.
func (h *HTTP) FinaliseMeeting(ctx context.Context, r api.FinaliseMeetingRequestObject) (api.FinaliseMeetingResponseObject, error) {
	e, err := h.s.Finalise(ctx, etag.KeyOf(r.MeetingId, r.Params.IfMatch), api.Or(r.Body.AbsenceReason, ""))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, endingToAPI)
	headers := api.FinaliseMeeting201ResponseHeaders{ETag: body.Etag, Location: under("meetings", e.MeetingID, "finalisations", e.ID)}
	return api.FinaliseMeeting201JSONResponse{Body: body, Headers: headers}, err
}

// ListMeetingFinalisations implements GET /meetings/{meetingId}/finalisations.
func (h *HTTP) ListMeetingFinalisations(
	ctx context.Context, r api.ListMeetingFinalisationsRequestObject,
) (api.ListMeetingFinalisationsResponseObject, error) {
	if _, err := page.Parse(r.Params.Limit, r.Params.Cursor); err != nil {
		return nil, err
	}
	rows, err := h.s.Endings(ctx, r.MeetingId, Finalisation)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, rows, endingToAPI)
	return api.ListMeetingFinalisations200JSONResponse{Body: api.MeetingStepList{Items: items, Next: api.Null[string](nil)}}, err
}

// GetMeetingFinalisation implements GET /meetings/{meetingId}/finalisations/{meetingFinalisationId}.
func (h *HTTP) GetMeetingFinalisation(
	ctx context.Context, r api.GetMeetingFinalisationRequestObject,
) (api.GetMeetingFinalisationResponseObject, error) {
	e, err := h.s.Ending(ctx, r.MeetingId, Finalisation, r.MeetingFinalisationId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, endingToAPI)
	return api.GetMeetingFinalisation200JSONResponse{Body: body, Headers: api.GetMeetingFinalisation200ResponseHeaders{ETag: body.Etag}}, err
}

func endingToAPI(e Ending, names *organisation.Names) api.MeetingStep {
	return api.MeetingStep{
		Id: e.ID, MeetingId: e.MeetingID, Kind: api.MeetingStepKind(e.Kind), Reason: api.NullText(e.Reason), DecidedAt: e.DecidedAt.UTC(),
		DecidedById: e.DecidedBy, DecidedBy: names.Professional(e.DecidedBy), Etag: etag.Of(e),
	}
}
