package matrix

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPrivacyAssertions implements GET /privacy-assertions.
func (h *HTTP) ListPrivacyAssertions(ctx context.Context, r api.ListPrivacyAssertionsRequestObject) (api.ListPrivacyAssertionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Assertions(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PrivacyAssertionList{Items: make([]api.PrivacyAssertion, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = assertionToAPI(row, names)
	}
	return api.ListPrivacyAssertions200JSONResponse{Body: body, Headers: api.ListPrivacyAssertions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreatePrivacyAssertion implements POST /privacy-assertions.
func (h *HTTP) CreatePrivacyAssertion(ctx context.Context, r api.CreatePrivacyAssertionRequestObject) (api.CreatePrivacyAssertionResponseObject, error) {
	b := r.Body
	a := Assertion{
		Name: b.Name, Reason: b.Reason, PartnerTypes: b.PartnerTypes, PartnerIDs: b.PartnerIds, DossierTypes: api.AsAll[string](b.DossierTypes),
		Categories: b.Categories, Acts: api.AsAll[string](b.Acts),
	}
	if b.PartnerDomain != nil {
		a.PartnerDomain = string(*b.PartnerDomain)
	}
	a, err := h.s.Assert(ctx, a)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := assertionToAPI(a, names)
	return api.CreatePrivacyAssertion201JSONResponse{Body: body, Headers: api.CreatePrivacyAssertion201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/privacy-assertions/" + a.ID.String(),
	}}, nil
}

// GetPrivacyAssertion implements GET /privacy-assertions/{privacyAssertionId}.
func (h *HTTP) GetPrivacyAssertion(ctx context.Context, r api.GetPrivacyAssertionRequestObject) (api.GetPrivacyAssertionResponseObject, error) {
	a, err := h.s.Assertion(ctx, r.PrivacyAssertionId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := assertionToAPI(a, names)
	return api.GetPrivacyAssertion200JSONResponse{Body: body, Headers: api.GetPrivacyAssertion200ResponseHeaders{ETag: body.Etag}}, nil
}

// UpdatePrivacyAssertion implements PATCH /privacy-assertions/{privacyAssertionId}.
func (h *HTTP) UpdatePrivacyAssertion(ctx context.Context, r api.UpdatePrivacyAssertionRequestObject) (api.UpdatePrivacyAssertionResponseObject, error) {
	a, err := h.s.UpdateAssertion(ctx, etag.KeyOf(r.PrivacyAssertionId, r.Params.IfMatch), func(a *Assertion) { changeOf(a, *r.Body) })
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := assertionToAPI(a, names)
	return api.UpdatePrivacyAssertion200JSONResponse{Body: body, Headers: api.UpdatePrivacyAssertion200ResponseHeaders{ETag: body.Etag}}, nil
}

func changeOf(a *Assertion, b api.PrivacyAssertionChange) {
	api.Put(&a.Name, b.Name)
	api.Put(&a.Reason, b.Reason)
	api.Put(&a.PartnerTypes, b.PartnerTypes)
	if b.PartnerDomain.IsSpecified() {
		a.PartnerDomain = string(b.PartnerDomain[true])
	}
	api.Put(&a.PartnerIDs, b.PartnerIds)
	if b.DossierTypes != nil {
		a.DossierTypes = api.AsAll[string](*b.DossierTypes)
	}
	api.Put(&a.Categories, b.Categories)
	if b.Acts != nil {
		a.Acts = api.AsAll[string](*b.Acts)
	}
	api.Put(&a.Status, api.As[string](b.Status))
}

func assertionToAPI(a Assertion, names *organisation.Names) api.PrivacyAssertion {
	body := api.PrivacyAssertion{
		Id: a.ID, Name: a.Name, Reason: a.Reason, PartnerTypes: api.Texts(a.PartnerTypes), PartnerIds: append([]uuid.UUID{}, a.PartnerIDs...),
		Partners: make([]api.PartnerRef, len(a.PartnerIDs)), DossierTypes: api.AsAll[api.DossierType](a.DossierTypes), Categories: api.Texts(a.Categories),
		Acts: api.AsAll[api.Act](a.Acts), Status: api.PrivacyAssertionStatus(a.Status), CreatedById: api.Null(a.CreatedBy),
		CreatedBy: names.Optional(a.CreatedBy), CreatedAt: a.CreatedAt.UTC(), PartnerDomain: api.NullAs[api.PartnerDomain](a.PartnerDomain), Etag: etag.Of(a),
	}
	for i, id := range a.PartnerIDs {
		body.Partners[i] = names.Partner(id)
	}
	return body
}
