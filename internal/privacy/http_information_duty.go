package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListInformationDuties implements GET /information-duties.
func (h *HTTP) ListInformationDuties(ctx context.Context, r api.ListInformationDutiesRequestObject) (api.ListInformationDutiesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.InformationDuties(ctx, InformationFilter{Dossier: r.Params.DossierId, Due: r.Params.Due}, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.InformationDutyList{Items: make([]api.InformationDuty, len(in.Rows)), Next: api.Null(in.Next)}
	for i, row := range in.Rows {
		body.Items[i] = informationDutyToAPI(row, in, names)
	}
	return api.ListInformationDuties200JSONResponse{Body: body, Headers: api.ListInformationDuties200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// GetInformationDuty implements GET /information-duties/{informationDutyId}.
func (h *HTTP) GetInformationDuty(ctx context.Context, r api.GetInformationDutyRequestObject) (api.GetInformationDutyResponseObject, error) {
	body, err := h.informationDuty(ctx)(h.s.InformationDuty(ctx, r.InformationDutyId))
	return api.GetInformationDuty200JSONResponse{Body: body, Headers: api.GetInformationDuty200ResponseHeaders{ETag: body.Etag}}, err
}

// RecordInforming implements POST /information-duties/{informationDutyId}/records.
func (h *HTTP) RecordInforming(ctx context.Context, r api.RecordInformingRequestObject) (api.RecordInformingResponseObject, error) {
	b := r.Body
	n := NewInformingRecord{Outcome: string(b.Outcome), InformedOn: asDay(b.InformedOn), InformedBy: b.InformedByPartnerId, ReviewOn: asDay(b.ReviewOn)}
	api.Put(&n.Manner, api.As[string](b.Manner))
	api.Put(&n.Postponement, b.Postponement)
	body, err := h.informationDuty(ctx)(h.s.RecordInforming(ctx, etag.KeyOf(r.InformationDutyId, r.Params.IfMatch), n))
	headers := api.RecordInforming201ResponseHeaders{ETag: body.Etag, Location: "/v1/information-duties/" + body.Id.String()}
	return api.RecordInforming201JSONResponse{Body: body, Headers: headers}, err
}

// informationDuty is the one duty of an answer of the service.
func (h *HTTP) informationDuty(ctx context.Context) func(InformationDuties, error) (api.InformationDuty, error) {
	return func(in InformationDuties, err error) (api.InformationDuty, error) {
		if err != nil {
			return api.InformationDuty{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.InformationDuty{}, err
		}
		return informationDutyToAPI(in.Rows[0], in, names), nil
	}
}

func informationDutyToAPI(d InformationDuty, in InformationDuties, names *organisation.Names) api.InformationDuty {
	records := make([]api.InformingRecord, len(in.Records[d.ID]))
	for i, r := range in.Records[d.ID] {
		records[i] = api.InformingRecord{
			Id: r.ID, Outcome: api.InformingOutcome(r.Outcome), InformedOn: api.NullDate(r.InformedOn), Manner: api.NullText(r.Manner),
			InformedByPartnerId: api.Null(r.InformedBy), InformedByPartner: names.OptionalPartner(r.InformedBy), Postponement: api.NullText(r.Postponement),
			ReviewOn: api.NullDate(r.ReviewOn), RecordedAt: r.RecordedAt.UTC(), RecordedById: r.RecordedBy, RecordedBy: names.Professional(r.RecordedBy),
		}
	}
	return api.InformationDuty{
		Id: d.ID, DossierId: d.DossierID, Dossier: dossier.RefToAPI(in.Dossiers[d.DossierID]), PersonId: d.PersonID,
		Person: api.PersonRef{Id: d.PersonID, Name: in.Names[d.PersonID]}, InformBy: api.NullDate(d.InformBy(in.Zone)), Due: d.Due(in.Today),
		Records: records, Etag: etag.Of(d), AllowedOperations: in.Allowed,
	}
}
