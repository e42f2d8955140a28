package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListMatrixExceptions implements GET /dossiers/{dossierId}/matrix-exceptions.
func (h *HTTP) ListMatrixExceptions(ctx context.Context, r api.ListMatrixExceptionsRequestObject) (api.ListMatrixExceptionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListExceptions(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, exceptionToAPI)
	return api.ListMatrixExceptions200JSONResponse{
		Body:    api.MatrixExceptionList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListMatrixExceptions200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// MakeMatrixException implements POST /dossiers/{dossierId}/matrix-exceptions.
func (h *HTTP) MakeMatrixException(ctx context.Context, r api.MakeMatrixExceptionRequestObject) (api.MakeMatrixExceptionResponseObject, error) {
	n := NewException{PartnerID: r.Body.PartnerId, Category: categoryOf(r.Body.Category), Level: authz.Level(r.Body.Level), Reason: r.Body.Reason}
	api.Apply(r.Body.Until, &n.Until)
	e, err := h.s.MakeException(ctx, r.DossierId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, exceptionToAPI)
	return api.MakeMatrixException201JSONResponse{Body: body, Headers: api.MakeMatrixException201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "matrix-exceptions", e.Row.ID),
	}}, err
}

// categoryOf is a category by its name; authz.Core, which is none, when there is no such.
func categoryOf(slug string) authz.Category {
	c, err := authz.ParseCategory(slug)
	if err != nil {
		return authz.Core
	}
	return c
}

// GetMatrixException implements GET /dossiers/{dossierId}/matrix-exceptions/{exceptionId}.
func (h *HTTP) GetMatrixException(ctx context.Context, r api.GetMatrixExceptionRequestObject) (api.GetMatrixExceptionResponseObject, error) {
	e, err := h.s.GetException(ctx, r.DossierId, r.ExceptionId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, e, exceptionToAPI)
	return api.GetMatrixException200JSONResponse{Body: body, Headers: api.GetMatrixException200ResponseHeaders{ETag: body.Etag}}, err
}

// RevokeMatrixException implements POST /dossiers/{dossierId}/matrix-exceptions/{exceptionId}/revocations.
func (h *HTTP) RevokeMatrixException(ctx context.Context, r api.RevokeMatrixExceptionRequestObject) (api.RevokeMatrixExceptionResponseObject, error) {
	e, err := h.s.RevokeException(ctx, r.DossierId, etag.KeyOf(r.ExceptionId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderRevocation(ctx, h, e.Row.Revocation(), e.Dossier)
	return api.RevokeMatrixException201JSONResponse{Body: body, Headers: api.RevokeMatrixException201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "matrix-exceptions", e.Row.ID) + "/revocations/" + body.Id.String(),
	}}, err
}

// ListMatrixExceptionRevocations implements GET /dossiers/{dossierId}/matrix-exceptions/{exceptionId}/revocations.
func (h *HTTP) ListMatrixExceptionRevocations(ctx context.Context, r api.ListMatrixExceptionRevocationsRequestObject) (api.ListMatrixExceptionRevocationsResponseObject, error) {
	e, err := h.s.GetException(ctx, r.DossierId, r.ExceptionId)
	if err != nil {
		return nil, err
	}
	body, err := h.revocations(ctx, e.Row.Revocation(), e.Dossier)
	return api.ListMatrixExceptionRevocations200JSONResponse{Body: body}, err
}

// GetMatrixExceptionRevocation implements GET /dossiers/{dossierId}/matrix-exceptions/{exceptionId}/revocations/{revocationId}.
func (h *HTTP) GetMatrixExceptionRevocation(ctx context.Context, r api.GetMatrixExceptionRevocationRequestObject) (api.GetMatrixExceptionRevocationResponseObject, error) {
	e, err := h.s.GetException(ctx, r.DossierId, r.ExceptionId)
	if err != nil {
		return nil, err
	}
	body, err := h.revocation(ctx, e.Row.Revocation(), r.RevocationId, e.Dossier)
	return api.GetMatrixExceptionRevocation200JSONResponse{Body: body, Headers: api.GetMatrixExceptionRevocation200ResponseHeaders{ETag: body.Etag}}, err
}

func exceptionToAPI(e Exception, names beside) api.MatrixException {
	return api.MatrixException{
		Id: e.ID, DossierId: e.DossierID, Dossier: names.dossier, PartnerId: e.PartnerID, Partner: names.Partner(e.PartnerID), Category: e.Category.Slug(),
		Level: api.MatrixLevel(e.Level), Reason: e.Reason, From: e.Since.UTC(), Until: api.NullTime(e.Until), DecidedById: api.Null(e.DecidedBy),
		DecidedBy: names.Optional(e.DecidedBy), RevokedAt: api.NullTime(e.RevokedAt), Etag: etag.Of(e),
	}
}

// revocation is the one with the id that was asked for.
func (h *HTTP) revocation(ctx context.Context, one *Revocation, id uuid.UUID, of Ref) (api.Revocation, error) {
	if one == nil || one.ID != id {
		return api.Revocation{}, db.NotFound()
	}
	return renderRevocation(ctx, h, one, of)
}

func (h *HTTP) revocations(ctx context.Context, one *Revocation, of Ref) (api.RevocationList, error) {
	body := api.RevocationList{Items: []api.Revocation{}, Next: api.Null[string](nil)}
	if one == nil {
		return body, nil
	}
	shown, err := renderRevocation(ctx, h, one, of)
	body.Items = append(body.Items, shown)
	return body, err
}

func renderRevocation(ctx context.Context, h *HTTP, one *Revocation, of Ref) (api.Revocation, error) {
	return renderOne(ctx, h, Within[Revocation]{Row: *one, Dossier: of}, func(r Revocation, names beside) api.Revocation {
		return api.Revocation{
			Id: r.ID, Reason: r.Reason, RevokedAt: r.At.UTC(), RevokedById: api.Null(r.By), RevokedBy: names.Optional(r.By), Etag: etag.Of(r),
		}
	})
}
