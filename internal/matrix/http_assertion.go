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
		Name: b.Name, Reason: b.Reason, PartnerTypes: b.PartnerTypes, PartnerIDs: b.PartnerIds, DossierTypes: slugs(b.DossierTypes),
		Categories: b.Categories, Acts: slugs(b.Acts),
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
	a, err := h.s.UpdateAssertion(ctx, r.PrivacyAssertionId, text(r.Params.IfMatch), func(a *Assertion) { changeOf(a, *r.Body) })
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
	if b.Name != nil {
		a.Name = *b.Name
	}
	if b.Reason != nil {
		a.Reason = *b.Reason
	}
	if b.PartnerTypes != nil {
		a.PartnerTypes = *b.PartnerTypes
	}
	if b.PartnerDomain.IsSpecified() {
		a.PartnerDomain = string(b.PartnerDomain[true])
	}
	if b.PartnerIds != nil {
		a.PartnerIDs = *b.PartnerIds
	}
	if b.DossierTypes != nil {
		a.DossierTypes = slugs(*b.DossierTypes)
	}
	if b.Categories != nil {
		a.Categories = *b.Categories
	}
	if b.Acts != nil {
		a.Acts = slugs(*b.Acts)
	}
	if b.Status != nil {
		a.Status = string(*b.Status)
	}
}

func assertionToAPI(a Assertion, names *organisation.Names) api.PrivacyAssertion {
	body := api.PrivacyAssertion{
		Id: a.ID, Name: a.Name, Reason: a.Reason, PartnerTypes: api.Texts(a.PartnerTypes), PartnerIds: append([]uuid.UUID{}, a.PartnerIDs...),
		Partners: make([]api.PartnerRef, len(a.PartnerIDs)), DossierTypes: make([]api.DossierType, len(a.DossierTypes)), Categories: api.Texts(a.Categories),
		Acts: make([]api.Act, len(a.Acts)), Status: api.PrivacyAssertionStatus(a.Status), CreatedById: api.Null(a.CreatedBy),
		CreatedBy: names.Optional(a.CreatedBy), CreatedAt: a.CreatedAt.UTC(), Etag: etag.Of(a),
	}
	body.PartnerDomain = api.Null[api.PartnerDomain](nil)
	if a.PartnerDomain != "" {
		body.PartnerDomain = api.Null(new(api.PartnerDomain(a.PartnerDomain)))
	}
	for i, id := range a.PartnerIDs {
		body.Partners[i] = names.Partner(id)
	}
	for i, slug := range a.DossierTypes {
		body.DossierTypes[i] = api.DossierType(slug)
	}
	for i, name := range a.Acts {
		body.Acts[i] = api.Act(name)
	}
	return body
}

// slugs are texts of an enumeration of the contract; never nil.
func slugs[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, one := range list {
		all[i] = string(one)
	}
	return all
}
