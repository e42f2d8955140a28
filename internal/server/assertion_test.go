package server_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// neverHealth says that the police never see health.
func neverHealth() live.M {
	return live.M{
		"name": "Politie ziet geen zorg", "reason": "Convenant, artikel 6.", "partnerTypes": []string{"police"}, "categories": []string{"health"},
		"acts": []string{"see-released", "see-all"},
	}
}

// asserted makes some assertions, which are withdrawn again, and checks.
func asserted(t *testing.T, w *live.World) {
	t.Helper()
	for range 2 {
		made := w.As(t, "director").Post("/v1/privacy-assertions", neverHealth()).Want(created)
		w.As(t, "director").Patch(made.Place(), "*", live.M{"status": "withdrawn"}).Want(ok)
		w.As(t, "director").Post("/v1/privacy-assertion-checks", live.M{}).Want(created)
	}
}

// TestAPublicationThatBreaksAnAssertion is refused with the counter-example in the language of who asks,
// and changes nothing.
func TestAPublicationThatBreaksAnAssertion(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	director.Post("/v1/privacy-assertions", neverHealth()).Want(created)
	cells := levels(matrix.Default(), map[string]authz.Level{"police health": authz.OnRelease})
	draft := director.Do("PUT", "/v1/authorisation-matrix/draft", live.M{"cells": live.Cells(cells)}).Want(created)
	body := director.Publication()
	refused := director.Post("/v1/authorisation-matrix/publications", body, live.Match(draft.Tag()), "Accept-Language: nl").Want(conflict)
	assert.Contains(t, refused.Text("detail"), "schendt een privacyafspraak")
	assert.Contains(t, refused.Text("detail"), `"Politie ziet geen zorg": police, person, health = on-release`)
	assert.Equal(t, draft.Tag(), director.Get("/v1/authorisation-matrix/draft").Want(ok).Tag())
	assert.EqualValues(t, 1, director.Get("/v1/authorisation-matrix").Want(ok).At("version"))

	withdrawn := director.Get("/v1/privacy-assertions").Want(ok).IDs()[0]
	director.Patch("/v1/privacy-assertions/"+withdrawn, "*", live.M{"status": "withdrawn"}).Want(ok)
	director.Post("/v1/authorisation-matrix/publications", body, live.Match(draft.Tag())).Want(created)
	director.Post("/v1/privacy-assertions", neverHealth()).Check(conflict)
}

// TestABrokenAssertionIsFound puts a grant into force past the product, as nobody can through it, and finds
// it with a check that is asked for; the municipal director is told, who directs the dossier is not.
func TestABrokenAssertionIsFound(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director, officer := w.As(t, "director"), w.As(t, "privacy-officer")
	made := director.Post("/v1/privacy-assertions", neverHealth()).Want(created)
	f := w.Case(t)
	assert.EqualValues(t, 0, officer.Post("/v1/privacy-assertion-checks", live.M{}).Want(created).At("found"))
	w.Exec(t, "update admission set granted = $2, denied = $2 where holder = $1", w.Person("police"), authz.Health.Bit())

	check := officer.Post("/v1/privacy-assertion-checks", live.M{}).Want(created)
	assert.EqualValues(t, 1, check.At("found"))
	for path, want := range map[string]string{
		"assertionId": made.ID(), "assertionName": "Politie ziet geen zorg", "dossier.id": f.ID, "partner.id": w.Partner("police"),
		"professional.id": w.Person("police"), "category": "health", "source": "exception",
	} {
		assert.Equal(t, want, check.Text("breaches.0."+path), path)
	}
	assert.Nil(t, check.At("breaches.0.dossier.title"), "a check tells no titles")
	assert.Equal(t, []string{"see-all"}, check.Texts("breaches.0.acts", ""))
	listed := w.As(t, "auditor").Get("/v1/privacy-assertion-checks").Want(ok)
	assert.Contains(t, listed.IDs(), check.ID())
	assert.Contains(t, listed.Texts("items", "etag"), check.Tag())

	told := func(who string) []string { return w.As(t, who).Get("/v1/alerts").Want(ok).Texts("items", "kind") }
	require.Eventually(t, func() bool { return slices.Contains(told("director"), "assertion-broken") }, 20*time.Second, 50*time.Millisecond)
	assert.NotContains(t, told("case-director"), "assertion-broken")
	assert.NotContains(t, told("chair"), "assertion-broken")

	director.Patch(made.Place(), "*", live.M{"status": "withdrawn"}).Want(ok)
	assert.EqualValues(t, 0, officer.Post("/v1/privacy-assertion-checks", live.M{}).Want(created).At("found"))
}

// TestExceptionsAndGrantsHoldTheAssertions refuses what an assertion says can never be.
func TestExceptionsAndGrantsHoldTheAssertions(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	director.Post("/v1/privacy-assertions", neverHealth()).Want(created)
	f := w.Case(t)
	except := func(category string) *live.Reply {
		return director.Post(f.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("police"), "category": category, "level": "read", "reason": "Nodig."})
	}
	grant := func(categories ...string) *live.Reply {
		return director.Post(f.Path+"/grants", live.M{
			"professionalId": w.Person("police"), "categories": categories, "level": "read", "reason": "Nodig.", "until": time.Now().Add(time.Hour).UTC(),
		})
	}
	assert.Contains(t, except("health").Want(conflict).Text("detail"), "Politie ziet geen zorg")
	assert.Contains(t, grant("housing", "health").Want(conflict).Text("detail"), "Politie ziet geen zorg")
	except("finance").Check(created)
	grant("housing").Check(created)
}
