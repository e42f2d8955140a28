package plan

import (
	"context"
	"time"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP says actions as the contract does.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// ListActions implements api.StrictServerInterface.
func (h *HTTP) ListActions(ctx context.Context, r api.ListActionsRequestObject) (api.ListActionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.List(ctx, filterOf(r.Params), p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.ActionList{Items: make([]api.Action, len(seen)), Next: api.Null(next)}
	for i, a := range seen {
		body.Items[i] = ToAPI(a, names)
	}
	return api.ListActions200JSONResponse{Body: body, Headers: api.ListActions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

func filterOf(p api.ListActionsParams) Filter {
	f := Filter{
		DossierID: p.DossierId, MeetingID: p.MeetingId, PartnerID: p.PartnerId, ProfessionalID: p.ProfessionalId, Status: (*string)(p.Status),
		Track: (*string)(p.Track), LifeDomain: p.LifeDomain, Overdue: p.Overdue,
	}
	if p.DueBefore != nil {
		f.DueBefore = &p.DueBefore.Time
	}
	return f
}

// CreateAction implements api.StrictServerInterface.
func (h *HTTP) CreateAction(ctx context.Context, r api.CreateActionRequestObject) (api.CreateActionResponseObject, error) {
	b := r.Body
	n := NewAction{
		PartnerID: b.PartnerId, ProfessionalID: b.ProfessionalId, Description: b.Description, LifeDomain: b.LifeDomain, Kind: string(b.Kind),
		Track: string(b.Track), GoalID: b.GoalId, FrameID: b.FrameId,
	}
	n.put(termOf(b.DueDate, b.DueInWorkingDays))
	api.Put(&n.Mediator, b.Mediator)
	seen, err := h.s.Create(ctx, b.DossierId, b.MeetingId, n)
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	if err != nil {
		return nil, err
	}
	headers := api.CreateAction201ResponseHeaders{ETag: body.Etag, Location: "/v1/actions/" + body.Id.String()}
	return api.CreateAction201JSONResponse{Body: body, Headers: headers}, nil
}

// FromAPI reads an action that a decision agrees on.
func FromAPI(a api.AgreedAction) NewAction {
	n := NewAction{
		PartnerID: a.PartnerId, ProfessionalID: a.ProfessionalId, Description: a.Description, LifeDomain: a.LifeDomain, Kind: string(a.Kind),
		Track: string(a.Track), FrameID: a.FrameId,
	}
	n.put(termOf(a.DueDate, a.DueInWorkingDays))
	api.Put(&n.Mediator, a.Mediator)
	return n
}

// GetAction implements api.StrictServerInterface.
func (h *HTTP) GetAction(ctx context.Context, r api.GetActionRequestObject) (api.GetActionResponseObject, error) {
	seen, err := h.s.Get(ctx, r.ActionId)
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	return api.GetAction200JSONResponse{Body: body, Headers: api.GetAction200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateAction implements api.StrictServerInterface.
func (h *HTTP) UpdateAction(ctx context.Context, r api.UpdateActionRequestObject) (api.UpdateActionResponseObject, error) {
	b := r.Body
	c := Change{Description: b.Description, LifeDomain: b.LifeDomain, Kind: (*string)(b.Kind), Track: (*string)(b.Track), Mediator: b.Mediator, GoalID: b.GoalId}
	if b.DueDate != nil {
		c.DueDate = &b.DueDate.Time
	}
	if b.FrameId.IsSpecified() {
		c.Frame = func(frame **uuid.UUID) { api.Apply(b.FrameId, frame) }
	}
	seen, err := h.s.Update(ctx, etag.KeyOf(r.ActionId, r.Params.IfMatch), c)
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	return api.UpdateAction200JSONResponse{Body: body, Headers: api.UpdateAction200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) toAPI(ctx context.Context, seen Seen) (api.Action, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Action{}, err
	}
	return ToAPI(seen, names), nil
}

// ToAPI says an action as the contract does.
func ToAPI(a Seen, names *organisation.Names) api.Action {
	out := api.Action{
		Id: a.ID, DossierId: a.DossierID, Dossier: dossier.RefToAPI(a.Ref), MeetingId: api.Null(a.MeetingID), DecisionId: api.Null(a.DecisionID),
		GoalId: api.Null(a.GoalID), FrameId: api.Null(a.FrameID),
		PartnerId: a.PartnerID, Partner: names.Partner(a.PartnerID), ProfessionalId: api.Null(a.ProfessionalID),
		Professional: names.Optional(a.ProfessionalID), Description: a.Description, LifeDomain: a.LifeDomain,
		Kind: api.ActionKind(a.Kind), Track: api.ActionTrack(a.Track), DueDate: openapi.Date{Time: a.DueDate},
		Status: api.ActionStatus(a.Status), Overdue: a.IsOverdue, CreatedAt: a.CreatedAt.UTC(), AllowedOperations: a.Allowed, Etag: a.Tag,
		CompletedAt: api.Null[time.Time](nil), Result: api.Null[api.Result](nil),
		Mediator: api.NullText(a.Mediator), Agreement: api.Null[api.MediationOutcome](nil),
	}
	if a.Completion != nil {
		out.CompletedAt.Set(a.Completion.CompletedAt.UTC())
		out.Result.Set(api.Result(a.Completion.Result))
	}
	if a.Completion != nil && a.Completion.Agreement != "" {
		out.Agreement.Set(api.MediationOutcome(a.Completion.Agreement))
	}
	return out
}

// termOf reads a term that is given as a date or in working days.
func termOf(date *openapi.Date, workingDays *int) (t Term) {
	if date != nil {
		t.Date = date.Time
	}
	api.Put(&t.WorkingDays, workingDays)
	return t
}
