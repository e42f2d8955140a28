package privacy

import (
	"context"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// GetRetentionRules implements GET /retention-rules.
func (h *HTTP) GetRetentionRules(ctx context.Context, _ api.GetRetentionRulesRequestObject) (api.GetRetentionRulesResponseObject, error) {
	body, err := h.rules(ctx)(h.s.RetentionRules(ctx))
	return api.GetRetentionRules200JSONResponse{Body: body, Headers: api.GetRetentionRules200ResponseHeaders{ETag: body.Etag}}, err
}

// rules are those of an answer of the service.
func (h *HTTP) rules(ctx context.Context) func(RetentionRules, error) (api.RetentionRules, error) {
	return func(in RetentionRules, err error) (body api.RetentionRules, _ error) {
		if err != nil {
			return body, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return body, err
		}
		body = api.RetentionRules{Items: make([]api.RetentionRule, len(in.Rows)), Etag: etag.Of(in), AllowedOperations: in.Allowed}
		for i, r := range in.Rows {
			body.Items[i] = ruleToAPI(r, names)
		}
		return body, nil
	}
}

func ruleToAPI(r RetentionRule, names *organisation.Names) api.RetentionRule {
	out := api.RetentionRule{
		Kind: api.RetentionKind(r.Kind), StartsAt: api.RetentionStart(r.StartsAt), Months: api.Null(r.Months), MinimumMonths: r.Minimum, MaximumMonths: api.Null(r.Maximum), Source: r.Source,
		Reason: api.NullText(""), DecidedById: api.Null[openapi.UUID](nil), DecidedBy: names.Optional(nil), DecidedAt: api.NullTime(nil),
	}
	if d := r.Decision; d != nil {
		out.Reason, out.DecidedById, out.DecidedBy, out.DecidedAt = api.NullText(d.Reason), api.Null(&d.DecidedBy), names.Optional(&d.DecidedBy), api.NullTime(&d.DecidedAt)
	}
	return out
}

// GetDossierRetention implements GET /dossiers/{dossierId}/retention.
func (h *HTTP) GetDossierRetention(ctx context.Context, r api.GetDossierRetentionRequestObject) (api.GetDossierRetentionResponseObject, error) {
	in, err := h.s.DossierRetention(ctx, r.DossierId)
	body := retentionToAPI(in)
	return api.GetDossierRetention200JSONResponse{Body: body, Headers: api.GetDossierRetention200ResponseHeaders{ETag: body.Etag}}, err
}

// ListRetentionRuns implements GET /retention-runs.
func (h *HTTP) ListRetentionRuns(ctx context.Context, r api.ListRetentionRunsRequestObject) (api.ListRetentionRunsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.RetentionRuns(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.RetentionRunList{Items: make([]api.RetentionRun, len(in.Rows)), Next: api.Null(in.Next)}
	for i, row := range in.Rows {
		body.Items[i] = runToAPI(row, in, names)
	}
	return api.ListRetentionRuns200JSONResponse{Body: body, Headers: api.ListRetentionRuns200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// StartRetentionRun implements POST /retention-runs.
func (h *HTTP) StartRetentionRun(ctx context.Context, _ api.StartRetentionRunRequestObject) (api.StartRetentionRunResponseObject, error) {
	body, err := h.run(ctx)(h.s.StartRetentionRun(ctx))
	return api.StartRetentionRun201JSONResponse{Body: body, Headers: api.StartRetentionRun201ResponseHeaders{ETag: body.Etag, Location: runPlace(body)}}, err
}

// GetRetentionRun implements GET /retention-runs/{retentionRunId}.
func (h *HTTP) GetRetentionRun(ctx context.Context, r api.GetRetentionRunRequestObject) (api.GetRetentionRunResponseObject, error) {
	body, err := h.run(ctx)(h.s.RetentionRun(ctx, r.RetentionRunId))
	return api.GetRetentionRun200JSONResponse{Body: body, Headers: api.GetRetentionRun200ResponseHeaders{ETag: body.Etag}}, err
}

// DecideRetentionRun implements POST /retention-runs/{retentionRunId}/decisions.
func (h *HTTP) DecideRetentionRun(ctx context.Context, r api.DecideRetentionRunRequestObject) (api.DecideRetentionRunResponseObject, error) {
	body, err := h.run(ctx)(h.s.DecideRetentionRun(ctx, etag.KeyOf(r.RetentionRunId, r.Params.IfMatch), r.Body.Reason))
	return api.DecideRetentionRun201JSONResponse{Body: body, Headers: api.DecideRetentionRun201ResponseHeaders{ETag: body.Etag, Location: runPlace(body)}}, err
}

// ListDestructionCertificates implements GET /retention-runs/{retentionRunId}/certificates.
func (h *HTTP) ListDestructionCertificates(ctx context.Context, r api.ListDestructionCertificatesRequestObject) (api.ListDestructionCertificatesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.Certificates(ctx, r.RetentionRunId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DestructionCertificateList{Items: make([]api.DestructionCertificate, len(in.Rows)), Next: api.Null(in.Next)}
	for i, c := range in.Rows {
		body.Items[i] = certificateToAPI(c, names)
	}
	return api.ListDestructionCertificates200JSONResponse{Body: body, Headers: api.ListDestructionCertificates200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// run is the one run of an answer of the service.
func (h *HTTP) run(ctx context.Context) func(RetentionRuns, error) (api.RetentionRun, error) {
	return func(in RetentionRuns, err error) (api.RetentionRun, error) {
		if err != nil {
			return api.RetentionRun{}, err
		}
		names, err := h.people.Names(ctx)
		if err != nil {
			return api.RetentionRun{}, err
		}
		return runToAPI(in.Rows[0], in, names), nil
	}
}

func runPlace(r api.RetentionRun) string { return "/v1/retention-runs/" + r.Id.String() }

func runToAPI(r RetentionRun, in RetentionRuns, names *organisation.Names) api.RetentionRun {
	out := api.RetentionRun{
		Id: r.ID, Status: api.RetentionRunStatus(r.Status()), Scheduled: r.Scheduled, AsOf: openapi.Date{Time: r.AsOf}, Candidates: make([]api.RetentionCandidate, len(r.Candidates)),
		Destroyed: r.Destroyed, Reason: api.NullText(r.Reason), StartedById: api.Null(r.StartedBy), StartedBy: names.Optional(r.StartedBy), StartedAt: r.StartedAt.UTC(),
		DecidedById: api.Null(r.DecidedBy), DecidedBy: names.Optional(r.DecidedBy), DecidedAt: api.NullTime(r.DecidedAt), FinishedAt: api.NullTime(r.FinishedAt),
		Etag: etag.Of(r), AllowedOperations: in.Allowed,
	}
	if r.FinishedAt != nil {
		out.Kept = len(r.Candidates)
	}
	for i, c := range r.Candidates {
		out.Candidates[i] = api.RetentionCandidate{Id: c.DossierID, Number: c.Number, Kind: api.RetentionKind(c.Kind), DueOn: openapi.Date{Time: c.DueOn}}
	}
	return out
}

func certificateToAPI(c Certificate, names *organisation.Names) api.DestructionCertificate {
	out := api.DestructionCertificate{
		Id: c.ID, RunId: c.RunID, DestroyedId: c.DossierID, Number: c.Number, Kind: api.RetentionKind(c.Kind), Months: c.Months, DueOn: openapi.Date{Time: c.DueOn},
		Records: make([]api.DestroyedRecords, len(c.Records)), TablesSearched: c.TablesSearched, CopiesFound: c.CopiesFound,
		DecidedById: api.Null(c.DecidedBy), DecidedBy: names.Optional(c.DecidedBy), DestroyedAt: c.DestroyedAt.UTC(), Etag: etag.Of(c),
	}
	for i, r := range c.Records {
		out.Records[i] = api.DestroyedRecords{Kind: r.Kind, Count: r.Count}
	}
	return out
}
