package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP answers the contract's operations on dossiers.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// ListDossiers implements GET /dossiers.
func (h *HTTP) ListDossiers(ctx context.Context, r api.ListDossiersRequestObject) (api.ListDossiersResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.List(ctx, filterOf(r.Params), p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DossierList{Items: make([]api.Dossier, len(found.Rows)), Next: api.Null(found.Next)}
	for i, seen := range found.Rows {
		body.Items[i] = ToAPI(seen, names)
	}
	return api.ListDossiers200JSONResponse{Body: body, Headers: api.ListDossiers200ResponseHeaders{Link: page.Link(ctx, found.Next)}}, nil
}

func filterOf(p api.ListDossiersParams) Filter {
	f := Filter{
		Type: api.As[string](p.Type), Status: api.As[string](p.Status), Basis: api.As[string](p.Basis), NeighbourhoodCode: p.NeighbourhoodCode, Theme: p.Theme,
		RegiePhase: p.RegiePhase, CaseDirectorID: p.CaseDirectorId, ChairID: p.ChairId, TableID: p.TableId, PartnerID: p.ParticipantPartnerId,
		Mine: p.Mine, ChangedSince: p.ChangedSince, Sort: string(api.ListDossiersParamsSortMinusOpenedAt),
	}
	if p.Sort != nil {
		f.Sort = string(*p.Sort)
	}
	return f
}

// OpenDossier implements POST /dossiers.
func (h *HTTP) OpenDossier(ctx context.Context, r api.OpenDossierRequestObject) (api.OpenDossierResponseObject, error) {
	b := r.Body
	o := Opening{
		Type: Type(b.Type), Title: b.Title, Basis: Basis(b.Basis), Purpose: b.Purpose, NeighbourhoodCode: b.NeighbourhoodCode,
		Location: newLocation(b.Location), Particulars: newParticulars(b.Particulars), Themes: b.Themes, TableID: b.TableId,
	}
	if b.ExternalReference != nil {
		o.ExternalReference = *b.ExternalReference
	}
	seen, err := h.s.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	body, err := h.render(ctx, seen)
	return api.OpenDossier201JSONResponse{
		Body: body, Headers: api.OpenDossier201ResponseHeaders{ETag: seen.Tag, Location: "/v1/dossiers/" + seen.ID.String()},
	}, err
}

// GetDossier implements GET /dossiers/{dossierId}.
func (h *HTTP) GetDossier(ctx context.Context, r api.GetDossierRequestObject) (api.GetDossierResponseObject, error) {
	seen, err := h.s.Get(ctx, r.DossierId)
	if err != nil {
		return nil, err
	}
	body, err := h.render(ctx, seen)
	return api.GetDossier200JSONResponse{Body: body, Headers: api.GetDossier200ResponseHeaders{ETag: seen.Tag}}, err
}

// UpdateDossier implements PATCH /dossiers/{dossierId}.
func (h *HTTP) UpdateDossier(ctx context.Context, r api.UpdateDossierRequestObject) (api.UpdateDossierResponseObject, error) {
	b := r.Body
	seen, err := h.s.Update(ctx, etag.KeyOf(r.DossierId, r.Params.IfMatch), func(d *Dossier) {
		api.Put(&d.Title, b.Title)
		api.Put(&d.Purpose, b.Purpose)
		api.Put(&d.Themes, b.Themes)
		api.Apply(b.NeighbourhoodCode, &d.NeighbourhoodCode)
		api.Apply(b.TableId, &d.TableID)
		d.Location = changeLocation(b.Location, d.Location)
		d.Particulars = changeParticulars(b.Particulars, d.Particulars)
	})
	if err != nil {
		return nil, err
	}
	body, err := h.render(ctx, seen)
	return api.UpdateDossier200JSONResponse{Body: body, Headers: api.UpdateDossier200ResponseHeaders{ETag: seen.Tag}}, err
}

func (h *HTTP) render(ctx context.Context, seen Seen) (api.Dossier, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Dossier{}, err
	}
	return ToAPI(seen, names), nil
}

// ToAPI is a dossier as the contract shows it to the caller for whom it was cut.
func ToAPI(s Seen, names *organisation.Names) api.Dossier {
	d := api.Dossier{
		Id: s.ID, Number: s.Number, Type: api.DossierType(s.Type), Status: api.DossierStatus(s.Status), Basis: api.LegalBasis(s.Basis),
		Title: api.NullText(s.Title), Purpose: api.NullText(s.Purpose), NeighbourhoodCode: api.Null(s.NeighbourhoodCode),
		Location: locationToAPI(s.Location), Particulars: particularsToAPI(s.Particulars), Themes: api.Texts(s.Themes), RegiePhase: s.RegiePhase,
		CaseDirectorId: api.Null(s.CaseDirectorID), CaseDirector: names.Optional(s.CaseDirectorID),
		ChairId: api.Null(s.ChairID), Chair: names.Optional(s.ChairID), TableId: api.Null(s.TableID),
		ExternalReference: api.NullText(s.ExternalReference), OpenedAt: s.OpenedAt.UTC(), OpenedById: api.Null(&s.OpenedBy),
		OpenedBy: names.Optional(&s.OpenedBy), OpenActions: s.Figures.OpenActions, OverdueActions: s.Figures.OverdueActions,
		NextMeetingAt: api.NullTime(s.Figures.NextMeetingAt), LastChangeAt: s.ChangedAt.UTC(), Etag: s.Tag, AllowedOperations: s.Allowed,
	}
	if s.Figures.LastChangeAt != nil {
		d.LastChangeAt = s.Figures.LastChangeAt.UTC()
	}
	return d
}

// RefToAPI is a dossier beside another record.
func RefToAPI(r Ref) api.DossierRef {
	return api.DossierRef{Id: r.ID, Number: r.Number, Title: api.Null(r.Title)}
}
