package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPlans implements api.StrictServerInterface.
func (h *HTTP) ListPlans(ctx context.Context, r api.ListPlansRequestObject) (api.ListPlansResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.ListPlans(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PlanList{Items: make([]api.Plan, len(seen)), Next: api.Null(next)}
	for i, one := range seen {
		body.Items[i] = h.planToAPI(one, names)
	}
	return api.ListPlans200JSONResponse{Body: body, Headers: api.ListPlans200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// DraftPlan implements api.StrictServerInterface.
func (h *HTTP) DraftPlan(ctx context.Context, r api.DraftPlanRequestObject) (api.DraftPlanResponseObject, error) {
	b := r.Body
	seen, err := h.s.DraftPlan(ctx, r.DossierId, Said{
		IntegralGoal: b.IntegralGoal, ResidentInterest: b.ResidentInterest, Perspective: b.Perspective, CareGoal: b.CareGoal, SafetyGoal: b.SafetyGoal,
	}, b.OverrideReason)
	body, err := h.plan(ctx, seen, err)
	return api.DraftPlan201JSONResponse{Body: body, Headers: api.DraftPlan201ResponseHeaders{ETag: body.Etag, Location: "/v1/plans/" + body.Id.String()}}, err
}

// GetPlan implements api.StrictServerInterface.
func (h *HTTP) GetPlan(ctx context.Context, r api.GetPlanRequestObject) (api.GetPlanResponseObject, error) {
	if media.Wants(ctx, media.PDF) {
		return h.planAsPDF(ctx, r.PlanId)
	}
	seen, err := h.s.GetPlan(ctx, r.PlanId)
	body, err := h.plan(ctx, seen, err)
	return api.GetPlan200JSONResponse{Body: body, Headers: api.GetPlan200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdatePlan implements api.StrictServerInterface.
func (h *HTTP) UpdatePlan(ctx context.Context, r api.UpdatePlanRequestObject) (api.UpdatePlanResponseObject, error) {
	b := r.Body
	said := Said{IntegralGoal: b.IntegralGoal, ResidentInterest: b.ResidentInterest, Perspective: b.Perspective, CareGoal: b.CareGoal, SafetyGoal: b.SafetyGoal}
	if b.Sections != nil {
		sections := make([]Section, len(b.Sections))
		for i, one := range b.Sections {
			sections[i] = Section{LifeDomain: one.LifeDomain}
			api.Put(&sections[i].Text, one.Text)
		}
		said.Sections = &sections
	}
	seen, err := h.s.UpdatePlan(ctx, etag.KeyOf(r.PlanId, r.Params.IfMatch), said)
	body, err := h.plan(ctx, seen, err)
	return api.UpdatePlan200JSONResponse{Body: body, Headers: api.UpdatePlan200ResponseHeaders{ETag: body.Etag}}, err
}

// FinalisePlan implements api.StrictServerInterface.
func (h *HTTP) FinalisePlan(ctx context.Context, r api.FinalisePlanRequestObject) (api.FinalisePlanResponseObject, error) {
	f := Finalisation{DecisionID: r.Body.DecisionId}
	api.Put(&f.Reason, r.Body.Reason)
	seen, err := h.s.Finalise(ctx, etag.KeyOf(r.PlanId, r.Params.IfMatch), f)
	body, err := h.plan(ctx, seen, err)
	headers := api.FinalisePlan201ResponseHeaders{ETag: body.Etag, Location: "/v1/plans/" + body.Id.String()}
	return api.FinalisePlan201JSONResponse{Body: body, Headers: headers}, err
}

// GetPlanConflicts implements api.StrictServerInterface.
func (h *HTTP) GetPlanConflicts(ctx context.Context, r api.GetPlanConflictsRequestObject) (api.GetPlanConflictsResponseObject, error) {
	clashes, err := h.s.Conflicts(ctx, r.PlanId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PlanConflicts{PlanId: r.PlanId, Conflicts: make([]api.PlanConflict, len(clashes)), Etag: etag.Of(struct{ Clashes []Clash }{clashes})}
	for i, c := range clashes {
		body.Conflicts[i] = api.PlanConflict{
			Rule: api.PlanConflictRule(c.Rule), OtherPlanId: c.OtherPlanID, Enforcement: ToAPI(c.Enforcement, names), Support: ToAPI(c.Support, names),
		}
	}
	return api.GetPlanConflicts200JSONResponse{Body: body, Headers: api.GetPlanConflicts200ResponseHeaders{ETag: body.Etag}}, nil
}

func (h *HTTP) plan(ctx context.Context, seen SeenPlan, err error) (api.Plan, error) {
	if err != nil {
		return api.Plan{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Plan{}, err
	}
	return h.planToAPI(seen, names), nil
}

func (h *HTTP) planToAPI(p SeenPlan, names *organisation.Names) api.Plan {
	out := api.Plan{
		Id: p.ID, DossierId: p.DossierID, Dossier: dossier.RefToAPI(p.Ref), Number: p.Number, Status: api.PlanStatus(p.Status),
		IntegralGoal: api.NullText(p.IntegralGoal), ResidentInterest: api.NullText(p.ResidentInterest), Perspective: api.NullText(p.Perspective),
		CareGoal: api.NullText(p.CareGoal), SafetyGoal: api.NullText(p.SafetyGoal), Sections: make([]api.PlanSection, len(p.Sections)),
		DecisionId: api.Null(p.DecisionID), EmptyReason: api.NullText(p.EmptyReason), DraftedAt: p.DraftedAt.UTC(), DraftedById: api.Null(p.DraftedBy),
		DraftedBy: names.Optional(p.DraftedBy), FinalisedAt: api.NullTime(p.FinalisedAt), FinalisedById: api.Null[uuid.UUID](p.FinalisedBy),
		FinalisedBy: names.Optional(p.FinalisedBy), SupersededAt: api.NullTime(p.SupersededAt), Etag: p.Tag, AllowedOperations: p.Allowed,
	}
	for i, s := range p.Sections {
		out.Sections[i] = api.PlanSection{LifeDomain: s.LifeDomain, Orientation: api.Orientation(h.s.Orientation(s.LifeDomain)), Text: api.NullText(s.Text)}
	}
	if p.Override != nil {
		passed := overrideToAPI(In[Override]{Row: *p.Override, Ref: p.Ref}, names)
		out.PreconditionOverride = &passed
	}
	if p.Overview != nil {
		out.Overview = p.Overview.toAPI(names)
	}
	return out
}

func (o Overview) toAPI(names *organisation.Names) *api.PlanOverview {
	partners := make([]api.ExecutingPartner, len(o.Partners))
	for i, e := range o.Partners {
		partners[i] = api.ExecutingPartner{PartnerId: e.PartnerID, Partner: names.Partner(e.PartnerID), Outcome: api.NullAs[api.CommitmentOutcome](e.Outcome)}
	}
	kinds := make([]api.ActionKindCount, len(o.ByKind))
	for i, c := range o.ByKind {
		kinds[i] = api.ActionKindCount{Kind: api.ActionKind(c.Code), Open: c.Open, Done: c.Done}
	}
	domains := make([]api.LifeDomainCount, len(o.ByDomain))
	for i, c := range o.ByDomain {
		domains[i] = api.LifeDomainCount{LifeDomain: c.Code, Open: c.Open, Done: c.Done}
	}
	linked := make([]api.LinkedPlan, len(o.Linked))
	for i, l := range o.Linked {
		linked[i] = api.LinkedPlan{
			PlanId: l.ID, DossierId: l.DossierID, Dossier: dossier.RefToAPI(l.Ref), LinkKind: api.LinkKind(l.Kind), Number: l.Number, Status: api.PlanStatus(l.Status),
		}
	}
	return &api.PlanOverview{
		Warnings: api.AsAll[api.PlanWarning](o.Warnings), ExecutingPartners: partners, ActionsByKind: kinds, ActionsByLifeDomain: domains, LinkedPlans: linked,
	}
}
