package person

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListSubjects implements GET /dossiers/{dossierId}/subjects.
func (h *HTTP) ListSubjects(ctx context.Context, r api.ListSubjectsRequestObject) (api.ListSubjectsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.ListSubjects(ctx, r.DossierId, p)
	if err != nil {
		return nil, err
	}
	in.Allowed = nil
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.SubjectList{Items: make([]api.Subject, len(in.Rows)), Next: api.Null(in.Next)}
	for i, one := range in.Rows {
		body.Items[i] = subjectToAPI(one, in, names)
	}
	return api.ListSubjects200JSONResponse{Body: body, Headers: api.ListSubjects200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// AddSubject implements POST /dossiers/{dossierId}/subjects.
func (h *HTTP) AddSubject(ctx context.Context, r api.AddSubjectRequestObject) (api.AddSubjectResponseObject, error) {
	b := r.Body
	in, err := h.s.AddSubject(ctx, r.DossierId, NewSubject{
		PersonID: b.PersonId, Role: string(b.Role), RelatedPersonID: b.RelatedPersonId, From: dayOf(b.From), Until: dayOf(b.Until),
	})
	if err != nil {
		return nil, err
	}
	body, err := h.subject(ctx, in)
	headers := api.AddSubject201ResponseHeaders{ETag: body.Etag, Location: "/v1/dossiers/" + r.DossierId.String() + "/subjects/" + body.Id.String()}
	return api.AddSubject201JSONResponse{Body: body, Headers: headers}, err
}

// GetSubject implements GET /dossiers/{dossierId}/subjects/{subjectId}.
func (h *HTTP) GetSubject(ctx context.Context, r api.GetSubjectRequestObject) (api.GetSubjectResponseObject, error) {
	in, err := h.s.GetSubject(ctx, r.DossierId, r.SubjectId)
	if err != nil {
		return nil, err
	}
	body, err := h.subject(ctx, in)
	return api.GetSubject200JSONResponse{Body: body, Headers: api.GetSubject200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateSubject implements PATCH /dossiers/{dossierId}/subjects/{subjectId}.
func (h *HTTP) UpdateSubject(ctx context.Context, r api.UpdateSubjectRequestObject) (api.UpdateSubjectResponseObject, error) {
	in, err := h.s.UpdateSubject(ctx, r.DossierId, etag.KeyOf(r.SubjectId, r.Params.IfMatch), dayOf(api.Sent(r.Body.Until)))
	if err != nil {
		return nil, err
	}
	body, err := h.subject(ctx, in)
	return api.UpdateSubject200JSONResponse{Body: body, Headers: api.UpdateSubject200ResponseHeaders{ETag: body.Etag}}, err
}

func dayOf(d *openapi.Date) *time.Time {
	if d == nil {
		return nil
	}
	return &d.Time
}

func (h *HTTP) subject(ctx context.Context, in Subjects) (api.Subject, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.Subject{}, err
	}
	return subjectToAPI(in.Rows[0], in, names), nil
}

func subjectToAPI(s Subject, in Subjects, names *organisation.Names) api.Subject {
	out := api.Subject{
		Id: s.ID, DossierId: s.DossierID, Dossier: dossier.RefToAPI(in.Dossier), PersonId: s.PersonID, Person: api.PersonRef{Id: s.PersonID, Name: in.Names[s.PersonID]},
		Role: api.SubjectRole(s.Role), RelatedPersonId: api.Null(s.RelatedPersonID), RelatedPerson: optional(s.RelatedPersonID, in),
		From: openapi.Date{Time: s.StartsOn}, Until: api.NullDate(s.EndsOn), AddedAt: s.AddedAt.UTC(), AddedById: s.AddedBy, AddedBy: names.Professional(s.AddedBy),
		Etag: etag.Of(s), AllowedOperations: in.Allowed,
	}
	return out
}

func optional(id *uuid.UUID, in Subjects) nullable.Nullable[api.OptionalPersonRef] {
	if id == nil {
		return api.Null[api.OptionalPersonRef](nil)
	}
	return api.Null(&api.OptionalPersonRef{Id: *id, Name: in.Names[*id]})
}
