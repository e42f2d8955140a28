package oversight

import (
	"context"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// GetMyWork implements GET /my-work.
func (h *HTTP) GetMyWork(ctx context.Context, _ api.GetMyWorkRequestObject) (api.GetMyWorkResponseObject, error) {
	w, err := h.s.MyWork(ctx)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := myWorkToAPI(w, names)
	body.Etag = etag.Of(body) // before the moment at which it was read, which alone changes nothing
	body.AsOf = w.AsOf.UTC()
	return api.GetMyWork200JSONResponse{Body: body, Headers: api.GetMyWork200ResponseHeaders{ETag: body.Etag}}, nil
}

func myWorkToAPI(w MyWork, names *organisation.Names) api.MyWork {
	out := api.MyWork{
		Today: openapi_types.Date{Time: w.Today}, WeekEndsOn: openapi_types.Date{Time: w.WeekEndsOn}, DossiersByPhase: []api.MyDossierCount{}, Dossiers: []api.MyDossier{},
		OwnActions: api.MyActionCount{Open: w.Own.Open, Overdue: w.Own.Overdue, DueThisWeek: w.Own.Week}, Actions: []api.MyAction{},
		PartnerActions: api.MyActionCount{Open: w.Partners.Open, Overdue: w.Partners.Overdue, DueThisWeek: w.Partners.Week},
		UnreadAlerts:   w.Unread, ComingMeetings: w.Coming, Meetings: []api.MyMeeting{}, LastChanges: []api.MyChange{},
	}
	for _, p := range w.Phases {
		out.DossiersByPhase = append(out.DossiersByPhase, api.MyDossierCount{Phase: p.Phase, AsCaseDirector: p.Directs, AsChair: p.Chairs, AsParticipant: p.TakesPart, Total: p.Total})
	}
	for _, d := range w.Dossiers {
		out.Dossiers = append(out.Dossiers, myDossierToAPI(d))
	}
	for _, a := range w.Actions {
		out.Actions = append(out.Actions, myActionToAPI(a, names))
	}
	for _, m := range w.Meetings {
		out.Meetings = append(out.Meetings, api.MyMeeting{
			Id: m.ID, Title: m.Title, StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC(), Place: api.NullText(m.Place), OnlineUrl: api.NullText(m.OnlineUrl), Leads: w.leads(m.ChairID),
		})
	}
	for _, c := range w.Changes {
		e := entryToAPI(c.Entry, names)
		out.LastChanges = append(out.LastChanges, api.MyChange{
			Id: e.Id, At: e.At, Kind: e.Kind, DossierId: c.Dossier.ID, Dossier: dossier.RefToAPI(c.Dossier), Subject: e.Subject, Fields: e.Fields, ActorId: e.ActorId, Actor: e.Actor,
		})
	}
	return out
}

func myDossierToAPI(d MyDossier) api.MyDossier {
	ref := dossier.Ref{ID: d.ID, Number: d.Number}
	if d.Titled {
		ref.Title = &d.Title
	}
	out := api.MyDossier{
		DossierId: d.ID, Dossier: dossier.RefToAPI(ref), Status: api.DossierStatus(d.Status), Phase: d.RegiePhase, Roles: []api.MyDossierRole{},
		OpenActions: d.Figures.OpenActions, OverdueActions: d.Figures.OverdueActions, NextMeetingAt: api.Null(d.Figures.NextMeetingAt), LastChangeAt: api.Null(d.Figures.LastChangeAt),
	}
	for _, role := range d.Roles {
		out.Roles = append(out.Roles, api.MyDossierRole(role))
	}
	return out
}

func myActionToAPI(a MyAction, names *organisation.Names) api.MyAction {
	return api.MyAction{
		Id: a.ID, Description: a.Description, DossierId: a.DossierID, Dossier: dossier.RefToAPI(a.Ref), PartnerId: a.PartnerID, Partner: names.Partner(a.PartnerID),
		ProfessionalId: api.Null(a.ProfessionalID), Professional: names.Optional(a.ProfessionalID), Own: a.Own, DueDate: openapi_types.Date{Time: a.DueDate},
		Overdue: a.IsOverdue, DueThisWeek: a.Week,
	}
}
