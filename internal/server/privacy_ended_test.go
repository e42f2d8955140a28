package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L18_a_withdrawn_consent_ends_what_rested_on_it(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Case(t)
	person := known(t, w, "Sjaak", "Zeewierman", "subject", f, other)
	by, health := w.As(t, "case-director"), w.As(t, "mental-health")
	consented := live.M{"secrecy": live.M{"ground": "explicit-consent"}}
	shared := func(f *live.Case, secrecy live.M) *live.Reply {
		item := f.Item(t, "mental-health", "health", secrecy)
		health.Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Samen beslissen."}).Want(created)
		by.Get(item.Place()).Check(ok)
		return item
	}
	rests, duty, elsewhere := shared(f, consented), shared(f, live.M{"secrecy": live.M{"ground": "statutory-duty"}}), shared(other, consented)
	first := by.Post("/v1/persons/"+person+"/consents", consent(f.ID)).Want(created)
	second := by.Post("/v1/persons/"+person+"/consents", consent(f.ID)).Want(created)
	withdraw := func(c *live.Reply) {
		by.Post(c.Place()+"/withdrawals", live.M{"withdrawnBy": "person"}, anyTag).Want(created)
	}
	withdraw(first)
	by.Get(rests.Place()).Check(ok)
	withdraw(second)
	by.Get(rests.Place()).Check(notFound)
	assert.NotContains(t, by.Get(f.Path+"/items").Want(ok).IDs(), rests.ID())
	kept := health.Get(rests.Place()).Want(ok)
	assert.Equal(t, live.M{"ground": nil}, kept.At("secrecy"), "its supplier reads on, and sees that no ground is left")
	health.Post(rests.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Nog eens."}).Check(conflict)
	by.Get(duty.Place()).Check(ok)
	by.Get(elsewhere.Place()).Check(ok)
}

func TestPrivacy_L18_a_secret_address_is_kept_from_the_next_request_on(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	by, director := w.As(t, "case-director"), w.As(t, "director")
	person := by.Post("/v1/persons", live.M{
		"givenNames": "Sjaak", "familyName": "Zeewierman", "address": live.M{"street": "Bakkersweide", "houseNumber": "1", "postcode": "5501 AA", "town": "Veldhoven"},
	}).Want(created)
	by.Post(f.Path+"/subjects", asSubject(person.ID())).Want(created)
	assert.NotNil(t, director.Get(person.Place()).Want(ok).At("address"))
	by.Patch(person.Place(), "*", live.M{"addressSecret": true}).Want(ok)
	assert.Nil(t, director.Get(person.Place()).Want(ok).At("address"))
	assert.NotNil(t, by.Get(person.Place()).Want(ok).At("address"), "its supplier reads on")
	_, r := gather(t, w, person.ID())
	assert.NotContains(t, string(r.Raw), "Bakkersweide")
}
