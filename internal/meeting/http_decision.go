package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// TakeDecision implements POST /agenda-items/{agendaItemId}/decisions.
func (h *HTTP) TakeDecision(ctx context.Context, r api.TakeDecisionRequestObject) (api.TakeDecisionResponseObject, error) {
	seen, err := h.s.Take(ctx, r.AgendaItemId, fromAPI(*r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, decisionToAPI)
	headers := api.TakeDecision201ResponseHeaders{ETag: body.Etag, Location: under("agenda-items", seen.AgendaItemID, "decisions", seen.ID)}
	return api.TakeDecision201JSONResponse{Body: body, Headers: headers}, err
}

func fromAPI(b api.NewDecision) NewDecision {
	n := NewDecision{Text: b.Text, Reasons: b.Reasons, Dissent: api.Or(b.Dissent, ""), ProfessionalIDs: b.ProfessionalIds}
	for _, d := range b.Dissents {
		n.Dissents = append(n.Dissents, Contribution{PartnerID: d.PartnerId, Text: d.Text})
	}
	for _, a := range b.Actions {
		n.Actions = append(n.Actions, plan.FromAPI(a))
	}
	return n
}

// SupersedeDecision implements POST /decisions/{decisionId}/supersessions.
func (h *HTTP) SupersedeDecision(ctx context.Context, r api.SupersedeDecisionRequestObject) (api.SupersedeDecisionResponseObject, error) {
	seen, err := h.s.Supersede(ctx, etag.KeyOf(r.DecisionId, r.Params.IfMatch), fromAPI(*r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, decisionToAPI)
	headers := api.SupersedeDecision201ResponseHeaders{ETag: body.Etag, Location: under("agenda-items", seen.AgendaItemID, "decisions", seen.ID)}
	return api.SupersedeDecision201JSONResponse{Body: body, Headers: headers}, err
}

// ListDecisions implements GET /agenda-items/{agendaItemId}/decisions.
func (h *HTTP) ListDecisions(ctx context.Context, r api.ListDecisionsRequestObject) (api.ListDecisionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.ListDecisions(ctx, r.AgendaItemId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, seen, decisionToAPI)
	return api.ListDecisions200JSONResponse{
		Body:    api.DecisionList{Items: items, Next: api.Null(next)},
		Headers: api.ListDecisions200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetDecision implements GET /agenda-items/{agendaItemId}/decisions/{decisionId}.
func (h *HTTP) GetDecision(ctx context.Context, r api.GetDecisionRequestObject) (api.GetDecisionResponseObject, error) {
	seen, err := h.s.GetDecision(ctx, r.AgendaItemId, r.DecisionId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, decisionToAPI)
	return api.GetDecision200JSONResponse{Body: body, Headers: api.GetDecision200ResponseHeaders{ETag: body.Etag}}, err
}

func decisionToAPI(d SeenDecision, names *organisation.Names) api.Decision {
	out := api.Decision{
		Id: d.ID, AgendaItemId: d.AgendaItemID, DossierId: d.DossierID, Dossier: dossier.RefToAPI(d.Ref), Text: d.Text, Reasons: d.Reasons,
		Dissent: api.NullText(d.Dissent), Dissents: []api.Dissent{}, SupersedesId: api.Null(d.Supersedes), SuccessorId: api.Null(d.SupersededBy),
		ProfessionalIds: all(d.ProfessionalIDs), Professionals: []api.ProfessionalRef{},
		Actions: []api.Action{}, DecidedAt: d.DecidedAt.UTC(), DecidedById: d.DecidedBy, DecidedBy: names.Professional(d.DecidedBy), Etag: d.Tag,
	}
	for _, one := range d.Dissents {
		out.Dissents = append(out.Dissents, api.Dissent{PartnerId: one.PartnerID, Partner: names.Partner(one.PartnerID), Text: one.Text})
	}
	for _, id := range d.ProfessionalIDs {
		out.Professionals = append(out.Professionals, names.Professional(id))
	}
	for _, a := range d.Actions {
		out.Actions = append(out.Actions, plan.ToAPI(a, names))
	}
	return out
}

// RecordDeliberation implements POST /agenda-items/{agendaItemId}/deliberations.
func (h *HTTP) RecordDeliberation(
	ctx context.Context, r api.RecordDeliberationRequestObject,
) (api.RecordDeliberationResponseObject, error) {
	b := r.Body
	n := NewDeliberation{
		SocialPerspective: api.Or(b.SocialPerspective, ""), SafetyPerspective: api.Or(b.SafetyPerspective, ""),
		AbsenceReason: api.Or(b.AbsenceReason, ""), Advice: api.Or(b.Advice, ""),
	}
	for _, c := range b.Contributions {
		n.Contributions = append(n.Contributions, Contribution{PartnerID: c.PartnerId, Text: c.Text})
	}
	seen, err := h.s.Deliberate(ctx, r.AgendaItemId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, deliberationToAPI)
	return api.RecordDeliberation201JSONResponse{Body: body, Headers: api.RecordDeliberation201ResponseHeaders{
		ETag: body.Etag, Location: under("agenda-items", seen.AgendaItemID, "deliberations", seen.ID),
	}}, err
}

// ListDeliberations implements GET /agenda-items/{agendaItemId}/deliberations.
func (h *HTTP) ListDeliberations(ctx context.Context, r api.ListDeliberationsRequestObject) (api.ListDeliberationsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.ListDeliberations(ctx, r.AgendaItemId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, seen, deliberationToAPI)
	return api.ListDeliberations200JSONResponse{
		Body:    api.DeliberationList{Items: items, Next: api.Null(next)},
		Headers: api.ListDeliberations200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetDeliberation implements GET /agenda-items/{agendaItemId}/deliberations/{deliberationId}.
func (h *HTTP) GetDeliberation(ctx context.Context, r api.GetDeliberationRequestObject) (api.GetDeliberationResponseObject, error) {
	seen, err := h.s.GetDeliberation(ctx, r.AgendaItemId, r.DeliberationId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, deliberationToAPI)
	return api.GetDeliberation200JSONResponse{Body: body, Headers: api.GetDeliberation200ResponseHeaders{ETag: body.Etag}}, err
}

func deliberationToAPI(d SeenDeliberation, names *organisation.Names) api.Deliberation {
	out := api.Deliberation{
		Id: d.ID, AgendaItemId: d.AgendaItemID, DossierId: d.DossierID, Dossier: dossier.RefToAPI(d.Ref),
		SocialPerspective: api.NullText(d.SocialPerspective), SafetyPerspective: api.NullText(d.SafetyPerspective),
		AbsenceReason: api.NullText(d.AbsenceReason), Advice: api.NullText(d.Advice), Contributions: []api.Contribution{},
		RecordedAt: d.RecordedAt.UTC(), RecordedById: d.RecordedBy, RecordedBy: names.Professional(d.RecordedBy), Etag: d.Tag,
	}
	for _, c := range d.Contributions {
		out.Contributions = append(out.Contributions, api.Contribution{PartnerId: c.PartnerID, Partner: names.Partner(c.PartnerID), Text: c.Text})
	}
	return out
}
