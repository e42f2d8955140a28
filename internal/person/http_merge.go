package person

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListPersonMerges implements GET /persons/{personId}/merges.
func (h *HTTP) ListPersonMerges(ctx context.Context, r api.ListPersonMergesRequestObject) (api.ListPersonMergesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.ListMerges(ctx, r.PersonId, p)
	if err != nil {
		return nil, err
	}
	in.Allowed = nil
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.PersonMergeList{Items: make([]api.PersonMerge, len(in.Rows)), Next: api.Null(in.Next)}
	for i, m := range in.Rows {
		body.Items[i] = mergeToAPI(m, in, names)
	}
	return api.ListPersonMerges200JSONResponse{Body: body, Headers: api.ListPersonMerges200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, nil
}

// MergePersons implements POST /persons/{personId}/merges.
func (h *HTTP) MergePersons(ctx context.Context, r api.MergePersonsRequestObject) (api.MergePersonsResponseObject, error) {
	in, err := h.s.Merge(ctx, etag.KeyOf(r.PersonId, r.Params.IfMatch), r.Body.OtherPersonId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.merge(ctx, in)
	return api.MergePersons201JSONResponse{Body: body, Headers: api.MergePersons201ResponseHeaders{ETag: body.Etag, Location: placeOfMerge(body)}}, err
}

// GetPersonMerge implements GET /persons/{personId}/merges/{mergeId}.
func (h *HTTP) GetPersonMerge(ctx context.Context, r api.GetPersonMergeRequestObject) (api.GetPersonMergeResponseObject, error) {
	in, err := h.s.GetMerge(ctx, r.PersonId, r.MergeId)
	if err != nil {
		return nil, err
	}
	body, err := h.merge(ctx, in)
	return api.GetPersonMerge200JSONResponse{Body: body, Headers: api.GetPersonMerge200ResponseHeaders{ETag: body.Etag}}, err
}

// ReversePersonMerge implements POST /persons/{personId}/merges/{mergeId}/reversals.
func (h *HTTP) ReversePersonMerge(ctx context.Context, r api.ReversePersonMergeRequestObject) (api.ReversePersonMergeResponseObject, error) {
	in, err := h.s.ReverseMerge(ctx, r.PersonId, etag.KeyOf(r.MergeId, r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := h.merge(ctx, in)
	headers := api.ReversePersonMerge201ResponseHeaders{ETag: body.Etag, Location: placeOfMerge(body)}
	return api.ReversePersonMerge201JSONResponse{Body: body, Headers: headers}, err
}

func placeOfMerge(m api.PersonMerge) string {
	return "/v1/persons/" + m.PersonId.String() + "/merges/" + m.Id.String()
}

func (h *HTTP) merge(ctx context.Context, in Merges) (api.PersonMerge, error) {
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.PersonMerge{}, err
	}
	return mergeToAPI(in.Rows[0], in, names), nil
}

func mergeToAPI(m Merge, in Merges, names *organisation.Names) api.PersonMerge {
	return api.PersonMerge{
		Id: m.ID, PersonId: m.SurvivorID, Person: api.PersonRef{Id: m.SurvivorID, Name: in.Names[m.SurvivorID]},
		OtherPersonId: m.OtherID, OtherPerson: api.PersonRef{Id: m.OtherID, Name: in.Names[m.OtherID]}, Reason: m.Reason,
		MergedAt: m.MergedAt.UTC(), MergedById: api.Null(m.MergedBy), MergedBy: names.Optional(m.MergedBy),
		ReversedAt: api.NullTime(m.ReversedAt), ReversalReason: api.NullText(m.ReversalReason), ReversedById: api.Null(m.ReversedBy),
		ReversedBy: names.Optional(m.ReversedBy), Etag: etag.Of(m), AllowedOperations: in.Allowed,
	}
}
