package plan

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// CompleteAction implements api.StrictServerInterface.
func (h *HTTP) CompleteAction(ctx context.Context, r api.CompleteActionRequestObject) (api.CompleteActionResponseObject, error) {
	o := Outcome{Result: Result(r.Body.Result)}
	api.Put(&o.Note, r.Body.Note)
	api.Put(&o.Agreement, (*string)(r.Body.Agreement))
	done, err := h.s.Complete(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), o)
	if err != nil {
		return nil, err
	}
	body, err := h.completion(ctx, done)
	if err != nil {
		return nil, err
	}
	location := "/v1/actions/" + body.ActionId.String() + "/completions/" + body.Id.String()
	return api.CompleteAction201JSONResponse{
		Body: body, Headers: api.CompleteAction201ResponseHeaders{ETag: body.Etag, Location: location},
	}, nil
}

// ListCompletions implements api.StrictServerInterface.
func (h *HTTP) ListCompletions(ctx context.Context, r api.ListCompletionsRequestObject) (api.ListCompletionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Completions(ctx, r.ActionId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.CompletionList{Items: make([]api.Completion, len(rows)), Next: api.Null(next)}
	for i, c := range rows {
		body.Items[i] = completionToAPI(c, names)
	}
	return api.ListCompletions200JSONResponse{Body: body, Headers: api.ListCompletions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetCompletion implements api.StrictServerInterface.
func (h *HTTP) GetCompletion(ctx context.Context, r api.GetCompletionRequestObject) (api.GetCompletionResponseObject, error) {
	c, err := h.s.Completion(ctx, r.ActionId, r.CompletionId)
	if err != nil {
		return nil, err
	}
	body, err := h.completion(ctx, c)
	return api.GetCompletion200JSONResponse{Body: body, Headers: api.GetCompletion200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) completion(ctx context.Context, c Completion) (api.Completion, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Completion{}, err
	}
	return completionToAPI(c, names), nil
}

func completionToAPI(c Completion, names *organisation.Names) api.Completion {
	out := api.Completion{
		Agreement: api.Null[api.MediationOutcome](nil), Id: c.ID, ActionId: c.ActionID, Result: api.Result(c.Result), Note: api.NullText(c.Note), CompletedAt: c.CompletedAt.UTC(),
		CompletedById: api.Null(c.CompletedBy), CompletedBy: names.Optional(c.CompletedBy), CompletedPartnerId: c.CompletedPartnerID,
		CompletedPartner: names.Partner(c.CompletedPartnerID), Etag: etag.Of(c),
	}
	if c.Agreement != "" {
		out.Agreement.Set(api.MediationOutcome(c.Agreement))
	}
	return out
}
