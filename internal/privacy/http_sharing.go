package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// The lists in which the texts of a check stand.
const (
	listFindings = "access-findings"
	listRules    = "sharing-rules"
	listBases    = "legal-bases"
)

// GetLegalBases implements GET /legal-bases.
func (h *HTTP) GetLegalBases(ctx context.Context, _ api.GetLegalBasesRequestObject) (api.GetLegalBasesResponseObject, error) {
	all, err := h.s.LegalBases(ctx)
	if err != nil {
		return nil, err
	}
	said := saying{s: h.s, tag: language.From(ctx)}
	body := api.LegalBasisRules{Bases: make([]api.LegalBasisRule, len(all)), Etag: etag.Of(struct{ Bases []LegalBasis }{all})}
	for i, b := range all {
		body.Bases[i] = api.LegalBasisRule{
			Basis: api.LegalBasis(b.Basis), Label: said.text(listBases, b.Basis), Article: api.NullText(said.article(listBases, b.Basis)), InForce: b.InForce,
			PartnerTypes: append([]string{}, b.PartnerTypes...), ClosedCategories: append([]string{}, b.ClosedCategories...),
		}
	}
	return api.GetLegalBases200JSONResponse{Body: body, Headers: api.GetLegalBases200ResponseHeaders{ETag: body.Etag}}, nil
}

// CheckSharing implements POST /sharing-checks.
func (h *HTTP) CheckSharing(ctx context.Context, r api.CheckSharingRequestObject) (api.CheckSharingResponseObject, error) {
	b := r.Body
	category, err := authz.ParseCategory(b.Category)
	if err != nil {
		return nil, problem.InvalidField("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	q := SharingQuestion{Supplier: b.SupplierPartnerId, Receiver: b.ReceiverPartnerId, Category: category, Dossier: api.Sent(b.DossierId), Purpose: string(b.Purpose)}
	api.Put(&q.Basis, api.As[string](b.Basis))
	api.Put(&q.DossierType, api.As[string](b.DossierType))
	c, err := h.s.CheckSharing(ctx, q)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	return api.CheckSharing200JSONResponse(saying{s: h.s, tag: language.From(ctx)}.check(c, names)), nil
}

// saying says codes in the language of the caller.
type saying struct {
	s   *Service
	tag language.Tag
}

func (t saying) text(list, code string) string {
	text, _ := t.s.m.Lists.Label(list, code)
	return text.In(t.tag)
}

func (t saying) article(list, code string) string {
	article, _ := t.s.m.Lists.Attribute(list, code, "legalRef")
	return article
}

func (t saying) check(c SharingCheck, names *organisation.Names) api.SharingCheck {
	out := api.SharingCheck{
		Decision: api.SharingDecision(c.Decision), SupplierPartnerId: c.Supplier, SupplierPartner: names.Partner(c.Supplier), ReceiverPartnerId: c.Receiver,
		ReceiverPartner: names.Partner(c.Receiver), Category: c.Category.Slug(), Basis: api.LegalBasis(c.Basis), DossierType: api.DossierType(c.DossierType),
		Purpose: api.SharingPurpose(c.Purpose), MatrixVersion: api.Null(c.Matrix),
		Rules: make([]api.SharingRule, len(c.Rules)), Factors: make([]api.SharingFactor, len(c.Factors)),
	}
	list, code := c.decisive()
	out.Explanation, out.Article = t.text(list, code), api.NullText(t.article(list, code))
	for i, r := range c.Rules {
		out.Rules[i] = api.SharingRule{Code: r.Code, Effect: api.SharingEffect(r.Effect), Text: t.text(listRules, r.Code), Article: api.NullText(t.article(listRules, r.Code))}
	}
	for i, f := range c.Factors {
		out.Factors[i] = api.SharingFactor{
			Factor: f.Factor, Finding: f.Finding, Text: t.text(listFindings, f.Finding), Article: api.NullText(t.article(listFindings, f.Finding)),
			Effect: api.AccessEffect(f.Effect), Decides: f.Decides,
		}
	}
	return out
}

// decisive is what the decision rests on, as a list and a code: what refuses, else the first condition, else what gives.
func (c SharingCheck) decisive() (list, code string) {
	for _, effect := range []string{ruleRefuses, ruleCondition} {
		if r, there := c.first(effect); there {
			return listRules, r.Code
		}
	}
	return listFindings, c.decides().Finding
}
