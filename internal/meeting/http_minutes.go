package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// RecordAttendance implements POST /meetings/{meetingId}/attendances.
func (h *HTTP) RecordAttendance(ctx context.Context, r api.RecordAttendanceRequestObject) (api.RecordAttendanceResponseObject, error) {
	a, err := h.s.Attend(ctx, r.MeetingId, NewAttendance{ProfessionalID: r.Body.ProfessionalId, InvitationID: r.Body.InvitationId})
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, a, attendanceToAPI)
	headers := api.RecordAttendance201ResponseHeaders{ETag: body.Etag, Location: under("meetings", a.MeetingID, "attendances", a.ID)}
	return api.RecordAttendance201JSONResponse{Body: body, Headers: headers}, err
}

// ListAttendances implements GET /meetings/{meetingId}/attendances.
func (h *HTTP) ListAttendances(ctx context.Context, r api.ListAttendancesRequestObject) (api.ListAttendancesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Attendances(ctx, r.MeetingId, p)
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, rows, attendanceToAPI)
	return api.ListAttendances200JSONResponse{
		Body:    api.AttendanceList{Items: items, Next: api.Null(next)},
		Headers: api.ListAttendances200ResponseHeaders{Link: page.Link(ctx, next)},
	}, err
}

// GetAttendance implements GET /meetings/{meetingId}/attendances/{attendanceId}.
func (h *HTTP) GetAttendance(ctx context.Context, r api.GetAttendanceRequestObject) (api.GetAttendanceResponseObject, error) {
	a, err := h.s.Attendance(ctx, r.MeetingId, r.AttendanceId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, a, attendanceToAPI)
	return api.GetAttendance200JSONResponse{Body: body, Headers: api.GetAttendance200ResponseHeaders{ETag: body.Etag}}, err
}

// RemoveAttendance implements DELETE /meetings/{meetingId}/attendances/{attendanceId}.
func (h *HTTP) RemoveAttendance(ctx context.Context, r api.RemoveAttendanceRequestObject) (api.RemoveAttendanceResponseObject, error) {
	return api.RemoveAttendance204Response{}, h.s.Unattend(ctx, r.MeetingId, etag.KeyOf(r.AttendanceId, r.Params.IfMatch))
}

// GetMinutes implements GET /meetings/{meetingId}/minutes.
func (h *HTTP) GetMinutes(ctx context.Context, r api.GetMinutesRequestObject) (api.GetMinutesResponseObject, error) {
	m, err := h.s.Minutes(ctx, r.MeetingId)
	if err != nil {
		return nil, err
	}
	body, err := renderOne(ctx, h, m, minutesToAPI)
	if err == nil && media.Wants(ctx, media.PDF) {
		return h.minutesAsPDF(ctx, body)
	}
	return api.GetMinutes200JSONResponse{Body: body, Headers: api.GetMinutes200ResponseHeaders{ETag: body.Etag}}, err
}

func attendanceToAPI(a Attendance, names *organisation.Names) api.Attendance {
	out := api.Attendance{
		Id: a.ID, MeetingId: a.MeetingID, InvitationId: api.Null(a.InvitationID), ProfessionalId: api.Null(a.ProfessionalID),
		Professional: names.Optional(a.ProfessionalID), Guest: api.Null[api.Guest](nil), PartnerId: api.Null(a.PartnerID),
		Partner: api.Null[api.PartnerRef](nil), Domain: api.Null[api.PartnerDomain](nil), RecordedAt: a.RecordedAt.UTC(), Etag: etag.Of(a),
	}
	if a.Guest != nil {
		out.Guest.Set(api.Guest{Name: a.Guest.Name, Organisation: a.Guest.Organisation})
	}
	if a.PartnerID != nil {
		out.Partner.Set(names.Partner(*a.PartnerID))
		out.Domain.Set(api.PartnerDomain(a.Domain))
	}
	return out
}

func minutesToAPI(m Minutes, names *organisation.Names) api.Minutes {
	there := presenceOf(m.Attendances)
	out := api.Minutes{
		Meeting: rowToAPI(m.Meeting, names), Finalisations: []api.MeetingStep{}, Presence: api.Presence{Social: there.Social, Safety: there.Safety},
		Attendances: []api.Attendance{}, Items: []api.MinutesItem{}, Etag: etag.Of(m),
	}
	for _, e := range m.Finalised {
		out.Finalisations = append(out.Finalisations, endingToAPI(e, names))
	}
	for _, a := range m.Attendances {
		out.Attendances = append(out.Attendances, attendanceToAPI(a, names))
	}
	for _, i := range m.Items {
		one := api.MinutesItem{AgendaItem: itemToAPI(i.Item, names), Deliberations: []api.Deliberation{}, Decisions: []api.Decision{}}
		for _, d := range i.Deliberations {
			one.Deliberations = append(one.Deliberations, deliberationToAPI(d, names))
		}
		for _, d := range i.Decisions {
			one.Decisions = append(one.Decisions, decisionToAPI(d, names))
		}
		out.Items = append(out.Items, one)
	}
	return out
}
