package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPerson_1_12_registrations_that_may_be_of_one_person(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	by := w.As(t, "case-director")
	register := func(given, family, born string) string {
		body := live.M{"givenNames": given, "familyName": family}
		if born != "" {
			body["birthDate"] = born
		}
		return by.Post("/v1/persons", body).Want(created).ID()
	}
	mine := register("Ilona", "Verhaag", "1988-03-14")
	alike, unborn := register("Ílona", "Ferhaech", "1988-03-14"), register("Ilona Maria", "Verhaegh", "")
	other := register("Ilona", "Verhaag", "1990-01-01")
	register("Noor", "Verhaag", "1988-03-14")
	candidates := "/v1/persons/" + mine + "/duplicate-candidates"
	found := by.Get(candidates).Want(ok)
	assert.Equal(t, []string{unborn, alike}, found.IDs(), "as they sound, and not born on another day")
	assert.Equal(t, "Ilona Maria Verhaegh", found.At("items.0.name"))
	assert.Equal(t, []any{"name"}, found.At("items.0.grounds"))

	t.Run("in pages", func(t *testing.T) {
		first := by.Get(candidates + "?limit=1").Want(ok)
		assert.Equal(t, []string{unborn}, first.IDs())
		assert.Equal(t, []string{alike}, by.Get(candidates+"?limit=1&cursor="+first.Text("next")).Want(ok).IDs())
	})
	t.Run("by the citizen service number, whatever the name", func(t *testing.T) {
		first, second := numbered(t, w, "case-director"), numbered(t, w, "case-director", live.M{"givenNames": "Anna", "familyName": "Peters"})
		again := by.Get("/v1/persons/" + first + "/duplicate-candidates").Want(ok)
		assert.Contains(t, again.IDs(), second)
		assert.Equal(t, []any{"bsn"}, again.At("items.0.grounds"))
		assert.NotContains(t, string(again.Raw), "999970008")
	})
	t.Run("nobody meets one out of his sight, nor asks of one", func(t *testing.T) {
		hidden := w.As(t, "police").Post("/v1/persons", live.M{"givenNames": "Ilona", "familyName": "Verhaag", "birthDate": "1988-03-14"}).Want(created)
		assert.NotContains(t, by.Get(candidates).Want(ok).IDs(), hidden.ID())
		assert.Empty(t, w.As(t, "police").Get(hidden.Place()+"/duplicate-candidates").Want(ok).IDs())
		w.As(t, "police").Get(candidates).Check(notFound)
		f := w.Case(t)
		for _, id := range []string{mine, other} {
			by.Post(f.Path+"/subjects", asSubject(id)).Want(created)
		}
		assert.NotContains(t, w.As(t, "director").Get(candidates).Want(ok).IDs(), hidden.ID(), "it is of no dossier yet")
	})
}
