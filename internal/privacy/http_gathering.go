package privacy

import (
	"context"
	"strings"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/person"
)

// GetDataSubjectGathering implements GET /data-subject-requests/{dataSubjectRequestId}/gathering.
func (h *HTTP) GetDataSubjectGathering(ctx context.Context, r api.GetDataSubjectGatheringRequestObject) (api.GetDataSubjectGatheringResponseObject, error) {
	g, err := h.s.Gather(ctx, r.DataSubjectRequestId, r.Params.DossierId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := gatheringToAPI(g, names)
	if media.Wants(ctx, media.PDF) {
		return h.gatheringAsPDF(ctx, body)
	}
	return api.GetDataSubjectGathering200JSONResponse{Body: body, Headers: api.GetDataSubjectGathering200ResponseHeaders{ETag: body.Etag}}, nil
}

func gatheringToAPI(g Gathering, names *organisation.Names) api.DataSubjectGathering {
	out := api.DataSubjectGathering{
		RequestId: g.RequestID, Registrations: []api.GatheredRegistration{}, Dossiers: []api.GatheredDossier{}, Records: []api.GatheredRecord{},
		Views: []api.GatheredView{}, HeldBack: []api.HeldBack{}, Cut: []api.GatheredList{},
	}
	of := make(map[uuid.UUID]api.ConcernedDossier, len(g.Dossiers))
	for _, p := range g.Registrations {
		out.Registrations = append(out.Registrations, registrationToAPI(p, names))
	}
	for _, d := range g.Dossiers {
		of[d.ID] = api.ConcernedDossier{Id: d.ID, Number: d.Number}
		out.Dossiers = append(out.Dossiers, api.GatheredDossier{
			Id: d.ID, Number: d.Number, Type: api.DossierType(d.Type), Title: d.Title, Status: api.DossierStatus(d.Status), Basis: api.LegalBasis(d.Basis),
			Purpose: d.Purpose, OpenedAt: d.OpenedAt.UTC(),
		})
	}
	for _, r := range g.Records {
		one := gatheredToAPI(r, names)
		one.Dossier = of[r.DossierID]
		out.Records = append(out.Records, one)
	}
	for _, v := range g.Views {
		var dossier *api.ConcernedDossier
		if v.DossierID != nil {
			one := of[*v.DossierID]
			dossier = &one
		}
		out.Views = append(out.Views, api.GatheredView{
			DossierId: api.Null(v.DossierID), Dossier: api.Null(dossier), PartnerId: api.Null(v.PartnerID), Partner: names.OptionalPartner(v.PartnerID), Function: api.NullText(v.Function),
			Operation: v.Operation, Categories: slugs(v.Categories), Basis: api.NullText(v.Basis), On: openapi.Date{Time: v.Day}, Times: v.Times,
		})
	}
	for _, b := range g.HeldBack {
		out.HeldBack = append(out.HeldBack, api.HeldBack{
			DossierId: b.DossierID, Dossier: of[b.DossierID], Kind: api.GatheredKind(b.Kind), Reason: api.HeldBackReason(b.Reason),
			PartnerId: api.Null(b.PartnerID), Partner: names.OptionalPartner(b.PartnerID), Count: b.Count,
		})
	}
	for _, list := range g.Cut {
		out.Cut = append(out.Cut, api.GatheredList(list))
	}
	out.Etag = etag.Of(out) // before the moment, which alone changes nothing
	out.GatheredAt = g.At.UTC()
	return out
}

// registrationToAPI keeps a secret address back: who is to hand over what is gathered does not come to know it.
func registrationToAPI(p person.Person, names *organisation.Names) api.GatheredRegistration {
	address := ""
	if a := p.Address; a != nil && !p.AddressSecret {
		address = strings.Trim(strings.TrimSpace(a.Street+" "+a.HouseNumber)+", "+strings.TrimSpace(a.Postcode+" "+a.Town), ", ")
	}
	return api.GatheredRegistration{
		PersonId: p.ID, Name: p.Name(), BirthDate: api.NullDate(p.BirthDate), Gender: api.NullText(p.Gender), Nationality: api.NullText(p.Nationality),
		BsnKnown: p.BSNGround != "", BsnGround: api.NullText(p.BSNGround), Address: api.NullText(address), AddressSecret: p.AddressSecret, Phone: api.NullText(p.Phone),
		Email: api.NullText(p.Email), SupplierId: p.SupplierID, Supplier: names.Partner(p.SupplierID), RegisteredAt: p.RegisteredAt.UTC(),
	}
}

func gatheredToAPI(r GatheredRecord, names *organisation.Names) api.GatheredRecord {
	out := api.GatheredRecord{
		Kind: api.GatheredKind(r.Kind), Id: r.ID, DossierId: r.DossierID, Category: api.NullText(""), Title: api.NullText(r.Title), Text: api.NullText(r.Text),
		Source: api.NullText(r.Source), Codes: []api.GatheredCode{}, Score: api.Null(r.Score), On: openapi.Date{Time: r.Day}, Until: api.NullDate(r.Until),
		PartnerId: api.Null(r.PartnerID), Partner: names.OptionalPartner(r.PartnerID), Restricted: r.Restricted,
	}
	if r.Category != nil {
		out.Category = api.NullText(authz.Category(*r.Category).Slug())
	}
	for _, c := range r.Codes {
		out.Codes = append(out.Codes, api.GatheredCode{List: c.List, Code: c.Code})
	}
	return out
}
