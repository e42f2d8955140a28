package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListGoals implements api.StrictServerInterface.
func (h *HTTP) ListGoals(ctx context.Context, r api.ListGoalsRequestObject) (api.ListGoalsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.ListGoals(ctx, r.PlanId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.GoalList{Items: make([]api.Goal, len(seen)), Next: api.Null(next)}
	for i, one := range seen {
		body.Items[i] = goalToAPI(one, names)
	}
	return api.ListGoals200JSONResponse{Body: body, Headers: api.ListGoals200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// AddGoal implements api.StrictServerInterface.
func (h *HTTP) AddGoal(ctx context.Context, r api.AddGoalRequestObject) (api.AddGoalResponseObject, error) {
	n := NewGoal{LifeDomain: r.Body.LifeDomain, Text: r.Body.Text, MemberDossierID: r.Body.MemberDossierId}
	api.Put(&n.Member, r.Body.Member)
	seen, err := h.s.AddGoal(ctx, r.PlanId, n)
	body, err := h.goal(ctx, seen, err)
	return api.AddGoal201JSONResponse{Body: body, Headers: api.AddGoal201ResponseHeaders{ETag: body.Etag, Location: goalPath(r.PlanId, body.Id)}}, err
}

func goalPath(plan, goal uuid.UUID) string {
	return "/v1/plans/" + plan.String() + "/goals/" + goal.String()
}

// GetGoal implements api.StrictServerInterface.
func (h *HTTP) GetGoal(ctx context.Context, r api.GetGoalRequestObject) (api.GetGoalResponseObject, error) {
	seen, err := h.s.GetGoal(ctx, r.PlanId, r.GoalId)
	body, err := h.goal(ctx, seen, err)
	return api.GetGoal200JSONResponse{Body: body, Headers: api.GetGoal200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateGoal implements api.StrictServerInterface.
func (h *HTTP) UpdateGoal(ctx context.Context, r api.UpdateGoalRequestObject) (api.UpdateGoalResponseObject, error) {
	seen, err := h.s.UpdateGoal(ctx, r.PlanId, etag.KeyOf(r.GoalId, r.Params.IfMatch), r.Body.LifeDomain, r.Body.Text)
	body, err := h.goal(ctx, seen, err)
	return api.UpdateGoal200JSONResponse{Body: body, Headers: api.UpdateGoal200ResponseHeaders{ETag: body.Etag}}, err
}

// ListGoalResults implements api.StrictServerInterface.
func (h *HTTP) ListGoalResults(ctx context.Context, r api.ListGoalResultsRequestObject) (api.ListGoalResultsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.GoalResults(ctx, r.PlanId, r.GoalId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.GoalResultList{Items: make([]api.GoalResult, len(rows)), Next: api.Null(next)}
	for i, one := range rows {
		body.Items[i] = goalResultToAPI(one, names)
	}
	return api.ListGoalResults200JSONResponse{Body: body, Headers: api.ListGoalResults200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// RecordGoalResult implements api.StrictServerInterface.
func (h *HTTP) RecordGoalResult(ctx context.Context, r api.RecordGoalResultRequestObject) (api.RecordGoalResultResponseObject, error) {
	row, err := h.s.RecordResult(ctx, r.PlanId, r.GoalId, GoalResult{Result: Result(r.Body.Result), Note: r.Body.Note})
	body, err := h.goalResult(ctx, row, err)
	headers := api.RecordGoalResult201ResponseHeaders{ETag: body.Etag, Location: goalPath(r.PlanId, r.GoalId) + "/results/" + body.Id.String()}
	return api.RecordGoalResult201JSONResponse{Body: body, Headers: headers}, err
}

// GetGoalResult implements api.StrictServerInterface.
func (h *HTTP) GetGoalResult(ctx context.Context, r api.GetGoalResultRequestObject) (api.GetGoalResultResponseObject, error) {
	row, err := h.s.GoalResult(ctx, r.PlanId, r.GoalId, r.GoalResultId)
	body, err := h.goalResult(ctx, row, err)
	return api.GetGoalResult200JSONResponse{Body: body, Headers: api.GetGoalResult200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) goal(ctx context.Context, seen SeenGoal, err error) (api.Goal, error) {
	if err != nil {
		return api.Goal{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Goal{}, err
	}
	return goalToAPI(seen, names), nil
}

func (h *HTTP) goalResult(ctx context.Context, row GoalResult, err error) (api.GoalResult, error) {
	if err != nil {
		return api.GoalResult{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.GoalResult{}, err
	}
	return goalResultToAPI(row, names), nil
}

func goalToAPI(g SeenGoal, names *organisation.Names) api.Goal {
	out := api.Goal{
		Id: g.ID, PlanId: g.PlanID, LifeDomain: g.LifeDomain, Orientation: api.Orientation(g.Orientation), Text: g.Text,
		MemberDossierId: api.Null(g.MemberDossierID), MemberDossier: api.Null[api.OptionalDossierRef](nil), Member: api.NullText(g.Member), AddedAt: g.AddedAt.UTC(), AddedById: api.Null(g.AddedBy),
		AddedBy: names.Optional(g.AddedBy), AddedPartnerId: g.AddedPartnerID, AddedPartner: names.Partner(g.AddedPartnerID),
		Result: api.NullAs[api.Result](string(g.Result)), Etag: g.Tag, AllowedOperations: g.Allowed,
	}
	if g.MemberRef != nil {
		out.MemberDossier.Set(dossier.RefToAPI(*g.MemberRef))
	}
	return out
}

func goalResultToAPI(r GoalResult, names *organisation.Names) api.GoalResult {
	return api.GoalResult{
		Id: r.ID, PlanId: r.PlanID, GoalId: r.GoalID, Result: api.Result(r.Result), Note: r.Note, RecordedAt: r.RecordedAt.UTC(),
		RecordedById: api.Null(r.RecordedBy), RecordedBy: names.Optional(r.RecordedBy), RecordedPartnerId: r.RecordedPartnerID,
		RecordedPartner: names.Partner(r.RecordedPartnerID), Etag: etag.Of(r),
	}
}
