package oversight

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPrivacyAssertionChecks implements GET /privacy-assertion-checks.
func (h *HTTP) ListPrivacyAssertionChecks(ctx context.Context, r api.ListPrivacyAssertionChecksRequestObject) (api.ListPrivacyAssertionChecksResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Checks(ctx, p)
	if err != nil {
		return nil, err
	}
	body := api.PrivacyAssertionCheckList{Items: make([]api.PrivacyAssertionCheckBrief, len(rows)), Next: api.Null(next)}
	for i, c := range rows {
		body.Items[i] = api.PrivacyAssertionCheckBrief{
			Id: c.ID, At: c.At.UTC(), Occasion: api.CheckOccasion(c.Occasion), Assertions: c.Assertions, Found: c.Found, Etag: etag.Of(c),
		}
	}
	return api.ListPrivacyAssertionChecks200JSONResponse{Body: body, Headers: api.ListPrivacyAssertionChecks200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CheckPrivacyAssertions implements POST /privacy-assertion-checks.
func (h *HTTP) CheckPrivacyAssertions(ctx context.Context, _ api.CheckPrivacyAssertionsRequestObject) (api.CheckPrivacyAssertionsResponseObject, error) {
	c, err := h.s.CheckNow(ctx)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := checkToAPI(c, names)
	return api.CheckPrivacyAssertions201JSONResponse{Body: body, Headers: api.CheckPrivacyAssertions201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/privacy-assertion-checks/" + c.ID.String(),
	}}, nil
}

// GetPrivacyAssertionCheck implements GET /privacy-assertion-checks/{privacyAssertionCheckId}.
func (h *HTTP) GetPrivacyAssertionCheck(ctx context.Context, r api.GetPrivacyAssertionCheckRequestObject) (api.GetPrivacyAssertionCheckResponseObject, error) {
	c, err := h.s.AssertionCheck(ctx, r.PrivacyAssertionCheckId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := checkToAPI(c, names)
	return api.GetPrivacyAssertionCheck200JSONResponse{Body: body, Headers: api.GetPrivacyAssertionCheck200ResponseHeaders{ETag: body.Etag}}, nil
}

func checkToAPI(c Check, names *organisation.Names) api.PrivacyAssertionCheck {
	body := api.PrivacyAssertionCheck{
		Id: c.ID, At: c.At.UTC(), Occasion: api.CheckOccasion(c.Occasion), Assertions: c.Assertions, Found: c.Found,
		Breaches: make([]api.PrivacyAssertionBreach, len(c.Breaches)), Etag: etag.Of(c),
	}
	for i, b := range c.Breaches {
		body.Breaches[i] = api.PrivacyAssertionBreach{
			AssertionId: b.AssertionID, AssertionName: b.AssertionName, DossierId: b.DossierID,
			Dossier:   api.DossierRef{Id: b.DossierID, Number: b.DossierNumber, Title: api.Null[string](nil)},
			PartnerId: b.PartnerID, Partner: names.Partner(b.PartnerID), ProfessionalId: api.Null(b.ProfessionalID),
			Professional: names.Optional(b.ProfessionalID), Category: b.Category, Acts: api.AsAll[api.Act](b.Acts), Source: api.BreachSource(b.Source),
		}
	}
	return body
}
