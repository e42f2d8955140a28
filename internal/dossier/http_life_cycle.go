package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListTriages implements GET /dossiers/{dossierId}/triages.
func (h *HTTP) ListTriages(ctx context.Context, r api.ListTriagesRequestObject) (api.ListTriagesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListTriages(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, triageToAPI)
	return api.ListTriages200JSONResponse{
		Body:    api.TriageList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListTriages200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// RecordTriage implements POST /dossiers/{dossierId}/triages.
func (h *HTTP) RecordTriage(ctx context.Context, r api.RecordTriageRequestObject) (api.RecordTriageResponseObject, error) {
	done, err := h.s.RecordTriage(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), triageOf(r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, triageToAPI)
	return api.RecordTriage201JSONResponse{Body: body, Headers: api.RecordTriage201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "triages", body.Id),
	}}, err
}

// GetTriage implements GET /dossiers/{dossierId}/triages/{triageId}.
func (h *HTTP) GetTriage(ctx context.Context, r api.GetTriageRequestObject) (api.GetTriageResponseObject, error) {
	c, err := h.s.GetTriage(ctx, r.DossierId, r.TriageId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, triageToAPI)
	return api.GetTriage200JSONResponse{Body: body, Headers: api.GetTriage200ResponseHeaders{ETag: body.Etag}}, err
}

// ListStatusChanges implements GET /dossiers/{dossierId}/status-changes.
func (h *HTTP) ListStatusChanges(ctx context.Context, r api.ListStatusChangesRequestObject) (api.ListStatusChangesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListStatusChanges(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, statusChangeToAPI)
	return api.ListStatusChanges200JSONResponse{
		Body:    api.StatusChangeList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListStatusChanges200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// ChangeStatus implements POST /dossiers/{dossierId}/status-changes.
func (h *HTTP) ChangeStatus(ctx context.Context, r api.ChangeStatusRequestObject) (api.ChangeStatusResponseObject, error) {
	done, err := h.s.ChangeStatus(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), statusChangeOf(r.Body))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, statusChangeToAPI)
	return api.ChangeStatus201JSONResponse{Body: body, Headers: api.ChangeStatus201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "status-changes", body.Id),
	}}, err
}

// GetStatusChange implements GET /dossiers/{dossierId}/status-changes/{statusChangeId}.
func (h *HTTP) GetStatusChange(ctx context.Context, r api.GetStatusChangeRequestObject) (api.GetStatusChangeResponseObject, error) {
	c, err := h.s.GetStatusChange(ctx, r.DossierId, r.StatusChangeId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, statusChangeToAPI)
	return api.GetStatusChange200JSONResponse{Body: body, Headers: api.GetStatusChange200ResponseHeaders{ETag: body.Etag}}, err
}

// ListBasisChanges implements GET /dossiers/{dossierId}/basis-changes.
func (h *HTTP) ListBasisChanges(ctx context.Context, r api.ListBasisChangesRequestObject) (api.ListBasisChangesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListBasisChanges(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, basisChangeToAPI)
	return api.ListBasisChanges200JSONResponse{
		Body:    api.BasisChangeList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListBasisChanges200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// ChangeBasis implements POST /dossiers/{dossierId}/basis-changes.
func (h *HTTP) ChangeBasis(ctx context.Context, r api.ChangeBasisRequestObject) (api.ChangeBasisResponseObject, error) {
	done, err := h.s.ChangeBasis(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), BasisChange{Basis: Basis(r.Body.Basis), Purpose: r.Body.Purpose, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, basisChangeToAPI)
	return api.ChangeBasis201JSONResponse{Body: body, Headers: api.ChangeBasis201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "basis-changes", body.Id),
	}}, err
}

// GetBasisChange implements GET /dossiers/{dossierId}/basis-changes/{basisChangeId}.
func (h *HTTP) GetBasisChange(ctx context.Context, r api.GetBasisChangeRequestObject) (api.GetBasisChangeResponseObject, error) {
	c, err := h.s.GetBasisChange(ctx, r.DossierId, r.BasisChangeId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, basisChangeToAPI)
	return api.GetBasisChange200JSONResponse{Body: body, Headers: api.GetBasisChange200ResponseHeaders{ETag: body.Etag}}, err
}

