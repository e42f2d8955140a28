package organisation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// patch is a merge-patch body as the server hands it over.
func patch[T any](t *testing.T, text string) *T {
	t.Helper()
	var body T
	require.NoError(t, json.Unmarshal([]byte(text), &body))
	return &body
}

func TestHTTP(t *testing.T) {
	w := newTown(t)
	h := organisation.NewHTTP(w.Service)
	admin := w.as("administrator")
	t.Run("a professional: what is left out stays, null empties", func(t *testing.T) {
		body := patch[api.NewProfessional](t, `{"partnerId": "`+id("police").String()+`", "name": "Recruit", "email": "r@police.example",
			"function": "Wijkagent", "roles": ["professional"], "validUntil": "2027-12-31", "identities": [{"issuer": "i", "subject": "s"}]}`)
		made, err := h.CreateProfessional(admin, api.CreateProfessionalRequestObject{Body: body})
		require.NoError(t, err)
		first := made.(api.CreateProfessional201JSONResponse)
		assert.Equal(t, "/v1/professionals/"+first.Body.Id.String(), first.Headers.Location)
		assert.Equal(t, first.Headers.ETag, first.Body.Etag)
		assert.Equal(t, "police", first.Body.Partner.Name)
		assert.Equal(t, "2027-12-31", first.Body.ValidUntil.MustGet().String())
		assert.Equal(t, api.LanguageNl, first.Body.Language)
		change := patch[api.UpdateProfessionalApplicationMergePatchPlusJSONRequestBody](t, `{"function": null, "validUntil": null, "trainedOn": "2026-11-01"}`)
		changed, err := h.UpdateProfessional(admin, api.UpdateProfessionalRequestObject{
			ProfessionalId: first.Body.Id, Params: api.UpdateProfessionalParams{IfMatch: &first.Headers.ETag}, Body: change,
		})
		require.NoError(t, err)
		second := changed.(api.UpdateProfessional200JSONResponse).Body
		assert.True(t, second.Function.IsNull())
		assert.True(t, second.ValidUntil.IsNull())
		assert.Equal(t, "2026-11-01", second.TrainedOn.MustGet().String())
		assert.Equal(t, "Recruit", second.Name)
		assert.Equal(t, []api.PersonIdentity{{Issuer: "i", Subject: "s"}}, second.Identities.MustGet())
		read, err := h.GetProfessional(w.as("sergeant"), api.GetProfessionalRequestObject{ProfessionalId: first.Body.Id})
		require.NoError(t, err)
		seen := read.(api.GetProfessional200JSONResponse).Body
		assert.True(t, seen.Identities.IsNull())
		assert.NotEqual(t, second.Etag, seen.Etag)
	})
	t.Run("a client: keys at an address in place of keys sent along", func(t *testing.T) {
		body := patch[api.NewRegisteredClient](t, `{"partnerId": "`+id("police").String()+`", "name": "x", "categories": ["police"],
			"jwks": {"keys": [{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}]}}`)
		made, err := h.CreateClient(admin, api.CreateClientRequestObject{Body: body})
		require.NoError(t, err)
		first := made.(api.CreateClient201JSONResponse).Body
		assert.Equal(t, "P-256", first.Jwks.MustGet().Keys[0].AdditionalProperties["crv"])
		change := patch[api.UpdateClientApplicationMergePatchPlusJSONRequestBody](t, `{"jwks": null, "jwksUri": "https://x.example/jwks"}`)
		changed, err := h.UpdateClient(admin, api.UpdateClientRequestObject{ClientId: first.Id, Params: api.UpdateClientParams{IfMatch: &first.Etag}, Body: change})
		require.NoError(t, err)
		second := changed.(api.UpdateClient200JSONResponse).Body
		assert.True(t, second.Jwks.IsNull())
		assert.Equal(t, "https://x.example/jwks", second.JwksUri.MustGet())
		assert.Equal(t, api.ClientStatusActive, second.Status)
	})
	t.Run("a partner: null empties its organisation number", func(t *testing.T) {
		read, err := h.GetPartner(admin, api.GetPartnerRequestObject{PartnerId: id("police")})
		require.NoError(t, err)
		first := read.(api.GetPartner200JSONResponse).Body
		change := patch[api.UpdatePartnerApplicationMergePatchPlusJSONRequestBody](t, `{"oin": null, "contactEmail": "desk@police.example"}`)
		changed, err := h.UpdatePartner(admin, api.UpdatePartnerRequestObject{PartnerId: first.Id, Params: api.UpdatePartnerParams{IfMatch: &first.Etag}, Body: change})
		require.NoError(t, err)
		second := changed.(api.UpdatePartner200JSONResponse).Body
		assert.True(t, second.Oin.IsNull())
		assert.Equal(t, "desk@police.example", second.ContactEmail.MustGet())
	})
	t.Run("a substitution and a table name who is meant", func(t *testing.T) {
		made, err := h.CreateSubstitution(w.as("constable"), api.CreateSubstitutionRequestObject{ProfessionalId: id("constable"), Body: &api.NewSubstitution{
			SubstituteId: id("sergeant"), From: w.now().Add(time.Hour), Until: w.now().Add(2 * time.Hour),
		}})
		require.NoError(t, err)
		one := made.(api.CreateSubstitution201JSONResponse)
		assert.Equal(t, "sergeant", one.Body.Substitute.Name)
		assert.Equal(t, "/v1/professionals/"+id("constable").String()+"/substitutions/"+one.Body.Id.String(), one.Headers.Location)
		read, err := h.GetTable(w.as("constable"), api.GetTableRequestObject{TableId: id("south")})
		require.NoError(t, err)
		table := read.(api.GetTable200JSONResponse).Body
		assert.Equal(t, "chair", table.Chair.Name)
		assert.Equal(t, "police", table.MemberPartners[0].Name)
		assert.NotNil(t, table.AreaCodes)
	})
	t.Run("me", func(t *testing.T) {
		read, err := h.GetMe(w.as("constable"), api.GetMeRequestObject{})
		require.NoError(t, err)
		me := read.(api.GetMe200JSONResponse).Body
		assert.Equal(t, api.MeKindPerson, me.Kind)
		assert.Equal(t, "constable", me.Professional.MustGet().Name)
		assert.True(t, me.Client.IsNull())
		assert.Equal(t, []api.Role{api.RoleProfessional}, me.Roles)
		assert.Equal(t, api.MatrixLevelNone, me.Rights[0].Level, "nothing was published")
		assert.NotEmpty(t, me.Etag)
	})
}
