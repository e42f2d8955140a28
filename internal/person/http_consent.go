package person

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListConsents implements GET /persons/{personId}/consents.
func (h *HTTP) ListConsents(ctx context.Context, r api.ListConsentsRequestObject) (api.ListConsentsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.ListConsents(ctx, r.PersonId, p)
	if err != nil {
		return nil, err
	}
	in.Allowed = nil
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.ConsentList{Items: make([]api.Consent, len(in.Rows)), Next: api.Null(in.Next)}
	for i, c := range in.Rows {
		body.Items[i] = consentToAPI(c, in, names)
	}
	return api.ListConsents200JSONResponse{Body: body, Headers: api.ListConsents200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// RecordConsent implements POST /persons/{personId}/consents.
func (h *HTTP) RecordConsent(ctx context.Context, r api.RecordConsentRequestObject) (api.RecordConsentResponseObject, error) {
	b := r.Body
	in, err := h.s.RecordConsent(ctx, r.PersonId, NewConsent{
		DossierID: b.DossierId, Purpose: b.Purpose, GivenBy: string(b.GivenBy), GivenOn: dayOf(b.GivenOn), Until: dayOf(b.Until),
	})
	if err != nil {
		return nil, err
	}
	body, err := h.consent(ctx, in)
	return api.RecordConsent201JSONResponse{Body: body, Headers: api.RecordConsent201ResponseHeaders{ETag: body.Etag, Location: placeOf(body)}}, err
}

// GetConsent implements GET /persons/{personId}/consents/{consentId}.
func (h *HTTP) GetConsent(ctx context.Context, r api.GetConsentRequestObject) (api.GetConsentResponseObject, error) {
	in, err := h.s.GetConsent(ctx, r.PersonId, r.ConsentId)
	if err != nil {
		return nil, err
	}
	body, err := h.consent(ctx, in)
	return api.GetConsent200JSONResponse{Body: body, Headers: api.GetConsent200ResponseHeaders{ETag: body.Etag}}, err
}

// WithdrawConsent implements POST /persons/{personId}/consents/{consentId}/withdrawals.
func (h *HTTP) WithdrawConsent(ctx context.Context, r api.WithdrawConsentRequestObject) (api.WithdrawConsentResponseObject, error) {
	in, err := h.s.WithdrawConsent(ctx, r.PersonId, etag.KeyOf(r.ConsentId, r.Params.IfMatch), string(r.Body.WithdrawnBy))
	if err != nil {
		return nil, err
	}
	body, err := h.consent(ctx, in)
	return api.WithdrawConsent201JSONResponse{Body: body, Headers: api.WithdrawConsent201ResponseHeaders{ETag: body.Etag, Location: placeOf(body)}}, err
}

func placeOf(c api.Consent) string {
	return "/v1/persons/" + c.PersonId.String() + "/consents/" + c.Id.String()
}

func (h *HTTP) consent(ctx context.Context, in Consents) (api.Consent, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Consent{}, err
	}
	return consentToAPI(in.Rows[0], in, names), nil
}

func consentToAPI(c Consent, in Consents, names *organisation.Names) api.Consent {
	return api.Consent{
		Id: c.ID, PersonId: c.PersonID, Person: api.PersonRef{Id: c.PersonID, Name: in.Names[c.PersonID]}, DossierId: c.DossierID, Dossier: dossier.RefToAPI(in.Dossiers[c.DossierID]),
		Purpose: c.Purpose, GivenOn: openapi.Date{Time: c.GivenOn}, GivenBy: api.ConsentGiver(c.GivenBy), Until: api.NullDate(c.Until), Active: c.Active(in.Today),
		SupplierId: c.SupplierID, Supplier: names.Partner(c.SupplierID), RecordedAt: c.RecordedAt.UTC(), RecordedById: api.Null(c.RecordedBy),
		RecordedBy: names.Optional(c.RecordedBy), WithdrawnAt: api.NullTime(c.WithdrawnAt), WithdrawnBy: api.NullText(c.WithdrawnBy),
		WithdrawalRecordedById: api.Null(c.WithdrawalRecordedBy), WithdrawalRecordedBy: names.Optional(c.WithdrawalRecordedBy),
		Etag: etag.Of(c), AllowedOperations: in.Allowed,
	}
}
