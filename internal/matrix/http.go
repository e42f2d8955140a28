package matrix

import (
	"bytes"
	"context"
	"strconv"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP answers the contract's operations on the matrix; the server embeds it.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// GetAuthorisationMatrix implements GET /authorisation-matrix.
func (h *HTTP) GetAuthorisationMatrix(ctx context.Context, _ api.GetAuthorisationMatrixRequestObject) (api.GetAuthorisationMatrixResponseObject, error) {
	p, err := h.s.InForce(ctx)
	if err != nil {
		return nil, err
	}
	if media.Wants(ctx, media.CSV) {
		table := writeTable(p.Cells)
		return api.GetAuthorisationMatrix200TextcsvResponse{
			Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: api.GetAuthorisationMatrix200ResponseHeaders{ETag: etag.Of(p.Version)},
		}, nil
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := h.ToAPI(ctx, p, names)
	return api.GetAuthorisationMatrix200JSONResponse{Body: body, Headers: api.GetAuthorisationMatrix200ResponseHeaders{ETag: body.Etag}}, nil
}

// GetMatrixVersion implements GET /authorisation-matrix/versions/{version}.
func (h *HTTP) GetMatrixVersion(ctx context.Context, r api.GetMatrixVersionRequestObject) (api.GetMatrixVersionResponseObject, error) {
	p, err := h.s.Version(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	if media.Wants(ctx, media.CSV) {
		table := writeTable(p.Cells)
		return api.GetMatrixVersion200TextcsvResponse{
			Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: api.GetMatrixVersion200ResponseHeaders{ETag: etag.Of(p.Version)},
		}, nil
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := h.ToAPI(ctx, p, names)
	return api.GetMatrixVersion200JSONResponse{Body: body, Headers: api.GetMatrixVersion200ResponseHeaders{ETag: body.Etag}}, nil
}

// ListMatrixVersions implements GET /authorisation-matrix/versions.
func (h *HTTP) ListMatrixVersions(ctx context.Context, r api.ListMatrixVersionsRequestObject) (api.ListMatrixVersionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Versions(ctx, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.MatrixVersionList{Items: make([]api.MatrixVersion, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		body.Items[i] = versionToAPI(row, names)
	}
	return api.ListMatrixVersions200JSONResponse{Body: body, Headers: api.ListMatrixVersions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// PublishMatrix implements POST /authorisation-matrix/publications.
func (h *HTTP) PublishMatrix(ctx context.Context, r api.PublishMatrixRequestObject) (api.PublishMatrixResponseObject, error) {
	p, err := h.s.Publish(ctx, newPublication(api.Or(r.Params.IfMatch, ""), *r.Body))
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := h.ToAPI(ctx, p, names)
	return api.PublishMatrix201JSONResponse{Body: body, Headers: api.PublishMatrix201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/authorisation-matrix/versions/" + strconv.FormatInt(p.Number, 10),
	}}, nil
}

// ToAPI is a published matrix as the contract shows it.
func (h *HTTP) ToAPI(ctx context.Context, p Published, names *organisation.Names) api.AuthorisationMatrix {
	v := versionToAPI(p.Version, names)
	m := api.AuthorisationMatrix{
		Version: v.Version, PublishedAt: v.PublishedAt, PublishedById: v.PublishedById, PublishedBy: v.PublishedBy, Reason: v.Reason,
		EffectiveFrom: v.EffectiveFrom, RestoresVersion: v.RestoresVersion, State: v.State, Etag: v.Etag,
		Cells: CellsToAPI(p.Cells, names), Acknowledged: h.findingsToAPI(ctx, p.Acknowledged, names),
		SupplierConsents: make([]api.SupplierConsent, len(p.SupplierConsents)),
	}
	for i, c := range p.SupplierConsents {
		m.SupplierConsents[i] = api.SupplierConsent{
			PartnerId: c.PartnerID, Partner: names.Partner(c.PartnerID), Category: c.Category.Slug(), Reference: c.Reference,
		}
	}
	return m
}

func versionToAPI(v Version, names *organisation.Names) api.MatrixVersion {
	return api.MatrixVersion{
		Version: v.Number, PublishedAt: v.PublishedAt.UTC(), PublishedById: api.Null(v.PublishedBy), PublishedBy: names.Optional(v.PublishedBy),
		Reason: v.Reason, EffectiveFrom: v.EffectiveFrom.UTC(), RestoresVersion: api.Null(v.RestoresVersion), State: api.MatrixVersionState(v.State),
		Etag: etag.Of(v),
	}
}

func newPublication(match string, body api.NewPublication) NewPublication {
	n := NewPublication{
		Match: match, Reason: body.Reason, EffectiveFrom: body.EffectiveFrom, RestoresVersion: body.RestoresVersion, Acknowledged: body.Acknowledged,
	}
	for _, c := range body.SupplierConsents {
		n.Consents = append(n.Consents, NewConsent{PartnerID: c.PartnerId, Category: c.Category, Reference: c.Reference})
	}
	return n
}

// CellsToAPI says cells as the contract does.
func CellsToAPI(cells []authz.Cell, names *organisation.Names) []api.MatrixCell {
	all := make([]api.MatrixCell, len(cells))
	for i, c := range cells {
		all[i] = api.MatrixCell{
			PartnerType: api.NullText(c.PartnerType), DossierType: api.MatrixDossierType(c.DossierType), Category: c.Category.Slug(),
			Level: api.MatrixLevel(c.Level), PartnerId: api.Null(partnerOf(c)), Partner: names.OptionalPartner(partnerOf(c)),
		}
	}
	return all
}
