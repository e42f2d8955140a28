package person

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// HTTP answers for persons and subjects.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }

// RegisterPerson implements POST /persons.
func (h *HTTP) RegisterPerson(ctx context.Context, r api.RegisterPersonRequestObject) (api.RegisterPersonResponseObject, error) {
	b := r.Body
	seen, err := h.s.Register(ctx, Edit{
		BSN: b.Bsn, Ground: api.As[string](b.BsnGround), Address: addressOf(b.Address), Secret: b.AddressSecret,
		Fields: func(p *Person) {
			p.GivenNames, p.FamilyName = b.GivenNames, b.FamilyName
			api.Put(&p.Prefix, b.Prefix)
			api.Put(&p.Gender, api.As[string](b.Gender))
			api.Put(&p.Nationality, b.Nationality)
			api.Put(&p.Phone, b.Phone)
			api.Put(&p.Email, b.Email)
			if b.BirthDate != nil {
				p.BirthDate = &b.BirthDate.Time
			}
		},
	})
	if err != nil {
		return nil, err
	}
	body, err := h.person(ctx, seen)
	headers := api.RegisterPerson201ResponseHeaders{ETag: body.Etag, Location: "/v1/persons/" + body.Id.String()}
	return api.RegisterPerson201JSONResponse{Body: body, Headers: headers}, err
}

// GetPerson implements GET /persons/{personId}.
func (h *HTTP) GetPerson(ctx context.Context, r api.GetPersonRequestObject) (api.GetPersonResponseObject, error) {
	seen, err := h.s.Get(ctx, r.PersonId)
	if err != nil {
		return nil, err
	}
	body, err := h.person(ctx, seen)
	return api.GetPerson200JSONResponse{Body: body, Headers: api.GetPerson200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdatePerson implements PATCH /persons/{personId}.
func (h *HTTP) UpdatePerson(ctx context.Context, r api.UpdatePersonRequestObject) (api.UpdatePersonResponseObject, error) {
	b := r.Body
	seen, err := h.s.Update(ctx, etag.KeyOf(r.PersonId, r.Params.IfMatch), Edit{
		BSN: api.Sent(b.Bsn), Ground: api.As[string](b.BsnGround), Address: addressOf(api.Sent(b.Address)), Secret: b.AddressSecret,
		ClearBSN: b.Bsn.IsNull(), ClearAddress: b.Address.IsNull(),
		Fields: func(p *Person) {
			api.Put(&p.GivenNames, b.GivenNames)
			api.PutText(&p.Prefix, b.Prefix)
			api.Put(&p.FamilyName, b.FamilyName)
			if b.Gender.IsSpecified() {
				p.Gender = string(api.Value(b.Gender))
			}
			api.PutText(&p.Nationality, b.Nationality)
			api.PutText(&p.Phone, b.Phone)
			api.PutText(&p.Email, b.Email)
			if b.BirthDate.IsSpecified() {
				p.BirthDate = nil
			}
			if day := api.Sent(b.BirthDate); day != nil {
				p.BirthDate = &day.Time
			}
		},
	})
	if err != nil {
		return nil, err
	}
	body, err := h.person(ctx, seen)
	return api.UpdatePerson200JSONResponse{Body: body, Headers: api.UpdatePerson200ResponseHeaders{ETag: body.Etag}}, err
}

// SearchPersons implements POST /persons/_search.
func (h *HTTP) SearchPersons(ctx context.Context, r api.SearchPersonsRequestObject) (api.SearchPersonsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	w := Sought{Name: r.Body.Name, BSN: r.Body.Bsn}
	if r.Body.BirthDate != nil {
		w.BirthDate = &r.Body.BirthDate.Time
	}
	found, next, err := h.s.Search(ctx, w, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PersonList{Items: make([]api.Person, len(found)), Next: api.Null(next)}
	for i, seen := range found {
		body.Items[i] = personToAPI(seen, names)
	}
	return api.SearchPersons200JSONResponse{Body: body, Headers: api.SearchPersons200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// ListDuplicateCandidates implements GET /persons/{personId}/duplicate-candidates.
func (h *HTTP) ListDuplicateCandidates(ctx context.Context, r api.ListDuplicateCandidatesRequestObject) (api.ListDuplicateCandidatesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.Candidates(ctx, r.PersonId, p)
	if err != nil {
		return nil, err
	}
	body := api.DuplicateCandidateList{Items: make([]api.DuplicateCandidate, len(found)), Next: api.Null(next)}
	for i, c := range found {
		body.Items[i] = api.DuplicateCandidate{
			Id: c.ID, Name: c.Name(), BirthDate: api.NullDate(c.BirthDate), Grounds: api.AsAll[api.DuplicateGround](c.Grounds), Etag: c.Tag,
		}
	}
	return api.ListDuplicateCandidates200JSONResponse{Body: body, Headers: api.ListDuplicateCandidates200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

func (h *HTTP) person(ctx context.Context, seen Seen) (api.Person, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Person{}, err
	}
	return personToAPI(seen, names), nil
}

func personToAPI(p Seen, names *organisation.Names) api.Person {
	out := api.Person{
		Id: p.ID, GivenNames: p.GivenNames, Prefix: api.NullText(p.Prefix), FamilyName: p.FamilyName, BirthDate: api.NullDate(p.BirthDate),
		Gender: api.NullText(p.Gender), Nationality: api.NullText(p.Nationality), BsnKnown: api.Null[bool](nil), Bsn: api.NullText(p.Number),
		BsnGround: api.NullText(p.BSNGround), Address: api.Null[api.OptionalPersonAddress](nil), AddressSecret: p.AddressSecret, Phone: api.NullText(p.Phone),
		Email: api.NullText(p.Email), SupplierId: p.SupplierID, Supplier: names.Partner(p.SupplierID), RegisteredAt: p.RegisteredAt.UTC(), MergedIntoId: api.Null(p.MergedIntoID), Etag: p.Tag,
		AllowedOperations: p.Allowed,
	}
	if p.SeesBSN {
		out.BsnKnown.Set(p.BSNSealed != nil)
	}
	if a := p.Address; a != nil {
		out.Address.Set(api.OptionalPersonAddress{Street: a.Street, HouseNumber: a.HouseNumber, Postcode: a.Postcode, Town: a.Town})
	}
	return out
}

func addressOf(a *api.PersonAddress) *Address {
	if a == nil {
		return nil
	}
	return &Address{Street: a.Street, HouseNumber: a.HouseNumber, Postcode: a.Postcode, Town: a.Town}
}
