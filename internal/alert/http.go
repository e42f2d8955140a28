package alert

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP says alerts as the contract does.
type HTTP struct {
	s                   *Service
	people              *organisation.Service
	heartbeat, patience time.Duration
	seats               seats
	hub                 *hub
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP {
	return &HTTP{s: s, people: people, heartbeat: heartbeat, patience: patience, hub: newHub(s.m.Heard, s.k.DB, s.m.Log)}
}

// Streams is how many alert streams are open in this process.
func (h *HTTP) Streams() int { return h.hub.streams() }

// ListAlerts implements api.StrictServerInterface.
func (h *HTTP) ListAlerts(ctx context.Context, r api.ListAlertsRequestObject) (api.ListAlertsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{Acknowledged: r.Params.Acknowledged, DossierID: r.Params.DossierId, Kind: r.Params.Kind, Since: r.Params.Since}
	seen, next, err := h.s.List(ctx, f, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.AlertList{Items: make([]api.Alert, len(seen)), Next: api.Null(next)}
	for i, a := range seen {
		body.Items[i] = ToAPI(a, names)
	}
	return api.ListAlerts200JSONResponse{Body: body, Headers: api.ListAlerts200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetAlertSummary implements api.StrictServerInterface.
func (h *HTTP) GetAlertSummary(ctx context.Context, _ api.GetAlertSummaryRequestObject) (api.GetAlertSummaryResponseObject, error) {
	sum, err := h.s.Summarise(ctx)
	if err != nil {
		return nil, err
	}
	body := api.AlertSummary{
		Unacknowledged: sum.Open, HighestSequence: sum.Highest, ByKind: make([]api.AlertCount, len(sum.ByKind)), Etag: etag.Of(sum),
	}
	for i, c := range sum.ByKind {
		body.ByKind[i] = api.AlertCount{Kind: c.Kind, Unacknowledged: c.Open}
	}
	return api.GetAlertSummary200JSONResponse{Body: body, Headers: api.GetAlertSummary200ResponseHeaders{ETag: body.Etag}}, nil
}

// AcknowledgeAlerts implements api.StrictServerInterface.
func (h *HTTP) AcknowledgeAlerts(ctx context.Context, r api.AcknowledgeAlertsRequestObject) (api.AcknowledgeAlertsResponseObject, error) {
	if (len(r.Body.Ids) > 0) == (r.Body.UpToSequence != nil) {
		return nil, problem.InvalidField("", "one-of", "Send either ids or upToSequence.")
	}
	done, left, err := h.s.Acknowledge(ctx, Which{IDs: r.Body.Ids, UpTo: r.Body.UpToSequence})
	if err != nil {
		return nil, err
	}
	return api.AcknowledgeAlerts200JSONResponse{Acknowledged: done, Unacknowledged: left}, nil
}

// StreamAlerts implements api.StrictServerInterface. What fails before the stream begins is a
// problem like any other.
func (h *HTTP) StreamAlerts(ctx context.Context, r api.StreamAlertsRequestObject) (api.StreamAlertsResponseObject, error) {
	var last *int64
	if r.Params.LastEventID != nil {
		seq, err := strconv.ParseInt(*r.Params.LastEventID, 10, 64)
		if err != nil {
			return nil, problem.InvalidParameter("header", "Last-Event-ID", "pattern", "Send the id of the last event that you received.")
		}
		last = &seq
	}
	after, err := h.s.Resume(ctx, last)
	if err != nil {
		return nil, err
	}
	return &stream{ctx: ctx, h: h, after: after}, nil
}

// ToAPI is an alert as the contract shows it.
func ToAPI(a Seen, names *organisation.Names) api.Alert {
	out := api.Alert{
		Id: a.ID, Sequence: a.Sequence, Kind: a.Kind, Text: a.Text, DossierId: api.Null[uuid.UUID](nil), Dossier: api.Null[api.OptionalDossierRef](nil),
		Subject: api.Null[api.OptionalSubjectRef](nil), ChangedFields: api.Texts(a.Fields), ActorId: api.Null(a.ActorID), Actor: names.Optional(a.ActorID),
		At: a.At.UTC(), Priority: api.AlertPriorityNormal, AcknowledgedAt: api.Null[time.Time](nil), Etag: etag.Of(a),
	}
	if a.Dossier.ID != uuid.Nil {
		out.DossierId.Set(a.Dossier.ID)
		out.Dossier.Set(dossier.RefToAPI(a.Dossier))
	}
	if a.Urgent {
		out.Priority = api.AlertPriorityHigh
	}
	if a.Subject != nil {
		out.Subject.Set(api.OptionalSubjectRef{Type: a.Subject.Type, Id: a.Subject.ID})
	}
	if a.AcknowledgedAt != nil {
		out.AcknowledgedAt.Set(a.AcknowledgedAt.UTC())
	}
	return out
}
