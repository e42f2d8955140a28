package dossier

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListParticipants implements GET /dossiers/{dossierId}/participants.
func (h *HTTP) ListParticipants(ctx context.Context, r api.ListParticipantsRequestObject) (api.ListParticipantsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.ListParticipants(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, found, participantToAPI)
	return api.ListParticipants200JSONResponse{
		Body:    api.ParticipantList{Items: items, Next: api.Null(found.Row.Next)},
		Headers: api.ListParticipants200ResponseHeaders{Link: page.Link(ctx, found.Row.Next)},
	}, err
}

// AddParticipant implements POST /dossiers/{dossierId}/participants.
func (h *HTTP) AddParticipant(ctx context.Context, r api.AddParticipantRequestObject) (api.AddParticipantResponseObject, error) {
	b := r.Body
	p, err := h.s.AddParticipant(ctx, r.DossierId, Joining{
		PartnerID: b.PartnerId, Role: string(b.Role), ProfessionalIDs: b.ProfessionalIds, From: b.From, Until: b.Until,
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, p, participantToAPI)
	return api.AddParticipant201JSONResponse{Body: body, Headers: api.AddParticipant201ResponseHeaders{
		ETag: body.Etag, Location: under(p.Row.DossierID, "participants", p.Row.ID),
	}}, err
}

// GetParticipant implements GET /dossiers/{dossierId}/participants/{participantId}.
func (h *HTTP) GetParticipant(ctx context.Context, r api.GetParticipantRequestObject) (api.GetParticipantResponseObject, error) {
	p, err := h.s.GetParticipant(ctx, r.DossierId, r.ParticipantId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, p, participantToAPI)
	return api.GetParticipant200JSONResponse{Body: body, Headers: api.GetParticipant200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateParticipant implements PATCH /dossiers/{dossierId}/participants/{participantId}.
func (h *HTTP) UpdateParticipant(ctx context.Context, r api.UpdateParticipantRequestObject) (api.UpdateParticipantResponseObject, error) {
	b := r.Body
	p, err := h.s.UpdateParticipant(ctx, r.DossierId, etag.KeyOf(r.ParticipantId, r.Params.IfMatch), func(p *Participant) {
		if b.Role != nil {
			p.Role = string(*b.Role)
		}
		if b.ProfessionalIds != nil {
			p.ProfessionalIDs = slices.Clone(*b.ProfessionalIds)
		}
		api.Apply(b.Until, &p.EndsAt)
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, p, participantToAPI)
	return api.UpdateParticipant200JSONResponse{Body: body, Headers: api.UpdateParticipant200ResponseHeaders{ETag: body.Etag}}, err
}

func participantToAPI(p Participant, names beside) api.Participant {
	out := api.Participant{
		Id: p.ID, DossierId: p.DossierID, Dossier: names.dossier, PartnerId: p.PartnerID, Partner: names.Partner(p.PartnerID), Role: api.ParticipantRole(p.Role),
		ProfessionalIds: []uuid.UUID{}, Professionals: []api.ProfessionalRef{}, From: p.StartsAt.UTC(), Until: api.NullTime(p.EndsAt),
		Etag: etag.Of(p),
	}
	for _, id := range p.ProfessionalIDs {
		out.ProfessionalIds = append(out.ProfessionalIds, id)
		out.Professionals = append(out.Professionals, names.Professional(id))
	}
	return out
}

// renderAll shows rows with the names of who they mention and the dossier that they are in.
func renderAll[Row, Out any](ctx context.Context, h *HTTP, in Within[Page[Row]], toAPI func(Row, beside) Out) ([]Out, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Out, len(in.Row.Rows))
	for i, row := range in.Row.Rows {
		out[i] = toAPI(row, beside{names, RefToAPI(in.Dossier)})
	}
	return out, nil
}

func renderOne[Row, Out any](ctx context.Context, h *HTTP, in Within[Row], toAPI func(Row, beside) Out) (out Out, err error) {
	all, err := renderAll(ctx, h, Within[Page[Row]]{Row: Page[Row]{Rows: []Row{in.Row}}, Dossier: in.Dossier}, toAPI)
	if err != nil {
		return out, err
	}
	return all[0], nil
}

// beside is what stands beside a record: the names that it mentions and its dossier.
type beside struct {
	*organisation.Names
	dossier api.DossierRef
}

// under is where something in a dossier stands.
func under(dossier uuid.UUID, collection string, id uuid.UUID) string {
	return "/v1/dossiers/" + dossier.String() + "/" + collection + "/" + id.String()
}
