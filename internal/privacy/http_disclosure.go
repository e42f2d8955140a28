package privacy

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListDisclosures implements GET /disclosures.
func (h *HTTP) ListDisclosures(ctx context.Context, r api.ListDisclosuresRequestObject) (api.ListDisclosuresResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListDisclosures(ctx, DisclosureFilter{DossierID: r.Params.DossierId, FeedbackDue: r.Params.FeedbackDue}, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DisclosureList{Items: make([]api.Disclosure, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = h.disclosureToAPI(ctx, row, names)
	}
	return api.ListDisclosures200JSONResponse{Body: body, Headers: api.ListDisclosures200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// DraftDisclosure implements POST /disclosures.
func (h *HTTP) DraftDisclosure(ctx context.Context, r api.DraftDisclosureRequestObject) (api.DraftDisclosureResponseObject, error) {
	b := r.Body
	n := NewDisclosure{
		DossierID: b.DossierId, Kind: string(b.Kind), ReceiverPartnerID: b.ReceiverPartnerId, Organisation: api.Or(b.Organisation, ""), Function: api.Or(b.Function, ""), Expertise: api.Or(b.Expertise, ""),
		Ground: b.Ground, Necessity: b.Necessity, Items: b.ItemIds,
	}
	body, err := h.disclosure(ctx)(h.s.DraftDisclosure(ctx, n))
	return api.DraftDisclosure201JSONResponse{Body: body, Headers: api.DraftDisclosure201ResponseHeaders{ETag: body.Etag, Location: disclosurePlace(body)}}, err
}

// GetDisclosure implements GET /disclosures/{disclosureId}.
func (h *HTTP) GetDisclosure(ctx context.Context, r api.GetDisclosureRequestObject) (api.GetDisclosureResponseObject, error) {
	body, err := h.disclosure(ctx)(h.s.GetDisclosure(ctx, r.DisclosureId))
	return api.GetDisclosure200JSONResponse{Body: body, Headers: api.GetDisclosure200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateDisclosure implements PATCH /disclosures/{disclosureId}.
func (h *HTTP) UpdateDisclosure(ctx context.Context, r api.UpdateDisclosureRequestObject) (api.UpdateDisclosureResponseObject, error) {
	c := r.Body
	body, err := h.disclosure(ctx)(h.s.UpdateDisclosure(ctx, etag.KeyOf(r.DisclosureId, r.Params.IfMatch), func(d *Disclosure) {
		api.PutText(&d.AdviceReference, c.AdviceReference)
		if c.SecrecySignedOn.IsSpecified() {
			d.SecrecySignedOn = asDay(api.Sent(c.SecrecySignedOn))
		}
		api.Put(&d.State, api.As[string](c.State))
	}))
	return api.UpdateDisclosure200JSONResponse{Body: body, Headers: api.UpdateDisclosure200ResponseHeaders{ETag: body.Etag}}, err
}

// AnswerDisclosure implements POST /disclosures/{disclosureId}/consents.
func (h *HTTP) AnswerDisclosure(ctx context.Context, r api.AnswerDisclosureRequestObject) (api.AnswerDisclosureResponseObject, error) {
	body, err := h.disclosure(ctx)(h.s.AnswerDisclosure(ctx, etag.KeyOf(r.DisclosureId, r.Params.IfMatch), r.Body.Consents, api.Or(r.Body.Reasons, "")))
	return api.AnswerDisclosure201JSONResponse{Body: body, Headers: api.AnswerDisclosure201ResponseHeaders{ETag: body.Etag, Location: disclosurePlace(body)}}, err
}

// RecordDisclosureFeedback implements POST /disclosures/{disclosureId}/feedback.
func (h *HTTP) RecordDisclosureFeedback(ctx context.Context, r api.RecordDisclosureFeedbackRequestObject) (api.RecordDisclosureFeedbackResponseObject, error) {
	f := Feedback{ReceivedOn: r.Body.ReceivedOn.Time, Use: r.Body.Use, Effect: r.Body.Effect}
	body, err := h.disclosure(ctx)(h.s.ReportDisclosure(ctx, etag.KeyOf(r.DisclosureId, r.Params.IfMatch), f))
	return api.RecordDisclosureFeedback201JSONResponse{Body: body, Headers: api.RecordDisclosureFeedback201ResponseHeaders{ETag: body.Etag, Location: disclosurePlace(body)}}, err
}

func disclosurePlace(d api.Disclosure) string { return "/v1/disclosures/" + d.Id.String() }

// disclosure is the one of an answer of the service.
func (h *HTTP) disclosure(ctx context.Context) func(SeenDisclosure, error) (api.Disclosure, error) {
	return func(seen SeenDisclosure, err error) (api.Disclosure, error) {
		if err != nil {
			return api.Disclosure{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.Disclosure{}, err
		}
		return h.disclosureToAPI(ctx, seen, names), nil
	}
}

func (h *HTTP) disclosureToAPI(ctx context.Context, d SeenDisclosure, names *organisation.Names) api.Disclosure {
	out := api.Disclosure{
		Id: d.ID, DossierId: d.DossierID, Dossier: dossier.RefToAPI(d.Ref), Kind: api.DisclosureKind(d.Kind), State: api.DisclosureState(d.State),
		ReceiverPartnerId: api.Null(d.ReceiverPartnerID), ReceiverPartner: names.OptionalPartner(d.ReceiverPartnerID), Organisation: api.NullText(d.Organisation),
		Function: api.NullText(d.Function), Expertise: api.NullText(d.Expertise), Ground: d.Ground, Necessity: d.Necessity, AdviceReference: api.NullText(d.AdviceReference),
		SecrecySignedOn: api.NullDate(d.SecrecySignedOn), Items: make([]api.DisclosureItem, len(d.Items)), ItemCount: d.Count, Dropped: make([]api.DroppedItems, len(d.Dropped)),
		Feedback: make([]api.DisclosureFeedback, len(d.Feedback)), FeedbackDueOn: api.NullDate(d.FeedbackDueOn), DraftedById: d.DraftedBy,
		DraftedBy: names.Professional(d.DraftedBy), DraftedAt: d.DraftedAt.UTC(), DisclosedAt: api.NullTime(d.DisclosedAt), Etag: etag.Of(d.Disclosure), AllowedOperations: d.Allowed,
	}
	for i, item := range d.Items {
		out.Items[i] = api.DisclosureItem{
			ItemId: item.ItemID, Category: item.Category, SupplierPartnerId: item.SupplierID, SupplierPartner: names.Partner(item.SupplierID),
			Consent: api.DisclosureConsent(item.Consent), Reasons: api.NullText(item.Reasons), AnsweredAt: api.NullTime(item.AnsweredAt),
		}
	}
	said := saying{s: h.s, tag: language.From(ctx)}
	for i, left := range d.Dropped {
		out.Dropped[i] = api.DroppedItems{Category: left.Category, Count: left.Count, Article: said.article(listRules, left.Rule)}
	}
	for i, f := range d.Feedback {
		out.Feedback[i] = api.DisclosureFeedback{ReceivedOn: openapi.Date{Time: f.ReceivedOn}, Use: f.Use, Effect: f.Effect}
	}
	return out
}
