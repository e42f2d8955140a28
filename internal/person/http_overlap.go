package person

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListOverlapNotices implements GET /dossiers/{dossierId}/overlap-notices.
func (h *HTTP) ListOverlapNotices(ctx context.Context, r api.ListOverlapNoticesRequestObject) (api.ListOverlapNoticesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.ListOverlaps(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.OverlapNoticeList{Items: make([]api.OverlapNotice, len(in.Rows)), Next: api.Null(in.Next)}
	for i, o := range in.Rows {
		body.Items[i] = api.OverlapNotice{
			Id: o.ID, DossierId: o.DossierID, Dossier: dossier.RefToAPI(in.Dossier), PersonId: o.PersonID, Person: api.PersonRef{Id: o.PersonID, Name: in.Names[o.PersonID]},
			ContactPartnerId: o.ContactPartnerID, ContactPartner: names.Partner(o.ContactPartnerID), ContactFunction: api.NullText(o.ContactFunction),
			NoticedAt: o.NoticedAt.UTC(), Etag: etag.Of(o),
		}
	}
	return api.ListOverlapNotices200JSONResponse{Body: body, Headers: api.ListOverlapNotices200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}
