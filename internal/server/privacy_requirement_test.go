package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// accept accepts the statement of secrecy.
func accept(by *live.Client) *live.Reply {
	return by.Do(http.MethodPut, "/v1/me/secrecy-statement", live.M{"accepted": true}, live.Match(by.Get("/v1/me").Want(ok).Tag()))
}

// requirement is how one requirement stands with the caller.
func requirement(by *live.Client, name string) (is live.M) {
	for _, one := range by.Get("/v1/me").Want(ok).At("requirements").([]any) {
		if one := one.(map[string]any); one["requirement"] == name {
			is = one
		}
	}
	return is
}

func TestPrivacy_L33_who_did_not_accept_secrecy_works_in_no_dossier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	item := f.Item(t, "police", "police").Place()
	police, director := w.As(t, "police"), w.As(t, "director")
	calls := map[string]func() *live.Reply{
		"one":        func() *live.Reply { return police.Get(f.Path) },
		"all":        func() *live.Reply { return police.Get("/v1/dossiers") },
		"an item":    func() *live.Reply { return police.Get(item) },
		"a search":   func() *live.Reply { return police.Post("/v1/persons/_search", live.M{"name": "Verhaag"}) },
		"a new one":  func() *live.Reply { return police.Post("/v1/dossiers", opening("Jan")) },
		"the alerts": func() *live.Reply { return police.Get("/v1/alerts") },
		"the stream": func() *live.Reply { return police.Get("/v1/alert-stream") },
	}
	police.Get(f.Path).Check(ok)
	change(t, director, "/v1/professionals/"+w.Person("police"), live.M{"secrecyAcceptedOn": nil})
	for name, call := range calls {
		assert.Contains(t, call().Want(forbidden).Text("detail"), "Wgs 1.11", name)
	}
	assert.Equal(t, live.M{"requirement": "secrecy-statement", "level": "block", "met": false, "until": nil}, requirement(police, "secrecy-statement"))
	police.Get("/v1/professionals/" + w.Person("police")).Check(ok)
	director.Get(f.Path, "Preview-As-Professional: "+w.Person("police")).Check(http.StatusBadRequest)

	t.Run("he accepts it himself, once", func(t *testing.T) {
		police.Do(http.MethodPut, "/v1/me/secrecy-statement", live.M{"accepted": false}, anyTag).Check(http.StatusBadRequest)
		police.Do(http.MethodPut, "/v1/me/secrecy-statement", live.M{"accepted": true}, live.Match(`"x"`)).Check(stale)
		accept(police).Want(ok)
		first := police.Get("/v1/professionals/" + w.Person("police")).Want(ok).Text("secrecyAcceptedOn")
		assert.NotEmpty(t, first)
		accept(police).Check(ok)
		assert.Equal(t, first, police.Get("/v1/professionals/"+w.Person("police")).Text("secrecyAcceptedOn"))
		police.Get(f.Path).Check(ok)
		accept(w.As(t, "police-system")).Check(forbidden)
	})
}

func TestPrivacy_L04_who_has_no_valid_screening_has_no_access(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, director := w.As(t, "police"), w.As(t, "director")
	person := "/v1/professionals/" + w.Person("police")
	for _, until := range []any{nil, "2020-01-31"} {
		change(t, director, person, live.M{"screeningUntil": until})
		assert.Contains(t, police.Get(f.Path).Want(forbidden).Text("detail"), "BGS 1.11")
	}
	change(t, director, person, live.M{"screeningUntil": "2035-01-31"})
	police.Get(f.Path).Check(ok)
	assert.Equal(t, "2035-01-31", requirement(police, "screening")["until"])
	change(t, director, person, live.M{"validUntil": "2020-01-31"})
	police.Get(f.Path).Check(http.StatusUnauthorized)
	assert.Empty(t, w.As(t, "police-system").Get("/v1/me").Want(ok).At("requirements"))
}

func TestPrivacy_L27_training_warns_or_blocks_as_the_municipality_sets(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, director := w.As(t, "police"), w.As(t, "director")
	change(t, director, "/v1/professionals/"+w.Person("police"), live.M{"trainedOn": nil})
	police.Get(f.Path).Check(ok)
	assert.Equal(t, live.M{"requirement": "training", "level": "warn", "met": false, "until": nil}, requirement(police, "training"))
	change(t, director, "/v1/settings", live.M{"trainingRequirement": "block"})
	assert.Contains(t, police.Get(f.Path).Want(forbidden).Text("detail"), "BGS 1.17")
	w.As(t, "chair").Get(f.Path).Check(ok)
	change(t, director, "/v1/settings", live.M{"trainingRequirement": "off"})
	police.Get(f.Path).Check(ok)
}
