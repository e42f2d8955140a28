package plan

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListCommitments implements api.StrictServerInterface.
func (h *HTTP) ListCommitments(ctx context.Context, r api.ListCommitmentsRequestObject) (api.ListCommitmentsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Commitments(ctx, r.PlanId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.CommitmentList{Items: make([]api.Commitment, len(rows)), Next: api.Null(next)}
	for i, one := range rows {
		body.Items[i] = commitmentToAPI(one, names)
	}
	return api.ListCommitments200JSONResponse{Body: body, Headers: api.ListCommitments200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CommitToPlan implements api.StrictServerInterface.
func (h *HTTP) CommitToPlan(ctx context.Context, r api.CommitToPlanRequestObject) (api.CommitToPlanResponseObject, error) {
	c := Commitment{PartnerID: r.Body.PartnerId, Outcome: string(r.Body.Outcome)}
	api.Put(&c.Reason, r.Body.Reason)
	row, err := h.s.Commit(ctx, r.PlanId, c)
	body, err := h.commitment(ctx, row, err)
	headers := api.CommitToPlan201ResponseHeaders{ETag: body.Etag, Location: "/v1/plans/" + r.PlanId.String() + "/commitments/" + body.Id.String()}
	return api.CommitToPlan201JSONResponse{Body: body, Headers: headers}, err
}

// GetCommitment implements api.StrictServerInterface.
func (h *HTTP) GetCommitment(ctx context.Context, r api.GetCommitmentRequestObject) (api.GetCommitmentResponseObject, error) {
	row, err := h.s.Commitment(ctx, r.PlanId, r.CommitmentId)
	body, err := h.commitment(ctx, row, err)
	return api.GetCommitment200JSONResponse{Body: body, Headers: api.GetCommitment200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) commitment(ctx context.Context, row Commitment, err error) (api.Commitment, error) {
	if err != nil {
		return api.Commitment{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Commitment{}, err
	}
	return commitmentToAPI(row, names), nil
}

func commitmentToAPI(c Commitment, names *organisation.Names) api.Commitment {
	return api.Commitment{
		Id: c.ID, PlanId: c.PlanID, PartnerId: c.PartnerID, Partner: names.Partner(c.PartnerID), Outcome: api.CommitmentOutcome(c.Outcome),
		Reason: api.NullText(c.Reason), RecordedAt: c.RecordedAt.UTC(), RecordedById: api.Null(c.RecordedBy), RecordedBy: names.Optional(c.RecordedBy),
		RecordedPartnerId: c.RecordedPartnerID, RecordedPartner: names.Partner(c.RecordedPartnerID), Etag: etag.Of(c),
	}
}
