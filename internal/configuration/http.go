package configuration

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// HTTP answers the operations of this area; the server embeds it.
type HTTP struct{ s *Service }

// NewHTTP makes the handlers.
func NewHTTP(s *Service) *HTTP { return &HTTP{s: s} }

// ListCodeLists gives a page of the code lists by name.
func (h *HTTP) ListCodeLists(ctx context.Context, r api.ListCodeListsRequestObject) (api.ListCodeListsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	lists := slices.Clone(h.s.Lists())
	slices.SortFunc(lists, func(a, b List) int { return strings.Compare(a.Name, b.Name) })
	if p.After != nil {
		lists = slices.DeleteFunc(lists, func(l List) bool { return l.Name <= p.After.Key })
	}
	lists, next := page.Cut(lists, p.Limit, func(l List) page.Cursor { return page.Cursor{Key: l.Name, ID: uuid.Nil} })
	body := api.CodeListList{Items: []api.CodeListRow{}, Next: api.Null(next)}
	for _, l := range lists {
		body.Items = append(body.Items, api.CodeListRow{Name: l.Name, Title: label(l.Title), Source: api.NullText(l.Source), Etag: etag.Of(l)})
	}
	return api.ListCodeLists200JSONResponse{Body: body, Headers: api.ListCodeLists200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// GetCodeList gives one code list; problem.NotFound when there is none of that name.
func (h *HTTP) GetCodeList(_ context.Context, r api.GetCodeListRequestObject) (api.GetCodeListResponseObject, error) {
	l, err := h.s.List(r.Name)
	if err != nil {
		return nil, err
	}
	body := ToAPI(l)
	return api.GetCodeList200JSONResponse{Body: body, Headers: api.GetCodeList200ResponseHeaders{ETag: body.Etag}}, nil
}

// GetGlossary gives every term.
func (h *HTTP) GetGlossary(context.Context, api.GetGlossaryRequestObject) (api.GetGlossaryResponseObject, error) {
	terms := h.s.Terms()
	body := api.Glossary{Terms: make([]api.Term, 0, len(terms)), Etag: etag.Of(struct{ Terms []Term }{terms})}
	for _, t := range terms {
		body.Terms = append(body.Terms, api.Term{Identifier: t.Identifier, Nl: t.Name.NL, En: t.Name.EN, LegalSource: api.NullText(t.LegalSource)})
	}
	return api.GetGlossary200JSONResponse{Body: body, Headers: api.GetGlossary200ResponseHeaders{ETag: body.Etag}}, nil
}

// ToAPI is a code list as the contract shows it.
func ToAPI(l List) api.CodeList {
	codes := make([]api.Code, 0, len(l.Codes))
	for _, c := range l.Codes {
		codes = append(codes, api.Code{Code: c.Code, Label: label(c.Label), Attributes: c.Attributes})
	}
	return api.CodeList{Name: l.Name, Title: label(l.Title), Source: api.NullText(l.Source), Codes: codes, Etag: etag.Of(l)}
}

func label(t language.Text) api.Label { return api.Label{Nl: t.NL, En: t.EN} }
