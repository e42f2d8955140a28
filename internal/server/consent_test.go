package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestConsent_says_what_for_until_when_and_whether_it_counts(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	ids := about(t, w, f.Path)
	consents := "/v1/persons/" + ids["personId"] + "/consents"
	with := func(more live.M) live.M {
		body := consent(f.ID)
		for name, value := range more {
			body[name] = value
		}
		return body
	}
	made := by.Post(consents, with(live.M{"givenBy": "parent", "givenOn": "2026-01-15", "until": "2199-01-31"})).Want(created)
	assert.Equal(t, []any{true, "parent", "2026-01-15", "2199-01-31", "Schulden delen met de corporatie."},
		[]any{made.At("active"), made.At("givenBy"), made.At("givenOn"), made.At("until"), made.At("purpose")})
	assert.Contains(t, made.Allowed(), "withdrawConsent")

	t.Run("past its last day it does not count", func(t *testing.T) {
		assert.Equal(t, false, by.Post(consents, with(live.M{"givenOn": "2020-01-15", "until": "2020-02-01"})).Want(created).At("active"))
	})
	t.Run("what is wrong is named", func(t *testing.T) {
		refusedAt(t, by.Post(consents, with(live.M{"givenOn": "2198-01-01"})), "/givenOn")
		refusedAt(t, by.Post(consents, with(live.M{"givenOn": "2026-01-15", "until": "2026-01-14"})), "/until")
		other := w.Opened(t, live.M{})
		refusedAt(t, by.Post(consents, with(live.M{"dossierId": other.ID})), "/dossierId")
	})
	t.Run("who may not change the person records none and withdraws none", func(t *testing.T) {
		police := w.As(t, "police")
		seen := police.Get(made.Place()).Want(ok)
		assert.NotContains(t, seen.Allowed(), "withdrawConsent")
		assert.NotContains(t, police.Get("/v1/persons/"+ids["personId"]).Want(ok).Allowed(), "recordConsent")
		police.Post(consents, with(nil)).Check(forbidden)
		police.Post(made.Place()+"/withdrawals", live.M{"withdrawnBy": "person"}, anyTag).Check(forbidden)
		w.As(t, "auditor").Get(consents).Check(notFound)
	})
	t.Run("a withdrawal counts at once, and only once", func(t *testing.T) {
		by.Post(made.Place()+"/withdrawals", live.M{"withdrawnBy": "person"}, live.Match(`"x"`)).Check(stale)
		ended := by.Post(made.Place()+"/withdrawals", live.M{"withdrawnBy": "person"}, live.Match(made.Tag())).Want(created)
		assert.Equal(t, []any{false, "person"}, []any{ended.At("active"), ended.At("withdrawnBy")})
		assert.NotContains(t, ended.Allowed(), "withdrawConsent")
		assert.Equal(t, false, by.Get(made.Place()).Want(ok).At("active"))
		by.Post(made.Place()+"/withdrawals", live.M{"withdrawnBy": "person"}, anyTag).Check(conflict)
	})
	t.Run("the past can be read back", func(t *testing.T) {
		assert.Len(t, by.Get(consents).Want(ok).IDs(), 3)
	})
}

func TestConsent_is_read_in_its_own_dossier_only(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, alone, by := w.Case(t), w.Opened(t, live.M{"basis": "consent"}), w.As(t, "case-director")
	alone.Direct(t)
	ids := about(t, w, f.Path)
	by.Post(alone.Path+"/subjects", asSubject(ids["personId"])).Want(created)
	consents := "/v1/persons/" + ids["personId"] + "/consents"
	made := by.Post(consents, consent(alone.ID)).Want(created)
	police := w.As(t, "police")
	assert.Contains(t, police.Get(consents).Want(ok).IDs(), ids["consentId"])
	assert.NotContains(t, police.Get(consents).Want(ok).IDs(), made.ID(), "the police takes no part there")
	police.Get(made.Place()).Check(notFound)
	assert.Len(t, by.Get(consents).Want(ok).IDs(), 2)
}
