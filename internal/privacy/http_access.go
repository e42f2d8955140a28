package privacy

import (
	"bytes"
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListAccessLog implements GET /access-log.
func (h *HTTP) ListAccessLog(ctx context.Context, r api.ListAccessLogRequestObject) (api.ListAccessLogResponseObject, error) {
	q := r.Params
	p, err := page.Parse(q.Limit, q.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.AccessLog(ctx, string(q.Purpose), AccessFilter{
		DossierID: q.DossierId, PersonID: q.PersonId, ProfessionalID: q.ProfessionalId, PartnerID: q.PartnerId, Operation: q.Operation,
		Outcome: (*string)(q.Outcome), From: q.From, Until: q.Until,
	}, p)
	if err != nil {
		return nil, err
	}
	headers := api.ListAccessLog200ResponseHeaders{Link: page.Link(ctx, in.Next)}
	if media.Wants(ctx, media.CSV) {
		table, err := in.table()
		return api.ListAccessLog200TextcsvResponse{Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: headers}, err
	}
	body, err := h.lines(ctx, in)
	return api.ListAccessLog200JSONResponse{Body: body, Headers: headers}, err
}

// ListDossierAccessLog implements GET /dossiers/{dossierId}/access-log.
func (h *HTTP) ListDossierAccessLog(ctx context.Context, r api.ListDossierAccessLogRequestObject) (api.ListDossierAccessLogResponseObject, error) {
	q := r.Params
	p, err := page.Parse(q.Limit, q.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.DossierAccessLog(ctx, r.DossierId, string(q.Purpose), AccessFilter{From: q.From, Until: q.Until}, p)
	if err != nil {
		return nil, err
	}
	headers := api.ListDossierAccessLog200ResponseHeaders{Link: page.Link(ctx, in.Next)}
	if media.Wants(ctx, media.CSV) {
		table, err := in.table()
		return api.ListDossierAccessLog200TextcsvResponse{Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: headers}, err
	}
	body, err := h.lines(ctx, in)
	return api.ListDossierAccessLog200JSONResponse{Body: body, Headers: headers}, err
}

func (h *HTTP) lines(ctx context.Context, in AccessLog) (body api.AccessLineList, err error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return body, err
	}
	body = api.AccessLineList{Items: make([]api.AccessLine, len(in.Rows)), Next: api.Null(in.Next)}
	for i, l := range in.Rows {
		body.Items[i] = lineToAPI(l, names)
	}
	return body, nil
}

// lineToAPI says a line as the contract does; its tag is that of its id, because it never changes. Number and title of the dossier are left out: who reads the log learns who looked,
// and not at what.
func lineToAPI(l AccessLine, names *organisation.Names) api.AccessLine {
	return api.AccessLine{
		Id: l.ID, At: l.At.UTC(), Operation: l.Operation, Acts: api.Texts(l.Acts), ProfessionalId: api.Null(l.ProfessionalID), Professional: names.Optional(l.ProfessionalID),
		PartnerId: api.Null(l.PartnerID), Partner: names.OptionalPartner(l.PartnerID), ClientId: api.Null(l.ClientID), Roles: api.Texts(l.Roles),
		StandsInForIds: append([]uuid.UUID{}, l.StandsInFor...), SeenAsPartnerId: api.Null(l.SeenAsPartnerID), SeenAsPartner: names.OptionalPartner(l.SeenAsPartnerID),
		SeenAsProfessionalId: api.Null(l.SeenAsProfessionalID), SeenAsProfessional: names.Optional(l.SeenAsProfessionalID),
		DossierId: api.Null(l.DossierID), Dossier: nullable.NewNullNullable[api.DossierRef](), Subject: subjectToAPI(l), Categories: l.slugs(),
		Grounds: api.Texts(l.Grounds), Basis: api.NullText(l.Basis), Purpose: api.NullText(l.Purpose), Outcome: api.AccessOutcome(l.Outcome), Status: l.Status,
		TraceId: l.TraceID, SpanId: l.SpanID, Etag: etag.Of(struct{ ID uuid.UUID }{l.ID}),
	}
}

func subjectToAPI(l AccessLine) nullable.Nullable[api.SubjectRef] {
	if l.SubjectID == nil {
		return nullable.NewNullNullable[api.SubjectRef]()
	}
	return nullable.NewNullableWithValue(api.SubjectRef{Type: l.SubjectType, Id: *l.SubjectID})
}
