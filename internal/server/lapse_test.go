package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// change patches something as it is now.
func change(t *testing.T, who *live.Client, path string, body live.M) *live.Reply {
	t.Helper()
	return who.Patch(path, who.Get(path).Want(ok).Tag(), body).Want(ok)
}

// TestWhoLosesHisStandingIsRefusedAtOnce takes away what somebody is, and asks again with the same
// token.
func TestWhoLosesHisStandingIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for _, c := range []struct {
		name, who, path string
		take            live.M
		give            live.M // nil where it cannot be given back
	}{
		{"a partner is suspended", "housing", "/v1/partners/" + w.Partner("housing"), live.M{"status": "suspended"}, live.M{"status": "active"}},
		{"with it its systems", "police-system", "/v1/partners/" + w.Partner("police"), live.M{"status": "suspended"}, live.M{"status": "active"}},
		{"a professional's validity is over", "social", "/v1/professionals/" + w.Person("social"), live.M{"validUntil": "2026-01-01"}, live.M{"validUntil": nil}},
		{"a professional's identity is unbound", "mental-health", "/v1/professionals/" + w.Person("mental-health"), live.M{"identities": []live.M{}},
			live.M{"identities": []live.M{{"issuer": w.URL, "subject": "mental-health"}}}},
		{"a client is withdrawn", "police-system", "/v1/clients/" + w.Person("police-system"), live.M{"status": "withdrawn"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			director, who := w.As(t, "director"), w.As(t, c.who)
			who.Get("/v1/me").Want(ok)
			change(t, director, c.path, c.take)
			who.Get("/v1/me").Check(401)
			who.Get("/v1/dossiers").Check(401)
			if c.give != nil {
				change(t, director, c.path, c.give)
				who.Get("/v1/me").Check(ok)
			}
		})
	}
}

// TestWhoLosesARightIsRefusedAtOnce takes a role, a place in a dossier, a release or a cell, and asks
// again with the same token.
func TestWhoLosesARightIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director, police, chair := w.As(t, "director"), w.As(t, "police"), w.As(t, "chair")
	t.Run("a role", func(t *testing.T) {
		planned := live.M{"title": "Overleg", "chairId": w.Person("chair"), "startsAt": "2199-02-10T09:00:00Z", "endsAt": "2199-02-10T10:00:00Z"}
		chair.Post("/v1/meetings", planned).Want(created)
		path := "/v1/professionals/" + w.Person("chair")
		change(t, director, path, live.M{"roles": []string{"professional"}})
		chair.Post("/v1/meetings", planned).Check(forbidden)
		assert.NotContains(t, chair.Get("/v1/me").Texts("roles", ""), "chair")
		change(t, director, path, live.M{"roles": []string{"professional", "chair"}})
		chair.Post("/v1/meetings", planned).Check(created)
	})
	t.Run("a release", func(t *testing.T) {
		item := f.Item(t, "police", "police")
		w.As(t, "mental-health").Get(item.Place()).Check(notFound)
		release := police.Post(item.Place()+"/releases", live.M{"partnerIds": []string{w.Partner("mental-health")}, "purpose": "Samen."}).Want(created)
		w.As(t, "mental-health").Get(item.Place()).Check(ok)
		director.Get(item.Place()).Check(notFound)
		police.Post("/v1/releases/"+release.ID()+"/withdrawals", live.M{"reason": "Ingetrokken."}, live.Match(release.Tag())).Want(created)
		w.As(t, "mental-health").Get(item.Place()).Check(notFound)
	})
	t.Run("a place in the dossier", func(t *testing.T) {
		participants := chair.Get(f.Path + "/participants").Want(ok)
		for i, partner := range participants.Texts("items", "partnerId") {
			if partner == w.Partner("housing") {
				change(t, w.As(t, "case-director"), f.Path+"/participants/"+participants.IDs()[i], live.M{"professionalIds": []string{}})
			}
		}
		w.As(t, "housing").Get(f.Path).Check(notFound)
		assert.NotContains(t, w.As(t, "housing").Get("/v1/dossiers").IDs(), f.ID)
	})
	t.Run("a cell of the matrix", func(t *testing.T) {
		item := f.Item(t, "police", "police").Place()
		police.Get(item).Check(ok)
		w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"police police": authz.None}))
		police.Get(item).Check(notFound)
		police.Get(f.Path).Check(ok)
		police.Post(f.Path+"/items", live.M{"category": "police", "text": "x", "observedOn": "2026-01-15"}).Check(forbidden)
	})
	t.Run("the dossier itself", func(t *testing.T) {
		f.Close(t)
		for _, who := range []string{"police", "chair", "case-director", "director"} {
			r := w.As(t, who).Get(f.Path)
			r.Check(forbidden)
			assert.Equal(t, "dossier-shielded", r.Kind())
			assert.NotContains(t, w.As(t, who).Get("/v1/dossiers").IDs(), f.ID)
		}
		w.As(t, "auditor").Get(f.Path).Check(notFound)
		w.As(t, "housing").Get(f.Path).Check(notFound)
	})
}

// TestASystemHasItsCategoriesOnly reads and adds as a system of the police.
func TestASystemHasItsCategoriesOnly(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	system := w.As(t, "police-system")
	system.Get(f.Path).Want(ok)
	f.Item(t, "police", "police")
	f.Item(t, "housing", "housing") // the police read it; their system does not
	assert.Len(t, w.As(t, "police").Get(f.Path+"/items").IDs(), 2)
	assert.Equal(t, []string{"police"}, system.Get(f.Path+"/items").Texts("items", "category"))
	add := func(category string) *live.Reply {
		return system.Post(f.Path+"/items", live.M{"category": category, "text": "Melding.", "observedOn": "2026-01-15"})
	}
	add("police").Check(created)
	add("life-domain").Check(forbidden)
	system.Post("/v1/dossiers", opening("Jan")).Check(forbidden)
	system.Get("/v1/alerts").Check(forbidden)
	other := w.Opened(t, live.M{})
	system.Get(other.Path).Check(notFound)
	change(t, w.As(t, "director"), "/v1/clients/"+w.Person("police-system"), live.M{"categories": []string{"incident"}})
	assert.Empty(t, system.Get(f.Path+"/items").IDs())
}

// TestNobodyHasARightWithoutAMatrix opens nothing before the first publication.
func TestNobodyHasARightWithoutAMatrix(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.As(t, "police").Get("/v1/authorisation-matrix").Check(notFound)
	for _, who := range []string{"director", "police", "social"} {
		w.As(t, who).Post("/v1/dossiers", opening("Jan")).Check(forbidden)
		assert.Empty(t, w.As(t, who).Get("/v1/dossiers").Want(ok).IDs())
		w.As(t, who).Get("/v1/me").Check(ok)
	}
}
