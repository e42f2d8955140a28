package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ProposeAgendaItem implements POST /meetings/{meetingId}/agenda-proposals.
func (h *HTTP) ProposeAgendaItem(ctx context.Context, r api.ProposeAgendaItemRequestObject) (api.ProposeAgendaItemResponseObject, error) {
	seen, err := h.s.Propose(ctx, r.MeetingId, r.Body.DossierId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, proposalToAPI)
	headers := api.ProposeAgendaItem201ResponseHeaders{ETag: seen.Tag, Location: under("meetings", seen.MeetingID, "agenda-proposals", seen.ID)}
	return api.ProposeAgendaItem201JSONResponse{Body: body, Headers: headers}, err
}

// ListAgendaProposals implements GET /meetings/{meetingId}/agenda-proposals.
func (h *HTTP) ListAgendaProposals(ctx context.Context, r api.ListAgendaProposalsRequestObject) (api.ListAgendaProposalsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	seen, next, err := h.s.Proposals(ctx, r.MeetingId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, seen, proposalToAPI)
	return api.ListAgendaProposals200JSONResponse{
		Body:    api.AgendaProposalList{Items: items, Next: api.Null(next)},
		Headers: api.ListAgendaProposals200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetAgendaProposal implements GET /meetings/{meetingId}/agenda-proposals/{agendaProposalId}.
func (h *HTTP) GetAgendaProposal(ctx context.Context, r api.GetAgendaProposalRequestObject) (api.GetAgendaProposalResponseObject, error) {
	seen, err := h.s.GetProposal(ctx, r.MeetingId, r.AgendaProposalId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, proposalToAPI)
	return api.GetAgendaProposal200JSONResponse{Body: body, Headers: api.GetAgendaProposal200ResponseHeaders{ETag: seen.Tag}}, err
}

// AnswerAgendaProposal implements POST /meetings/{meetingId}/agenda-proposals/{agendaProposalId}/answers.
func (h *HTTP) AnswerAgendaProposal(ctx context.Context, r api.AnswerAgendaProposalRequestObject) (api.AnswerAgendaProposalResponseObject, error) {
	b := r.Body
	seen, err := h.s.AnswerProposal(ctx, r.MeetingId, etag.KeyOf(r.AgendaProposalId, r.Params.IfMatch), Answer{
		Outcome: ProposalStatus(b.Outcome), Note: api.Or(b.Note, ""), Minutes: api.Or(b.Minutes, usualMinutes),
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, proposalToAPI)
	headers := api.AnswerAgendaProposal201ResponseHeaders{ETag: seen.Tag, Location: under("meetings", seen.MeetingID, "agenda-proposals", seen.ID)}
	return api.AnswerAgendaProposal201JSONResponse{Body: body, Headers: headers}, err
}

// ListAgendaSuggestions implements GET /meetings/{meetingId}/agenda-suggestions.
func (h *HTTP) ListAgendaSuggestions(ctx context.Context, r api.ListAgendaSuggestionsRequestObject) (api.ListAgendaSuggestionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Suggestions(ctx, r.MeetingId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, rows, suggestionToAPI)
	return api.ListAgendaSuggestions200JSONResponse{
		Body:    api.AgendaSuggestionList{Items: items, Next: api.Null(next)},
		Headers: api.ListAgendaSuggestions200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

func proposalToAPI(p SeenProposal, names *organisation.Names) api.AgendaProposal {
	out := api.AgendaProposal{
		Id: p.ID, MeetingId: p.MeetingID, DossierId: p.DossierID, Dossier: dossier.RefToAPI(p.Ref), Reason: p.Reason, ProposedAt: p.ProposedAt.UTC(),
		ProposedById: p.ProposedBy, ProposedBy: names.Professional(p.ProposedBy), ProposedPartnerId: p.ProposedPartnerID,
		ProposedPartner: names.Partner(p.ProposedPartnerID), Status: api.AgendaProposalStatus(p.Status), Note: api.NullText(p.Note),
		AgendaItemId: api.Null(p.AgendaItemID), AnsweredAt: api.Null(p.AnsweredAt), AnsweredById: api.Null(p.AnsweredBy),
		AnsweredBy: names.Optional(p.AnsweredBy), Etag: p.Tag, AllowedOperations: p.Allowed,
	}
	return out
}

func suggestionToAPI(one Suggestion, _ *organisation.Names) api.AgendaSuggestion {
	out := api.AgendaSuggestion{DossierId: one.DossierID, Dossier: dossier.RefToAPI(one.Ref), Etag: etag.Of(one)}
	for _, reason := range one.Reasons {
		out.Reasons = append(out.Reasons, api.AgendaReason(reason))
	}
	return out
}
