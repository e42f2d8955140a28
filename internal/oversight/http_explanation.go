package oversight

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ExplainAccess implements POST /access-explanations.
func (h *HTTP) ExplainAccess(ctx context.Context, r api.ExplainAccessRequestObject) (api.ExplainAccessResponseObject, error) {
	q, err := questionOf(*r.Body)
	if err != nil {
		return nil, err
	}
	a, err := h.s.Explain(ctx, q)
	if err != nil {
		return nil, err
	}
	t, err := h.teller(ctx)
	if err != nil {
		return nil, err
	}
	return api.ExplainAccess200JSONResponse(t.answer(a, r.Body.Act)), nil
}

func questionOf(b api.AccessQuestion) (Question, error) {
	q := Question{
		Dossier: b.DossierId, Partner: api.Sent(b.PartnerId), Professional: api.Sent(b.ProfessionalId), Item: api.Sent(b.ItemId), At: api.Sent(b.At),
		Acts: ActsAsked(string(b.Act)),
	}
	if slug := api.Sent(b.Category); slug != nil {
		c, err := authz.ParseCategory(*slug)
		if err != nil {
			return q, problem.InvalidField("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
		q.Category = &c
	}
	return q, nil
}

// ListDossierAccess implements GET /dossiers/{dossierId}/access.
func (h *HTTP) ListDossierAccess(ctx context.Context, r api.ListDossierAccessRequestObject) (api.ListDossierAccessResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := AccessFilter{Item: r.Params.ItemId, At: r.Params.At}
	if r.Params.Category != nil {
		c, err := authz.ParseCategory(*r.Params.Category)
		if err != nil {
			return nil, problem.InvalidParameter("query", "category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
		f.Category = &c
	}
	rows, next, err := h.s.Access(ctx, r.DossierId, f, p)
	if err != nil {
		return nil, err
	}
	t, err := h.teller(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DossierAccessList{Items: make([]api.DossierAccess, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = t.access(row)
	}
	return api.ListDossierAccess200JSONResponse{Body: body, Headers: api.ListDossierAccess200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// teller says an explanation in the language of the caller.
type teller struct {
	s     *Service
	names *organisation.Names
	tag   language.Tag
}

func (h *HTTP) teller(ctx context.Context) (teller, error) {
	names, err := h.people.Names(ctx)
	return teller{s: h.s, names: names, tag: language.From(ctx)}, err
}

func (t teller) answer(a Answer, act api.AccessAct) api.AccessExplanation {
	out := api.AccessExplanation{
		Allowed: a.Allowed, At: a.At, Act: act, DossierId: a.Dossier.ID, Dossier: dossier.RefToAPI(a.Dossier), Category: a.Category.Slug(),
		ItemId: api.Null(a.Item), PartnerId: a.Partner, Partner: t.names.Partner(a.Partner), ProfessionalId: api.Null(a.Professional),
		Professional: t.names.Optional(a.Professional), MatrixVersion: api.Null(a.Matrix), DecidedBy: t.factor(a.Decides()),
		Factors: []api.AccessFactor{}, Needed: []api.AccessNeed{},
	}
	for _, f := range a.Factors {
		out.Factors = append(out.Factors, t.factor(f))
	}
	for _, n := range a.Needed {
		out.Needed = append(out.Needed, api.AccessNeed{
			Factor: n.Factor.Factor, Finding: n.Finding, Text: t.s.Text("access-needs", n.Factor.Factor).In(t.tag), Ask: n.Ask,
			PartnerId: api.Null(n.Supplier), Partner: t.names.OptionalPartner(n.Supplier),
		})
	}
	return out
}

func (t teller) factor(f Factor) api.AccessFactor {
	return api.AccessFactor{
		Factor: f.Factor.Factor, Finding: f.Finding, Text: t.s.Text("access-findings", f.Finding).In(t.tag), Value: api.NullText(f.Value),
		Effect: api.AccessEffect(f.Effect), Decides: f.Decides, Source: t.source(f), Since: api.NullTime(f.Since), Until: api.NullTime(f.Until),
	}
}

func (t teller) source(f Factor) nullable.Nullable[api.AccessSource] {
	s := f.Source
	if s == nil {
		return nullable.NewNullNullable[api.AccessSource]()
	}
	out := api.AccessSource{
		Kind: s.Kind, Id: api.Null(s.ID), Version: api.Null(s.Version), Article: api.NullText(t.s.article(f.Finding)),
		Cell: nullable.NewNullNullable[api.AccessCell](), PartnerId: api.Null(s.Partner), Partner: t.names.OptionalPartner(s.Partner),
	}
	if c := s.Cell; c != nil {
		cell := api.AccessCell{
			PartnerType: api.NullText(c.PartnerType), DossierType: api.MatrixDossierType(c.DossierType), Category: c.Category.Slug(), Level: api.MatrixLevel(c.Level),
		}
		var partner *uuid.UUID
		if c.PartnerID != uuid.Nil {
			partner = &c.PartnerID
		}
		cell.PartnerId, cell.Partner = api.Null(partner), t.names.OptionalPartner(partner)
		out.Cell = nullable.NewNullableWithValue(cell)
	}
	return nullable.NewNullableWithValue(out)
}

func (t teller) access(a Access) api.DossierAccess {
	out := api.DossierAccess{
		Id: a.ID(), Holder: api.DossierAccessHolderSystem, PartnerId: a.Partner, Partner: t.names.Partner(a.Partner), ProfessionalId: api.Null(a.Professional),
		Professional: t.names.Optional(a.Professional), Ways: []api.AccessWay{}, Acts: []api.AccessToCategory{},
		DecidedBy: nullable.NewNullNullable[api.OptionalAccessFactor](),
	}
	if a.Professional != nil {
		out.Holder = api.DossierAccessHolderProfessional
	}
	for _, w := range a.Ways {
		out.Ways = append(out.Ways, api.AccessWay{
			Kind: w.Kind, SourceId: w.Source, Since: w.Since.UTC(), Until: api.NullTime(w.Until), Roles: w.Roles, InNameOfId: api.Null(w.InNameOf),
			InNameOf: t.names.Optional(w.InNameOf),
		})
	}
	for _, c := range a.Acts {
		out.Acts = append(out.Acts, api.AccessToCategory{Category: c.Category.Slug(), Acts: c.Acts.Names()})
	}
	if a.Decides != nil {
		out.DecidedBy = nullable.NewNullableWithValue(t.factor(*a.Decides))
	}
	out.Etag = etag.Of(out)
	return out
}
