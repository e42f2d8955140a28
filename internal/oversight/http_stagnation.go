package oversight

import (
	"context"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListInvolved implements GET /dossiers/{dossierId}/involved.
func (h *HTTP) ListInvolved(ctx context.Context, r api.ListInvolvedRequestObject) (api.ListInvolvedResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Involved(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.InvolvedList{Items: make([]api.Involved, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = involvedToAPI(row, names)
	}
	return api.ListInvolved200JSONResponse{Body: body, Headers: api.ListInvolved200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

func involvedToAPI(i Involved, names *organisation.Names) api.Involved {
	out := api.Involved{
		Id: i.ID(), PartnerId: i.Partner, Partner: names.Partner(i.Partner), ProfessionalId: api.Null(i.Professional), Professional: names.Optional(i.Professional),
		Roles: make([]api.Involvement, len(i.Roles)), Etag: etag.Of(i),
	}
	for n, how := range i.Roles {
		out.Roles[n] = api.Involvement{Role: api.InvolvementRole(how.Role), Since: how.Since.UTC(), Until: api.NullTime(how.Until)}
	}
	return out
}

// GetStagnation implements GET /dossiers/{dossierId}/stagnation.
func (h *HTTP) GetStagnation(ctx context.Context, r api.GetStagnationRequestObject) (api.GetStagnationResponseObject, error) {
	found, ref, err := h.s.Stagnation(ctx, r.DossierId)
	if err != nil {
		return nil, err
	}
	body := api.Stagnation{DossierId: found.DossierID, Dossier: dossier.RefToAPI(ref), Flags: make([]api.StagnationFlag, len(found.Flags)), Etag: etag.Of(found)}
	for i, f := range found.Flags {
		body.Flags[i] = h.flag(ctx, f)
	}
	body.AsOf = found.At.UTC()
	return api.GetStagnation200JSONResponse{Body: body, Headers: api.GetStagnation200ResponseHeaders{ETag: body.Etag}}, nil
}

func (h *HTTP) flag(ctx context.Context, f Flag) api.StagnationFlag {
	label, _ := h.s.lists.Label("stagnation-rules", f.Rule)
	out := api.StagnationFlag{
		Rule: api.StagnationRule(f.Rule), Text: label.In(language.From(ctx)), Since: openapi_types.Date{Time: f.Since},
		Figures: make([]api.StagnationFigure, len(f.Figures)),
	}
	for i, figure := range f.Figures {
		out.Figures[i] = api.StagnationFigure{Name: figure.Name, Value: figure.Value}
	}
	return out
}
