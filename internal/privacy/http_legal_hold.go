package privacy

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListLegalHolds implements GET /legal-holds.
func (h *HTTP) ListLegalHolds(ctx context.Context, r api.ListLegalHoldsRequestObject) (api.ListLegalHoldsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.LegalHolds(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.LegalHoldList{Items: make([]api.LegalHold, len(in.Rows)), Next: api.Null(in.Next)}
	for i, row := range in.Rows {
		body.Items[i] = holdToAPI(row, in, names)
	}
	return api.ListLegalHolds200JSONResponse{Body: body, Headers: api.ListLegalHolds200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// PlaceLegalHold implements POST /legal-holds.
func (h *HTTP) PlaceLegalHold(ctx context.Context, r api.PlaceLegalHoldRequestObject) (api.PlaceLegalHoldResponseObject, error) {
	body, err := h.hold(ctx)(h.s.PlaceHold(ctx, LegalHold{DossierID: r.Body.DossierId, Ground: string(r.Body.Ground), Reason: r.Body.Reason, Until: asDay(r.Body.Until)}))
	return api.PlaceLegalHold201JSONResponse{Body: body, Headers: api.PlaceLegalHold201ResponseHeaders{ETag: body.Etag, Location: holdPlace(body)}}, err
}

// GetLegalHold implements GET /legal-holds/{legalHoldId}.
func (h *HTTP) GetLegalHold(ctx context.Context, r api.GetLegalHoldRequestObject) (api.GetLegalHoldResponseObject, error) {
	body, err := h.hold(ctx)(h.s.LegalHold(ctx, r.LegalHoldId))
	return api.GetLegalHold200JSONResponse{Body: body, Headers: api.GetLegalHold200ResponseHeaders{ETag: body.Etag}}, err
}

// EndLegalHold implements POST /legal-holds/{legalHoldId}/endings.
func (h *HTTP) EndLegalHold(ctx context.Context, r api.EndLegalHoldRequestObject) (api.EndLegalHoldResponseObject, error) {
	body, err := h.hold(ctx)(h.s.EndHold(ctx, etag.KeyOf(r.LegalHoldId, r.Params.IfMatch), r.Body.Reason))
	return api.EndLegalHold201JSONResponse{Body: body, Headers: api.EndLegalHold201ResponseHeaders{ETag: body.Etag, Location: holdPlace(body)}}, err
}

// hold is the one hold of an answer of the service.
func (h *HTTP) hold(ctx context.Context) func(LegalHolds, error) (api.LegalHold, error) {
	return func(in LegalHolds, err error) (api.LegalHold, error) {
		if err != nil {
			return api.LegalHold{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.LegalHold{}, err
		}
		return holdToAPI(in.Rows[0], in, names), nil
	}
}

func holdPlace(h api.LegalHold) string { return "/v1/legal-holds/" + h.Id.String() }

func holdToAPI(h LegalHold, in LegalHolds, names *organisation.Names) api.LegalHold {
	return api.LegalHold{
		Id: h.ID, DossierId: h.DossierID, Dossier: api.ConcernedDossier{Id: h.DossierID, Number: h.Number}, Ground: api.LegalHoldGround(h.Ground), Reason: h.Reason,
		Until: api.NullDate(h.Until), Live: h.live(in.Today), PlacedById: h.PlacedBy, PlacedBy: names.Professional(h.PlacedBy), PlacedAt: h.PlacedAt.UTC(),
		EndReason: api.NullText(h.EndReason), EndedById: api.Null(h.EndedBy), EndedBy: names.Optional(h.EndedBy), EndedAt: api.NullTime(h.EndedAt),
		Etag: etag.Of(h), AllowedOperations: in.Allowed,
	}
}

// DecideRetentionRule implements POST /retention-rules.
func (h *HTTP) DecideRetentionRule(ctx context.Context, r api.DecideRetentionRuleRequestObject) (api.DecideRetentionRuleResponseObject, error) {
	body, err := h.rules(ctx)(h.s.DecideRetentionRule(ctx, string(r.Body.Kind), r.Body.Months, r.Body.Reason))
	return api.DecideRetentionRule201JSONResponse{Body: body, Headers: api.DecideRetentionRule201ResponseHeaders{ETag: body.Etag, Location: "/v1/retention-rules"}}, err
}

// ExtendDossierRetention implements POST /dossiers/{dossierId}/retention-extensions.
func (h *HTTP) ExtendDossierRetention(ctx context.Context, r api.ExtendDossierRetentionRequestObject) (api.ExtendDossierRetentionResponseObject, error) {
	e := RetentionExtension{Months: r.Body.Months, Ground: string(r.Body.Ground), Reason: r.Body.Reason, Consents: make([]SupplierConsent, len(r.Body.Consents))}
	for i, c := range r.Body.Consents {
		e.Consents[i] = SupplierConsent{PartnerID: c.PartnerId, GivenOn: c.GivenOn.Time}
	}
	in, err := h.s.ExtendRetention(ctx, r.DossierId, e)
	body := retentionToAPI(in)
	return api.ExtendDossierRetention201JSONResponse{Body: body, Headers: api.ExtendDossierRetention201ResponseHeaders{ETag: body.Etag, Location: "/v1/dossiers/" + r.DossierId.String() + "/retention"}}, err
}

// retentionToAPI says the retention of a dossier as the contract does.
func retentionToAPI(in DossierRetention) api.DossierRetention {
	body := api.DossierRetention{
		Id: in.DossierID, Number: in.Number, Kind: api.RetentionKind(in.Kind), Source: in.Source, FirstProcessedOn: openapi.Date{Time: in.FirstProcessedOn}, Months: in.Months,
		ExtendedMonths: in.Extended, DueOn: openapi.Date{Time: in.DueOn}, Due: in.Due, Holds: make([]api.LegalHoldGround, len(in.Holds)), Etag: etag.Of(in), AllowedOperations: in.Allowed,
	}
	for i, ground := range in.Holds {
		body.Holds[i] = api.LegalHoldGround(ground)
	}
	return body
}
