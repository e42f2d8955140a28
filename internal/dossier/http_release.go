package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListReleases implements GET /dossiers/{dossierId}/items/{itemId}/releases.
func (h *HTTP) ListReleases(ctx context.Context, r api.ListReleasesRequestObject) (api.ListReleasesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListReleases(ctx, r.DossierId, r.ItemId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, releaseToAPI)
	return api.ListReleases200JSONResponse{
		Body:    api.ReleaseList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListReleases200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// ReleaseItem implements POST /dossiers/{dossierId}/items/{itemId}/releases.
func (h *HTTP) ReleaseItem(ctx context.Context, r api.ReleaseItemRequestObject) (api.ReleaseItemResponseObject, error) {
	b := r.Body
	n := NewRelease{PartnerIDs: b.PartnerIds, Purpose: b.Purpose}
	api.Apply(b.Until, &n.Until)
	if b.Conditions != nil {
		n.Conditions = *b.Conditions
	}
	release, err := h.s.ReleaseItem(ctx, r.DossierId, r.ItemId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, release, releaseToAPI)
	return api.ReleaseItem201JSONResponse{Body: body, Headers: api.ReleaseItem201ResponseHeaders{
		ETag: body.Etag, Location: under(r.DossierId, "items", r.ItemId) + "/releases/" + release.Row.ID.String(),
	}}, err
}

// GetRelease implements GET /dossiers/{dossierId}/items/{itemId}/releases/{releaseId}.
func (h *HTTP) GetRelease(ctx context.Context, r api.GetReleaseRequestObject) (api.GetReleaseResponseObject, error) {
	release, err := h.s.GetRelease(ctx, r.DossierId, r.ItemId, r.ReleaseId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, release, releaseToAPI)
	return api.GetRelease200JSONResponse{Body: body, Headers: api.GetRelease200ResponseHeaders{ETag: body.Etag}}, err
}

// WithdrawRelease implements POST /releases/{releaseId}/withdrawals.
func (h *HTTP) WithdrawRelease(ctx context.Context, r api.WithdrawReleaseRequestObject) (api.WithdrawReleaseResponseObject, error) {
	release, err := h.s.WithdrawRelease(ctx, etag.KeyOf(r.ReleaseId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, release, withdrawalToAPI)
	return api.WithdrawRelease201JSONResponse{Body: body, Headers: api.WithdrawRelease201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/releases/" + body.ReleaseId.String() + "/withdrawals/" + body.Id.String(),
	}}, err
}

// GetReleaseWithdrawal implements GET /releases/{releaseId}/withdrawals/{withdrawalId}.
func (h *HTTP) GetReleaseWithdrawal(ctx context.Context, r api.GetReleaseWithdrawalRequestObject) (api.GetReleaseWithdrawalResponseObject, error) {
	release, err := h.s.ReleaseOf(ctx, r.ReleaseId)
	if err != nil {
		return nil, err
	}
	if release.Row.WithdrawnAt == nil || release.Row.ID != r.WithdrawalId {
		return nil, db.NotFound()
	}
	body, err := renderOne(ctx, h, release, withdrawalToAPI)
	return api.GetReleaseWithdrawal200JSONResponse{Body: body, Headers: api.GetReleaseWithdrawal200ResponseHeaders{ETag: body.Etag}}, err
}

// ListReleaseWithdrawals implements GET /releases/{releaseId}/withdrawals; a release has one at most.
func (h *HTTP) ListReleaseWithdrawals(ctx context.Context, r api.ListReleaseWithdrawalsRequestObject) (api.ListReleaseWithdrawalsResponseObject, error) {
	release, err := h.s.ReleaseOf(ctx, r.ReleaseId)
	if err != nil {
		return nil, err
	}
	body := api.ReleaseWithdrawalList{Items: []api.ReleaseWithdrawal{}, Next: api.Null[string](nil)}
	if release.Row.WithdrawnAt == nil {
		return api.ListReleaseWithdrawals200JSONResponse{Body: body}, nil
	}
	one, err := renderOne(ctx, h, release, withdrawalToAPI)
	body.Items = append(body.Items, one)
	return api.ListReleaseWithdrawals200JSONResponse{Body: body}, err
}

func releaseToAPI(r Release, names beside) api.Release {
	out := api.Release{
		Id: r.ID, DossierId: r.DossierID, Dossier: names.dossier, ItemId: r.ItemID, PartnerIds: []uuid.UUID{}, Partners: []api.PartnerRef{}, Purpose: r.Purpose,
		Conditions: api.NullText(r.Conditions), Until: api.NullTime(r.Until), ReleasedAt: r.ReleasedAt.UTC(), ReleasedById: api.Null(r.ReleasedBy),
		ReleasedBy: names.Optional(r.ReleasedBy), WithdrawnAt: api.NullTime(r.WithdrawnAt), Etag: etag.Of(r),
	}
	for _, id := range r.PartnerIDs {
		out.PartnerIds = append(out.PartnerIds, id)
		out.Partners = append(out.Partners, names.Partner(id))
	}
	return out
}

// withdrawalToAPI shows the end of a release; it carries the release's own id, because there is one.
func withdrawalToAPI(r Release, names beside) api.ReleaseWithdrawal {
	return api.ReleaseWithdrawal{
		Id: r.ID, ReleaseId: r.ID, Reason: r.WithdrawalReason, WithdrawnAt: r.WithdrawnAt.UTC(), WithdrawnById: api.Null(r.WithdrawnBy),
		WithdrawnBy: names.Optional(r.WithdrawnBy), Etag: etag.Of(r),
	}
}
