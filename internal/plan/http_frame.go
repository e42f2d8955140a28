package plan

import (
	"context"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// under is the address of a record in a dossier.
func under(dossier uuid.UUID, collection string, id uuid.UUID) string {
	return "/v1/dossiers/" + dossier.String() + "/" + collection + "/" + id.String()
}

// named renders a page of records of one dossier with the names of who made them.
func named[T, U any](ctx context.Context, h *HTTP, found Agreements[T], render func(In[T], *organisation.Names) U) ([]U, *string, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, nil, err
	}
	all := make([]U, len(found.Rows))
	for i, one := range found.Rows {
		all[i] = render(In[T]{Row: one, Ref: found.Ref}, names)
	}
	return all, page.Link(ctx, found.Next), nil
}

// render renders one record of a dossier with the names of who made it.
func render[T, U any](ctx context.Context, h *HTTP, in In[T], say func(In[T], *organisation.Names) U) (one U, err error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return one, err
	}
	return say(in, names), nil
}

// ListFrames implements GET /dossiers/{dossierId}/frames.
func (h *HTTP) ListFrames(ctx context.Context, r api.ListFramesRequestObject) (api.ListFramesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.Frames(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, link, err := named(ctx, h, found, frameToAPI)
	return api.ListFrames200JSONResponse{
		Body: api.FrameList{Items: items, Next: api.Null(found.Next)}, Headers: api.ListFrames200ResponseHeaders{Link: link},
	}, err
}

// AddFrame implements POST /dossiers/{dossierId}/frames.
func (h *HTTP) AddFrame(ctx context.Context, r api.AddFrameRequestObject) (api.AddFrameResponseObject, error) {
	f := Frame{Condition: r.Body.Condition, Consequence: r.Body.Consequence, Until: r.Body.Until.Time}
	api.Put(&f.LifeDomain, r.Body.LifeDomain)
	one, err := h.s.AddFrame(ctx, r.DossierId, f)
	if err != nil {
		return nil, err
	}
	body, err := h.frame(ctx, one)
	headers := api.AddFrame201ResponseHeaders{ETag: body.Etag, Location: under(r.DossierId, "frames", body.Id)}
	return api.AddFrame201JSONResponse{Body: body, Headers: headers}, err
}

// GetFrame implements GET /dossiers/{dossierId}/frames/{frameId}.
func (h *HTTP) GetFrame(ctx context.Context, r api.GetFrameRequestObject) (api.GetFrameResponseObject, error) {
	one, err := h.s.Frame(ctx, r.DossierId, r.FrameId)
	if err != nil {
		return nil, err
	}
	body, err := h.frame(ctx, one)
	return api.GetFrame200JSONResponse{Body: body, Headers: api.GetFrame200ResponseHeaders{ETag: body.Etag}}, err
}

// EndFrame implements POST /dossiers/{dossierId}/frames/{frameId}/endings.
func (h *HTTP) EndFrame(ctx context.Context, r api.EndFrameRequestObject) (api.EndFrameResponseObject, error) {
	one, err := h.s.EndFrame(ctx, r.DossierId, etag.KeyOf(r.FrameId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.frame(ctx, one)
	headers := api.EndFrame201ResponseHeaders{ETag: body.Etag, Location: under(r.DossierId, "frames", body.Id)}
	return api.EndFrame201JSONResponse{Body: body, Headers: headers}, err
}

func (h *HTTP) frame(ctx context.Context, one SeenFrame) (api.Frame, error) {
	body, err := render(ctx, h, one.In, frameToAPI)
	body.AllowedOperations = one.Allowed
	return body, err
}

func frameToAPI(in In[Frame], names *organisation.Names) api.Frame {
	f := in.Row
	return api.Frame{
		Id: f.ID, DossierId: f.DossierID, Dossier: dossier.RefToAPI(in.Ref), Condition: f.Condition, Consequence: f.Consequence,
		Until: openapi.Date{Time: f.Until}, LifeDomain: api.NullText(f.LifeDomain), Active: f.Active, MadeAt: f.MadeAt.UTC(),
		MadeById: api.Null(f.MadeBy), MadeBy: names.Optional(f.MadeBy), MadePartnerId: f.PartnerID, MadePartner: names.Partner(f.PartnerID),
		EndedAt: api.NullTime(f.EndedAt), EndedById: api.Null(f.EndedBy), EndedBy: names.Optional(f.EndedBy), EndReason: api.NullText(f.EndReason),
		Etag: etag.Of(f),
	}
}
