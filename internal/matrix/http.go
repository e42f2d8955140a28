package matrix

import (
	"context"
	"strconv"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
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
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := ToAPI(p, names)
	return api.GetAuthorisationMatrix200JSONResponse{Body: body, Headers: api.GetAuthorisationMatrix200ResponseHeaders{ETag: body.Etag}}, nil
}

// GetMatrixVersion implements GET /authorisation-matrix/versions/{version}.
func (h *HTTP) GetMatrixVersion(ctx context.Context, r api.GetMatrixVersionRequestObject) (api.GetMatrixVersionResponseObject, error) {
	p, err := h.s.Version(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := ToAPI(p, names)
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
	p, err := h.s.Publish(ctx, text(r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := ToAPI(p, names)
	return api.PublishMatrix201JSONResponse{Body: body, Headers: api.PublishMatrix201ResponseHeaders{
		ETag: body.Etag, Location: "/v1/authorisation-matrix/versions/" + strconv.FormatInt(p.Number, 10),
	}}, nil
}

// ToAPI is a published matrix as the contract shows it.
func ToAPI(p Published, names *organisation.Names) api.AuthorisationMatrix {
	return api.AuthorisationMatrix{
		Version: p.Number, PublishedAt: p.PublishedAt.UTC(), PublishedById: api.Null(p.PublishedBy), PublishedBy: names.Optional(p.PublishedBy),
		Reason: p.Reason, Cells: cellsToAPI(p.Cells, names), Etag: etag.Of(p.Version),
	}
}

func versionToAPI(v Version, names *organisation.Names) api.MatrixVersion {
	return api.MatrixVersion{
		Version: v.Number, PublishedAt: v.PublishedAt.UTC(), PublishedById: api.Null(v.PublishedBy), PublishedBy: names.Optional(v.PublishedBy),
		Reason: v.Reason, Etag: etag.Of(v),
	}
}

func cellsToAPI(cells []authz.Cell, names *organisation.Names) []api.MatrixCell {
	all := make([]api.MatrixCell, len(cells))
	for i, c := range cells {
		all[i] = api.MatrixCell{
			PartnerType: api.NullText(c.PartnerType), DossierType: api.MatrixDossierType(c.DossierType), Category: c.Category.Slug(),
			Level: api.MatrixLevel(c.Level), PartnerId: api.Null(partnerOf(c)), Partner: names.OptionalPartner(partnerOf(c)),
		}
	}
	return all
}
