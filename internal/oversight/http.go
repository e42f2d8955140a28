package oversight

import (
	"context"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP answers the contract's operations that look across areas.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// GetSituationReport implements GET /dossiers/{dossierId}/situation-report.
func (h *HTTP) GetSituationReport(ctx context.Context, r api.GetSituationReportRequestObject) (api.GetSituationReportResponseObject, error) {
	read := h.s.SituationReport
	if at := r.Params.At; at != nil {
		read = func(ctx context.Context, id uuid.UUID) (Report, error) { return h.s.SituationReportAt(ctx, id, *at) }
	}
	report, err := read(ctx, r.DossierId)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := reportToAPI(report, names)
	if media.Wants(ctx, media.PDF) {
		return h.reportAsPDF(ctx, body, r.Params.At != nil)
	}
	return api.GetSituationReport200JSONResponse{Body: body, Headers: api.GetSituationReport200ResponseHeaders{ETag: body.Etag}}, nil
}

func reportToAPI(r Report, names *organisation.Names) api.SituationReport {
	d := dossier.ToAPI(r.Dossier, names)
	out := api.SituationReport{
		Dossier: d, Status: api.DossierStatus(r.State.Status), Phase: r.State.Phase, CaseDirectorId: api.Null(r.State.CaseDirectorID),
		CaseDirector: names.Optional(r.State.CaseDirectorID), ChairId: api.Null(r.State.ChairID), Chair: names.Optional(r.State.ChairID),
		OpenActions: r.Figures.Open, OverdueActions: r.Figures.Overdue, DoneActions: r.Figures.Done,
		Actions: []api.ActionBrief{}, Scores: []api.ScoreBrief{}, LatestDecisions: []api.DecisionBrief{}, NextMeetingAt: d.NextMeetingAt, LastChanges: []api.ChangeBrief{},
	}
	for _, a := range r.Actions {
		out.Actions = append(out.Actions, api.ActionBrief{
			Id: a.ID, Description: a.Description, PartnerId: a.PartnerID, Partner: names.Partner(a.PartnerID),
			DueDate: openapi_types.Date{Time: a.DueDate}, Status: api.ActionStatus(a.Status), Overdue: a.IsOverdue,
		})
	}
	for _, a := range r.Scores {
		out.Scores = append(out.Scores, api.ScoreBrief{
			Id: a.ID, Member: api.NullText(a.Member), LifeDomain: a.LifeDomain, Score: api.Null(a.Score), ProblemLevel: api.NullAs[api.ProblemLevel](a.ProblemLevel),
			ObservedOn: openapi_types.Date{Time: a.ObservedOn}, Stale: a.Stale,
		})
	}
	for _, d := range r.Decisions {
		out.LatestDecisions = append(out.LatestDecisions, api.DecisionBrief{Id: d.ID, AgendaItemId: d.AgendaItemID, Text: d.Text, DecidedAt: d.DecidedAt.UTC()})
	}
	for _, c := range r.Changes {
		out.LastChanges = append(out.LastChanges, api.ChangeBrief{
			At: c.At.UTC(), Kind: c.Kind, Subject: api.SubjectRef{Type: c.Subject, Id: c.ID}, Fields: []string{},
		})
	}
	out.Etag = etag.Of(out) // before the moment of the report, which alone changes nothing
	out.AsOf = r.AsOf
	return out
}
