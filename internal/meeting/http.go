package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP answers the contract's operations on meetings.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// ListMeetings implements GET /meetings.
func (h *HTTP) ListMeetings(ctx context.Context, r api.ListMeetingsRequestObject) (api.ListMeetingsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{From: r.Params.From, Until: r.Params.Until, ChairID: r.Params.ChairId, DossierID: r.Params.DossierId, SeriesID: r.Params.SeriesId}
	seen, next, err := h.s.List(ctx, f, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, seen, rowToAPI)
	return api.ListMeetings200JSONResponse{
		Body: api.MeetingList{Items: items, Next: api.Null(next)}, Headers: api.ListMeetings200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// ScheduleMeeting implements POST /meetings.
func (h *HTTP) ScheduleMeeting(ctx context.Context, r api.ScheduleMeetingRequestObject) (api.ScheduleMeetingResponseObject, error) {
	b := r.Body
	seen, err := h.s.Schedule(ctx, NewMeeting{
		Title: b.Title, TableID: b.TableId, ChairID: b.ChairId, StartsAt: b.StartsAt, EndsAt: b.EndsAt, Place: api.Or(b.Place, ""),
		OnlineUrl: api.Or(b.OnlineUrl, ""),
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, ToAPI)
	return api.ScheduleMeeting201JSONResponse{
		Body: body, Headers: api.ScheduleMeeting201ResponseHeaders{ETag: seen.Tag, Location: "/v1/meetings/" + seen.ID.String()},
	}, err
}

// GetMeeting implements GET /meetings/{meetingId}.
func (h *HTTP) GetMeeting(ctx context.Context, r api.GetMeetingRequestObject) (api.GetMeetingResponseObject, error) {
	seen, err := h.s.Get(ctx, r.MeetingId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, ToAPI)
	return api.GetMeeting200JSONResponse{Body: body, Headers: api.GetMeeting200ResponseHeaders{ETag: seen.Tag}}, err
}

// UpdateMeeting implements PATCH /meetings/{meetingId}.
func (h *HTTP) UpdateMeeting(ctx context.Context, r api.UpdateMeetingRequestObject) (api.UpdateMeetingResponseObject, error) {
	b := r.Body
	key := etag.KeyOf(r.MeetingId, r.Params.IfMatch)
	seen, err := h.s.Update(ctx, key, (*Status)(b.Status), func(m *Meeting) {
		m.Title = api.Or(b.Title, m.Title)
		if b.StartsAt != nil {
			m.StartsAt = moment(*b.StartsAt)
		}
		if b.EndsAt != nil {
			m.EndsAt = moment(*b.EndsAt)
		}
		api.PutText(&m.Place, b.Place)
		api.PutText(&m.OnlineUrl, b.OnlineUrl)
		api.Apply(b.TableId, &m.TableID)
	})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, seen, ToAPI)
	return api.UpdateMeeting200JSONResponse{Body: body, Headers: api.UpdateMeeting200ResponseHeaders{ETag: seen.Tag}}, err
}

// ToAPI is one meeting as the contract shows it, with agenda and invitations.
func ToAPI(s Seen, names *organisation.Names) api.Meeting {
	m := rowToAPI(s, names)
	m.AllowedOperations = s.Allowed
	for _, i := range withRefs(s.AgendaItems, s.Refs) {
		m.AgendaItems = append(m.AgendaItems, itemToAPI(i, names))
	}
	for _, i := range s.Invitations {
		m.Invitations = append(m.Invitations, invitationToAPI(i, names))
	}
	return m
}

// rowToAPI is a meeting in a list.
func rowToAPI(s Seen, names *organisation.Names) api.Meeting {
	return api.Meeting{
		Id: s.ID, Title: s.Title, TableId: api.Null(s.TableID), ChairId: s.ChairID, Chair: names.Professional(s.ChairID),
		StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC(), Place: api.NullText(s.Place), OnlineUrl: api.NullText(s.OnlineUrl),
		Status: api.MeetingStatus(s.Status), Etag: s.Tag,
	}
}

// renderAll shows rows with the names of who they mention.
func renderAll[Row, Out any](ctx context.Context, h *HTTP, rows []Row, toAPI func(Row, *organisation.Names) Out) ([]Out, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Out, len(rows))
	for i, row := range rows {
		out[i] = toAPI(row, names)
	}
	return out, nil
}

func renderOne[Row, Out any](ctx context.Context, h *HTTP, row Row, toAPI func(Row, *organisation.Names) Out) (out Out, err error) {
	all, err := renderAll(ctx, h, []Row{row}, toAPI)
	if err != nil {
		return out, err
	}
	return all[0], nil
}

// under is where something below a record stands.
func under(collection string, parent uuid.UUID, below string, id uuid.UUID) string {
	return "/v1/" + collection + "/" + parent.String() + "/" + below + "/" + id.String()
}
