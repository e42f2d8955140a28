package plan

import (
	"context"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// DeferAction implements api.StrictServerInterface.
func (h *HTTP) DeferAction(ctx context.Context, r api.DeferActionRequestObject) (api.DeferActionResponseObject, error) {
	step, err := h.s.Defer(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), termOf(r.Body.DueDate, r.Body.DueInWorkingDays), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.step(ctx, step)
	headers := api.DeferAction201ResponseHeaders{ETag: body.Etag, Location: "/v1/actions/" + body.ActionId.String() + "/deferrals/" + body.Id.String()}
	return api.DeferAction201JSONResponse{Body: body, Headers: headers}, err
}

// ListDeferrals implements api.StrictServerInterface.
func (h *HTTP) ListDeferrals(ctx context.Context, r api.ListDeferralsRequestObject) (api.ListDeferralsResponseObject, error) {
	body, link, err := h.steps(ctx, r.ActionId, Deferral, asked{r.Params.Limit, r.Params.Cursor})
	return api.ListDeferrals200JSONResponse{Body: body, Headers: api.ListDeferrals200ResponseHeaders{Link: link}}, err
}

// GetDeferral implements api.StrictServerInterface.
func (h *HTTP) GetDeferral(ctx context.Context, r api.GetDeferralRequestObject) (api.GetDeferralResponseObject, error) {
	body, err := h.oneStep(ctx, r.ActionId, Deferral, r.DeferralId)
	return api.GetDeferral200JSONResponse{Body: body, Headers: api.GetDeferral200ResponseHeaders{ETag: body.Etag}}, err
}

// AssignAction implements api.StrictServerInterface.
func (h *HTTP) AssignAction(ctx context.Context, r api.AssignActionRequestObject) (api.AssignActionResponseObject, error) {
	step, err := h.s.Assign(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), r.Body.PartnerId, r.Body.ProfessionalId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.step(ctx, step)
	headers := api.AssignAction201ResponseHeaders{ETag: body.Etag, Location: "/v1/actions/" + body.ActionId.String() + "/assignments/" + body.Id.String()}
	return api.AssignAction201JSONResponse{Body: body, Headers: headers}, err
}

// ListAssignments implements api.StrictServerInterface.
func (h *HTTP) ListAssignments(ctx context.Context, r api.ListAssignmentsRequestObject) (api.ListAssignmentsResponseObject, error) {
	body, link, err := h.steps(ctx, r.ActionId, Assignment, asked{r.Params.Limit, r.Params.Cursor})
	return api.ListAssignments200JSONResponse{Body: body, Headers: api.ListAssignments200ResponseHeaders{Link: link}}, err
}

// GetAssignment implements api.StrictServerInterface.
func (h *HTTP) GetAssignment(ctx context.Context, r api.GetAssignmentRequestObject) (api.GetAssignmentResponseObject, error) {
	body, err := h.oneStep(ctx, r.ActionId, Assignment, r.AssignmentId)
	return api.GetAssignment200JSONResponse{Body: body, Headers: api.GetAssignment200ResponseHeaders{ETag: body.Etag}}, err
}

// ReopenAction implements api.StrictServerInterface.
func (h *HTTP) ReopenAction(ctx context.Context, r api.ReopenActionRequestObject) (api.ReopenActionResponseObject, error) {
	step, err := h.s.Reopen(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.step(ctx, step)
	headers := api.ReopenAction201ResponseHeaders{ETag: body.Etag, Location: "/v1/actions/" + body.ActionId.String() + "/reopenings/" + body.Id.String()}
	return api.ReopenAction201JSONResponse{Body: body, Headers: headers}, err
}

// ListActionReopenings implements api.StrictServerInterface.
func (h *HTTP) ListActionReopenings(ctx context.Context, r api.ListActionReopeningsRequestObject) (api.ListActionReopeningsResponseObject, error) {
	body, link, err := h.steps(ctx, r.ActionId, Reopening, asked{r.Params.Limit, r.Params.Cursor})
	return api.ListActionReopenings200JSONResponse{Body: body, Headers: api.ListActionReopenings200ResponseHeaders{Link: link}}, err
}

// GetActionReopening implements api.StrictServerInterface.
func (h *HTTP) GetActionReopening(ctx context.Context, r api.GetActionReopeningRequestObject) (api.GetActionReopeningResponseObject, error) {
	body, err := h.oneStep(ctx, r.ActionId, Reopening, r.ActionReopeningId)
	return api.GetActionReopening200JSONResponse{Body: body, Headers: api.GetActionReopening200ResponseHeaders{ETag: body.Etag}}, err
}

// CancelAction implements api.StrictServerInterface.
func (h *HTTP) CancelAction(ctx context.Context, r api.CancelActionRequestObject) (api.CancelActionResponseObject, error) {
	step, err := h.s.Cancel(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.step(ctx, step)
	headers := api.CancelAction201ResponseHeaders{ETag: body.Etag, Location: "/v1/actions/" + body.ActionId.String() + "/cancellations/" + body.Id.String()}
	return api.CancelAction201JSONResponse{Body: body, Headers: headers}, err
}

// ListActionCancellations implements api.StrictServerInterface.
func (h *HTTP) ListActionCancellations(ctx context.Context, r api.ListActionCancellationsRequestObject) (api.ListActionCancellationsResponseObject, error) {
	body, link, err := h.steps(ctx, r.ActionId, Cancellation, asked{r.Params.Limit, r.Params.Cursor})
	return api.ListActionCancellations200JSONResponse{Body: body, Headers: api.ListActionCancellations200ResponseHeaders{Link: link}}, err
}

// GetActionCancellation implements api.StrictServerInterface.
func (h *HTTP) GetActionCancellation(ctx context.Context, r api.GetActionCancellationRequestObject) (api.GetActionCancellationResponseObject, error) {
	body, err := h.oneStep(ctx, r.ActionId, Cancellation, r.ActionCancellationId)
	return api.GetActionCancellation200JSONResponse{Body: body, Headers: api.GetActionCancellation200ResponseHeaders{ETag: body.Etag}}, err
}

// asked is the page that a list is asked for.
type asked struct {
	limit  *int
	cursor *string
}

func (h *HTTP) steps(ctx context.Context, action uuid.UUID, kind StepKind, a asked) (body api.ActionStepList, link *string, err error) {
	p, err := page.Parse(a.limit, a.cursor)
	if err != nil {
		return body, nil, err
	}
	rows, next, err := h.s.Steps(ctx, action, kind, p)
	if err != nil {
		return body, nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return body, nil, err
	}
	body = api.ActionStepList{Items: make([]api.ActionStep, len(rows)), Next: api.Null(next)}
	for i, one := range rows {
		body.Items[i] = stepToAPI(one, names)
	}
	return body, page.Link(ctx, next), nil
}

func (h *HTTP) oneStep(ctx context.Context, action uuid.UUID, kind StepKind, id uuid.UUID) (api.ActionStep, error) {
	step, err := h.s.Step(ctx, action, kind, id)
	if err != nil {
		return api.ActionStep{}, err
	}
	return h.step(ctx, step)
}

func (h *HTTP) step(ctx context.Context, step Step) (api.ActionStep, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.ActionStep{}, err
	}
	return stepToAPI(step, names), nil
}

func stepToAPI(s Step, names *organisation.Names) api.ActionStep {
	out := api.ActionStep{
		Id: s.ID, ActionId: s.ActionID, Kind: api.ActionStepKind(s.Kind), Reason: s.Reason,
		FormerDueDate: api.Null[openapi.Date](nil), DueDate: api.Null[openapi.Date](nil),
		FormerPartnerId: api.Null(s.FormerPartnerID), FormerPartner: names.OptionalPartner(s.FormerPartnerID),
		FormerProfessionalId: api.Null(s.FormerProfessionalID), FormerProfessional: names.Optional(s.FormerProfessionalID),
		PartnerId: api.Null(s.PartnerID), Partner: names.OptionalPartner(s.PartnerID),
		ProfessionalId: api.Null(s.ProfessionalID), Professional: names.Optional(s.ProfessionalID),
		DecidedAt: s.DecidedAt.UTC(), DecidedById: api.Null(s.DecidedBy), DecidedBy: names.Optional(s.DecidedBy),
		DecidedPartnerId: s.DecidedPartnerID, DecidedPartner: names.Partner(s.DecidedPartnerID), Etag: etag.Of(s),
	}
	if s.DueDate != nil && s.FormerDueDate != nil {
		out.FormerDueDate.Set(openapi.Date{Time: *s.FormerDueDate})
		out.DueDate.Set(openapi.Date{Time: *s.DueDate})
	}
	return out
}
