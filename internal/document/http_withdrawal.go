package document

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// WithdrawDocument implements api.StrictServerInterface.
func (h *HTTP) WithdrawDocument(ctx context.Context, r api.WithdrawDocumentRequestObject) (api.WithdrawDocumentResponseObject, error) {
	w, ref, err := h.s.Withdraw(ctx, etag.KeyOf(r.DocumentId, r.Params.IfMatch), r.Body.Reason, r.Body.Breach)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := withdrawalToAPI(w, ref, names)
	location := "/v1/documents/" + w.DocumentID.String() + "/withdrawals/" + w.ID.String()
	return api.WithdrawDocument201JSONResponse{Body: body, Headers: api.WithdrawDocument201ResponseHeaders{ETag: body.Etag, Location: location}}, nil
}

// ListDocumentWithdrawals implements api.StrictServerInterface.
func (h *HTTP) ListDocumentWithdrawals(ctx context.Context, r api.ListDocumentWithdrawalsRequestObject) (api.ListDocumentWithdrawalsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, ref, err := h.s.Withdrawals(ctx, r.DocumentId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DocumentWithdrawalList{Items: make([]api.DocumentWithdrawal, len(rows)), Next: api.Null(next)}
	for i, w := range rows {
		body.Items[i] = withdrawalToAPI(w, ref, names)
	}
	return api.ListDocumentWithdrawals200JSONResponse{Body: body, Headers: api.ListDocumentWithdrawals200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetDocumentWithdrawal implements api.StrictServerInterface.
func (h *HTTP) GetDocumentWithdrawal(ctx context.Context, r api.GetDocumentWithdrawalRequestObject) (api.GetDocumentWithdrawalResponseObject, error) {
	w, ref, err := h.s.Withdrawal(ctx, r.DocumentId, r.DocumentWithdrawalId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := withdrawalToAPI(w, ref, names)
	return api.GetDocumentWithdrawal200JSONResponse{Body: body, Headers: api.GetDocumentWithdrawal200ResponseHeaders{ETag: body.Etag}}, nil
}

func withdrawalToAPI(w Withdrawal, ref dossier.Ref, names *organisation.Names) api.DocumentWithdrawal {
	return api.DocumentWithdrawal{
		Id: w.ID, DossierId: w.DossierID, Dossier: dossier.RefToAPI(ref), DocumentId: w.DocumentID, Category: w.Category.Slug(), Reason: w.Reason,
		Breach: w.Breach, WithdrawnAt: w.WithdrawnAt.UTC(), WithdrawnById: api.Null(w.WithdrawnBy), WithdrawnBy: names.Optional(w.WithdrawnBy),
		Etag: etag.Of(w),
	}
}
