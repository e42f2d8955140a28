package document

import (
	"context"

	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP says documents as the contract does.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// ListDocuments implements api.StrictServerInterface.
func (h *HTTP) ListDocuments(ctx context.Context, r api.ListDocumentsRequestObject) (api.ListDocumentsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{DossierID: r.Params.DossierId, SupplierID: r.Params.SupplierId}
	if r.Params.Category != nil {
		c, err := authz.ParseCategory(*r.Params.Category)
		if err != nil {
			return nil, problem.InvalidParameter("query", "category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
		f.Category = &c
	}
	seen, next, err := h.s.List(ctx, f, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.DocumentList{Items: make([]api.Document, len(seen)), Next: api.Null(next)}
	for i, d := range seen {
		body.Items[i] = toAPI(d, names)
	}
	return api.ListDocuments200JSONResponse{Body: body, Headers: api.ListDocuments200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// AddDocument implements api.StrictServerInterface.
func (h *HTTP) AddDocument(ctx context.Context, r api.AddDocumentRequestObject) (api.AddDocumentResponseObject, error) {
	seen, err := h.s.Add(ctx, newDocument(*r.Body))
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	headers := api.AddDocument201ResponseHeaders{ETag: body.Etag, Location: "/v1/documents/" + body.Id.String()}
	return api.AddDocument201JSONResponse{Body: body, Headers: headers}, err
}

func newDocument(b api.NewDocument) NewDocument {
	c, err := authz.ParseCategory(b.Category)
	if err != nil {
		c = noCategory
	}
	n := NewDocument{
		DossierID: b.DossierId, Category: c, Title: b.Title, Kind: string(b.Kind), ObservedOn: b.ObservedOn.Time, Source: api.Or(b.Source, ""),
		Secret: b.Secrecy != nil, PoliceArticle: string(api.Or(b.PoliceArticle, "")),
	}
	for _, condition := range b.Conditions {
		n.Conditions = append(n.Conditions, dossier.Condition{WithholdFrom: condition.WithholdFrom, Text: condition.Text})
	}
	if b.Secrecy != nil {
		n.SecretGround = api.As[string](b.Secrecy.Ground)
	}
	return n
}

// GetDocument implements api.StrictServerInterface.
func (h *HTTP) GetDocument(ctx context.Context, r api.GetDocumentRequestObject) (api.GetDocumentResponseObject, error) {
	seen, err := h.s.Get(ctx, r.DocumentId)
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	return api.GetDocument200JSONResponse{Body: body, Headers: api.GetDocument200ResponseHeaders{ETag: body.Etag}}, err
}

// GetDocumentContent implements api.StrictServerInterface.
func (h *HTTP) GetDocumentContent(ctx context.Context, r api.GetDocumentContentRequestObject) (api.GetDocumentContentResponseObject, error) {
	d, content, err := h.s.Content(ctx, r.DocumentId)
	if err != nil {
		return nil, err
	}
	headers := api.GetDocumentContent200ResponseHeaders{ContentDisposition: d.disposition(), ETag: `"` + d.Sha256 + `"`}
	return api.GetDocumentContent200ApplicationoctetStreamResponse{Body: content, ContentLength: d.Size, Headers: headers}, nil
}

// PutDocumentContent implements api.StrictServerInterface.
func (h *HTTP) PutDocumentContent(ctx context.Context, r api.PutDocumentContentRequestObject) (api.PutDocumentContentResponseObject, error) {
	seen, err := h.s.PutContent(ctx, etag.KeyOf(r.DocumentId, r.Params.IfMatch), r.Body)
	if err != nil {
		return nil, err
	}
	body, err := h.toAPI(ctx, seen)
	return api.PutDocumentContent200JSONResponse{Body: body, Headers: api.PutDocumentContent200ResponseHeaders{ETag: body.Etag}}, err
}

func (h *HTTP) toAPI(ctx context.Context, seen Seen) (api.Document, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Document{}, err
	}
	return toAPI(seen, names), nil
}

func toAPI(d Seen, names *organisation.Names) api.Document {
	out := api.Document{
		Id: d.ID, DossierId: d.DossierID, Dossier: dossier.RefToAPI(d.Ref), Category: d.Category.Slug(), PoliceArticle: api.NullAs[api.PoliceArticle](d.PoliceArticle), Title: d.Title, Kind: api.DocumentKind(d.Kind),
		ObservedOn: openapi.Date{Time: d.ObservedOn}, Source: api.NullText(d.Source), Conditions: []api.ItemCondition{},
		Secrecy: nullable.NewNullNullable[api.Secrecy](), SupplierId: d.SupplierID, Supplier: names.Partner(d.SupplierID), AuthorId: api.Null(d.AuthorID),
		Author: names.Optional(d.AuthorID), State: api.DocumentState(d.State), Scanned: d.Scanned, MediaType: api.NullText(d.MediaType),
		Size: api.Null[int64](nil), Sha256: api.NullText(d.Sha256), AddedAt: d.AddedAt.UTC(), UploadedAt: api.NullTime(d.UploadedAt), Etag: d.Tag,
		AllowedOperations: d.Allowed,
	}
	if d.Size > 0 {
		out.Size.Set(d.Size)
	}
	for _, c := range d.Conditions {
		out.Conditions = append(out.Conditions, api.ItemCondition{WithholdFrom: c.WithholdFrom, Text: api.Null(c.Text)})
	}
	if d.Secret {
		out.Secrecy.Set(api.Secrecy{Ground: api.Null((*api.SecrecyGround)(d.SecretGround))})
	}
	return out
}