// ListReopenings implements GET /dossiers/{dossierId}/reopenings.
func (h *HTTP) ListReopenings(ctx context.Context, r api.ListReopeningsRequestObject) (api.ListReopeningsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListReopenings(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, reopeningToAPI)
	return api.ListReopenings200JSONResponse{
		Body:    api.ReopeningList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListReopenings200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// ReopenDossier implements POST /dossiers/{dossierId}/reopenings.
func (h *HTTP) ReopenDossier(ctx context.Context, r api.ReopenDossierRequestObject) (api.ReopenDossierResponseObject, error) {
	done, err := h.s.Reopen(ctx, r.DossierId, Reopening{Ground: string(r.Body.Ground), Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, done, reopeningToAPI)
	return api.ReopenDossier201JSONResponse{Body: body, Headers: api.ReopenDossier201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "reopenings", body.Id),
	}}, err
}

// GetReopening implements GET /dossiers/{dossierId}/reopenings/{reopeningId}.
func (h *HTTP) GetReopening(ctx context.Context, r api.GetReopeningRequestObject) (api.GetReopeningResponseObject, error) {
	c, err := h.s.GetReopening(ctx, r.DossierId, r.ReopeningId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, c, reopeningToAPI)
	return api.GetReopening200JSONResponse{Body: body, Headers: api.GetReopening200ResponseHeaders{ETag: body.Etag}}, err
}

func triageOf(b *api.RecordTriageJSONRequestBody) Triage {
	t := Triage{Advice: string(b.Advice), Reason: b.Reason}
	for _, c := range b.Criteria {
		t.Criteria = append(t.Criteria, Criterion{Criterion: c.Criterion, Answer: string(c.Answer), Substantiation: c.Substantiation})
	}
	return t
}

func triageToAPI(t Triage, names beside) api.Triage {
	out := api.Triage{
		Id: t.ID, DossierId: t.DossierID, Dossier: names.dossier, Criteria: []api.TriageCriterion{}, CriteriaMet: t.CriteriaMet,
		Advice: api.TriageAdvice(t.Advice), Reason: api.NullText(t.Reason), DecidedAt: t.DecidedAt.UTC(), DecidedById: api.Null(&t.DecidedBy),
		DecidedBy: names.Optional(&t.DecidedBy), Etag: etag.Of(t),
	}
	for _, c := range t.Criteria {
		out.Criteria = append(out.Criteria, api.TriageCriterion{
			Criterion: c.Criterion, Answer: api.CriterionAnswer(c.Answer), Substantiation: c.Substantiation,
		})
	}
	return out
}

func statusChangeOf(b *api.ChangeStatusJSONRequestBody) StatusChange {
	c := StatusChange{ToStatus: Status(b.To), Reason: b.Reason}
	if b.Until != nil {
		c.Until = &b.Until.Time
	}
	if b.PerspectiveGoal != nil {
		c.PerspectiveGoal = *b.PerspectiveGoal
	}
	return c
}

func statusChangeToAPI(c StatusChange, names beside) api.StatusChange {
	return api.StatusChange{
		Id: c.ID, DossierId: c.DossierID, Dossier: names.dossier, From: api.DossierStatus(c.FromStatus), To: api.DossierStatus(c.ToStatus),
		Until: api.NullDate(c.Until), PerspectiveGoal: api.NullText(c.PerspectiveGoal), Reason: api.NullText(c.Reason), DecidedAt: c.DecidedAt.UTC(),
		DecidedById: api.Null(&c.DecidedBy), DecidedBy: names.Optional(&c.DecidedBy), Etag: etag.Of(c),
	}
}

func basisChangeToAPI(c BasisChange, names beside) api.BasisChange {
	out := api.BasisChange{
		Id: c.ID, DossierId: c.DossierID, Dossier: names.dossier, From: api.LegalBasis(c.FromBasis), Basis: api.LegalBasis(c.Basis),
		Purpose: api.NullText(c.Purpose), EndedPartnerIds: []uuid.UUID{}, EndedPartners: []api.PartnerRef{}, Reason: api.NullText(c.Reason),
		DecidedAt: c.DecidedAt.UTC(), DecidedById: api.Null(&c.DecidedBy), DecidedBy: names.Optional(&c.DecidedBy), Etag: etag.Of(c),
	}
	for _, id := range c.EndedPartnerIDs {
		out.EndedPartnerIds = append(out.EndedPartnerIds, id)
		out.EndedPartners = append(out.EndedPartners, names.Partner(id))
	}
	return out
}

func reopeningToAPI(r Reopening, names beside) api.Reopening {
	return api.Reopening{
		Id: r.ID, DossierId: r.DossierID, Dossier: names.dossier, ClosureId: api.Null(r.ClosureID), Ground: api.ReopeningGround(r.Ground),
		Status: api.DossierStatus(r.Status), Reason: api.NullText(r.Reason), DecidedAt: r.DecidedAt.UTC(), DecidedById: api.Null(&r.DecidedBy),
		DecidedBy: names.Optional(&r.DecidedBy), Etag: etag.Of(r),
	}
}
