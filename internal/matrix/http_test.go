package matrix_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// draftOnTheWire begins a draft with a cell of a type and one of a partner, and gives its ETag.
func draftOnTheWire(t *testing.T, web *matrix.HTTP, ctx context.Context, partner uuid.UUID) (body *api.NewMatrixDraft, tag string) {
	t.Helper()
	body = &api.NewMatrixDraft{Cells: []api.NewMatrixCell{
		{PartnerType: nullable.NewNullableWithValue("police"), PartnerId: nullable.NewNullNullable[uuid.UUID](), DossierType: "all", Category: "police", Level: "own"},
		{PartnerId: nullable.NewNullableWithValue(partner), DossierType: "person", Category: "area", Level: "read"},
	}}
	put, err := web.PutMatrixDraft(ctx, api.PutMatrixDraftRequestObject{JSONBody: body})
	require.NoError(t, err)
	require.IsType(t, api.PutMatrixDraft201JSONResponse{}, put)
	return body, put.(api.PutMatrixDraft201JSONResponse).Headers.ETag
}

// found is the ids of what is found in the draft.
func found(t *testing.T, web *matrix.HTTP, ctx context.Context) (ids []string) {
	t.Helper()
	got, err := web.GetMatrixDraftFindings(ctx, api.GetMatrixDraftFindingsRequestObject{})
	require.NoError(t, err)
	for _, f := range got.(api.GetMatrixDraftFindings200JSONResponse).Body.Findings {
		ids = append(ids, f.Id)
	}
	return ids
}

func TestHTTPOfTheDraft(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)
	partner := h.person(t, municipality, "police").Partner
	web := matrix.NewHTTP(h.s, h.people)
	body, tag := draftOnTheWire(t, web, ctx, partner)

	t.Run("a draft is put again under its ETag", func(t *testing.T) {
		put, err := web.PutMatrixDraft(ctx, api.PutMatrixDraftRequestObject{JSONBody: body, Params: api.PutMatrixDraftParams{IfMatch: &tag}})
		require.NoError(t, err)
		require.IsType(t, api.PutMatrixDraft200JSONResponse{}, put)
	})

	t.Run("its cells show who they are of", func(t *testing.T) {
		got, err := web.GetMatrixDraft(ctx, api.GetMatrixDraftRequestObject{})
		require.NoError(t, err)
		draft := got.(api.GetMatrixDraft200JSONResponse).Body
		require.Equal(t, tag, draft.Etag)
		require.Equal(t, director.Professional, draft.ChangedById.MustGet())
		require.Equal(t, "Professional", draft.ChangedBy.MustGet().Name)
		require.Equal(t, "Partner", draft.Cells[0].Partner.MustGet().Name)
		require.True(t, draft.Cells[0].PartnerType.IsNull())
		require.Equal(t, "police", draft.Cells[1].PartnerType.MustGet())
		require.True(t, draft.Cells[1].PartnerId.IsNull())
	})

	t.Run("cells are patched away by their key", func(t *testing.T) {
		got, err := web.PatchMatrixDraft(ctx, api.PatchMatrixDraftRequestObject{Params: api.PatchMatrixDraftParams{IfMatch: &tag}, Body: &api.MatrixDraftChange{
			Remove: []api.MatrixCellKey{{PartnerId: nullable.NewNullableWithValue(partner), DossierType: "person", Category: "area"}},
		}})
		require.NoError(t, err)
		tag = got.(api.PatchMatrixDraft200JSONResponse).Headers.ETag
		require.Len(t, got.(api.PatchMatrixDraft200JSONResponse).Body.Cells, 1)
	})

	t.Run("a draft is thrown away", func(t *testing.T) {
		gone, err := web.DeleteMatrixDraft(ctx, api.DeleteMatrixDraftRequestObject{Params: api.DeleteMatrixDraftParams{IfMatch: &tag}})
		require.NoError(t, err)
		require.IsType(t, api.DeleteMatrixDraft204Response{}, gone)
	})
}

func TestHTTPOfPublication(t *testing.T) {
	h := newHouse(t)
	ctx := as(t, h.director(t))
	web := matrix.NewHTTP(h.s, h.people)
	_, tag := draftOnTheWire(t, web, ctx, h.person(t, municipality, "police").Partner)

	made, err := web.PublishMatrix(ctx, api.PublishMatrixRequestObject{
		Params: api.PublishMatrixParams{IfMatch: &tag}, Body: &api.NewPublication{Reason: "Agreed.", Acknowledged: found(t, web, ctx)},
	})
	require.NoError(t, err)
	headers := made.(api.PublishMatrix201JSONResponse).Headers
	require.Equal(t, "/v1/authorisation-matrix/versions/1", headers.Location)
	version, err := web.GetMatrixVersion(ctx, api.GetMatrixVersionRequestObject{Version: 1})
	require.NoError(t, err)
	current, err := web.GetAuthorisationMatrix(ctx, api.GetAuthorisationMatrixRequestObject{})
	require.NoError(t, err)
	require.Equal(t, version.(api.GetMatrixVersion200JSONResponse).Body, current.(api.GetAuthorisationMatrix200JSONResponse).Body)
	require.Equal(t, headers.ETag, current.(api.GetAuthorisationMatrix200JSONResponse).Headers.ETag)
	list, err := web.ListMatrixVersions(ctx, api.ListMatrixVersionsRequestObject{})
	require.NoError(t, err)
	require.Equal(t, headers.ETag, list.(api.ListMatrixVersions200JSONResponse).Body.Items[0].Etag)
}
