package privacy

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPrivacyAudits implements GET /privacy-audits.
func (h *HTTP) ListPrivacyAudits(ctx context.Context, r api.ListPrivacyAuditsRequestObject) (api.ListPrivacyAuditsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, due, err := h.s.ListPrivacyAudits(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PrivacyAuditList{
		Items: make([]api.PrivacyAudit, len(rows)), Next: api.Null(next), NextDueOn: openapi.Date{Time: due.DueOn}, Rule: api.PrivacyAuditRule(due.Rule), Overdue: due.Overdue,
	}
	for i, a := range rows {
		body.Items[i] = auditToAPI(SeenAudit{PrivacyAudit: a}, names)
	}
	return api.ListPrivacyAudits200JSONResponse{Body: body, Headers: api.ListPrivacyAudits200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// RecordPrivacyAudit implements POST /privacy-audits.
func (h *HTTP) RecordPrivacyAudit(ctx context.Context, r api.RecordPrivacyAuditRequestObject) (api.RecordPrivacyAuditResponseObject, error) {
	b := r.Body
	body, err := h.audit(ctx)(h.s.RecordPrivacyAudit(ctx, PrivacyAudit{
		DoneOn: b.DoneOn.Time, Organisation: b.Organisation, Findings: b.Findings, Shortcomings: b.Shortcomings, SentToAuthorityOn: asDay(b.SentToAuthorityOn),
		SentToCommitteeOn: asDay(b.SentToCommitteeOn), SentToOfficerOn: asDay(b.SentToOfficerOn),
	}))
	return api.RecordPrivacyAudit201JSONResponse{Body: body, Headers: api.RecordPrivacyAudit201ResponseHeaders{ETag: body.Etag, Location: "/v1/privacy-audits/" + body.Id.String()}}, err
}

// GetPrivacyAudit implements GET /privacy-audits/{privacyAuditId}.
func (h *HTTP) GetPrivacyAudit(ctx context.Context, r api.GetPrivacyAuditRequestObject) (api.GetPrivacyAuditResponseObject, error) {
	body, err := h.audit(ctx)(h.s.GetPrivacyAudit(ctx, r.PrivacyAuditId))
	return api.GetPrivacyAudit200JSONResponse{Body: body, Headers: api.GetPrivacyAudit200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdatePrivacyAudit implements PATCH /privacy-audits/{privacyAuditId}.
func (h *HTTP) UpdatePrivacyAudit(ctx context.Context, r api.UpdatePrivacyAuditRequestObject) (api.UpdatePrivacyAuditResponseObject, error) {
	c := r.Body
	body, err := h.audit(ctx)(h.s.UpdatePrivacyAudit(ctx, etag.KeyOf(r.PrivacyAuditId, r.Params.IfMatch), func(a *PrivacyAudit) {
		putDay(&a.SentToAuthorityOn, c.SentToAuthorityOn)
		putDay(&a.SentToCommitteeOn, c.SentToCommitteeOn)
		putDay(&a.SentToOfficerOn, c.SentToOfficerOn)
	}))
	return api.UpdatePrivacyAudit200JSONResponse{Body: body, Headers: api.UpdatePrivacyAudit200ResponseHeaders{ETag: body.Etag}}, err
}

// audit is the one of an answer of the service.
func (h *HTTP) audit(ctx context.Context) func(SeenAudit, error) (api.PrivacyAudit, error) {
	return func(seen SeenAudit, err error) (api.PrivacyAudit, error) {
		if err != nil {
			return api.PrivacyAudit{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.PrivacyAudit{}, err
		}
		return auditToAPI(seen, names), nil
	}
}

func auditToAPI(a SeenAudit, names *organisation.Names) api.PrivacyAudit {
	return api.PrivacyAudit{
		Id: a.ID, DoneOn: openapi.Date{Time: a.DoneOn}, Organisation: a.Organisation, Findings: a.Findings, Shortcomings: a.Shortcomings,
		SentToAuthorityOn: api.NullDate(a.SentToAuthorityOn), SentToCommitteeOn: api.NullDate(a.SentToCommitteeOn), SentToOfficerOn: api.NullDate(a.SentToOfficerOn),
		RecordedById: a.RecordedBy, RecordedBy: names.Professional(a.RecordedBy), RecordedAt: a.RecordedAt.UTC(), Etag: etag.Of(a.PrivacyAudit), AllowedOperations: a.Allowed,
	}
}
