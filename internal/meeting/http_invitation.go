package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Invite implements POST /meetings/{meetingId}/invitations.
func (h *HTTP) Invite(ctx context.Context, r api.InviteRequestObject) (api.InviteResponseObject, error) {
	n := NewInvitation{ProfessionalID: r.Body.ProfessionalId, AgendaItemIDs: r.Body.AgendaItemIds}
	if g := r.Body.Guest; g != nil {
		n.Guest = &Guest{Name: g.Name, Organisation: g.Organisation}
	}
	i, err := h.s.Invite(ctx, r.MeetingId, n)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, i, invitationToAPI)
	headers := api.Invite201ResponseHeaders{ETag: body.Etag, Location: under("meetings", i.MeetingID, "invitations", i.ID)}
	return api.Invite201JSONResponse{Body: body, Headers: headers}, err
}

// ListInvitations implements GET /meetings/{meetingId}/invitations.
func (h *HTTP) ListInvitations(ctx context.Context, r api.ListInvitationsRequestObject) (api.ListInvitationsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListInvitations(ctx, r.MeetingId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, rows, invitationToAPI)
	return api.ListInvitations200JSONResponse{
		Body:    api.InvitationList{Items: items, Next: api.Null(next)},
		Headers: api.ListInvitations200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetInvitation implements GET /meetings/{meetingId}/invitations/{invitationId}.
func (h *HTTP) GetInvitation(ctx context.Context, r api.GetInvitationRequestObject) (api.GetInvitationResponseObject, error) {
	i, err := h.s.GetInvitation(ctx, r.MeetingId, r.InvitationId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, i, invitationToAPI)
	return api.GetInvitation200JSONResponse{Body: body, Headers: api.GetInvitation200ResponseHeaders{ETag: body.Etag}}, err
}

// RespondToInvitation implements PATCH /meetings/{meetingId}/invitations/{invitationId}.
func (h *HTTP) RespondToInvitation(
	ctx context.Context, r api.RespondToInvitationRequestObject,
) (api.RespondToInvitationResponseObject, error) {
	key := etag.KeyOf(r.InvitationId, r.Params.IfMatch)
	i, err := h.s.Respond(ctx, r.MeetingId, key, Response(r.Body.Response))
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, i, invitationToAPI)
	return api.RespondToInvitation200JSONResponse{
		Body: body, Headers: api.RespondToInvitation200ResponseHeaders{ETag: body.Etag},
	}, err
}

func invitationToAPI(i Invitation, names *organisation.Names) api.Invitation {
	out := api.Invitation{
		Id: i.ID, MeetingId: i.MeetingID, ProfessionalId: api.Null(i.ProfessionalID), Professional: names.Optional(i.ProfessionalID),
		Guest: api.Null[api.Guest](nil), AgendaItemIds: all(i.AgendaItemIDs), Response: api.InvitationResponse(i.Response), Etag: etag.Of(i),
	}
	if i.ProfessionalID == nil {
		out.Guest.Set(api.Guest{Name: i.GuestName, Organisation: i.GuestOrganisation})
	}
	return out
}
