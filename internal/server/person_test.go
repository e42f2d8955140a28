package server_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const personSearch = "/v1/persons/_search"

func TestPerson_L29_a_number_needs_its_ground_and_comes_back_masked(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	by := w.As(t, "case-director")
	numbered := func(number string, ground any) live.M {
		body := somebody()
		body["bsn"] = number
		if ground != nil {
			body["bsnGround"] = ground
		}
		return body
	}
	for _, wrong := range []string{"000000000", "999970009"} {
		reply := by.Post("/v1/persons", numbered(wrong, "wgs"))
		refusedAt(t, reply, "/bsn")
		assert.NotContains(t, string(reply.Raw), wrong)
	}
	refusedAt(t, by.Post("/v1/persons", numbered("999970008", nil)), "/bsnGround")
	unborn := numbered("999970008", nil)
	unborn["birthDate"] = "2199-01-01"
	assert.ElementsMatch(t, []string{"/birthDate", "/bsnGround"}, by.Post("/v1/persons", unborn).Want(invalid).Texts("errors", "pointer"), "all that is wrong at once")
	made := by.Post("/v1/persons", numbered("999970008", "wgs")).Want(created)
	assert.Equal(t, "******008", made.Text("bsn"))
	assert.NotContains(t, string(made.Raw), "999970008")
	assert.Equal(t, []string{made.ID()}, by.Post(personSearch, live.M{"bsn": "999970008"}).Want(ok).IDs())
	assert.Empty(t, by.Post(personSearch, live.M{"bsn": "999970021"}).Want(ok).IDs())
	assert.Empty(t, w.As(t, "police").Post(personSearch, live.M{"bsn": "999970008"}).Want(ok).IDs(), "who does not read the person")
}

func TestPerson_3_15_nationality_is_refused_outside_the_identification(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	known := somebody()
	known["nationality"] = "NL"
	made := by.Post("/v1/persons", known).Want(created)
	assert.Equal(t, "NL", made.Text("nationality"))
	tie := asSubject(made.ID())
	tie["nationality"] = "NL"
	by.Post(f.Path+"/subjects", tie).Check(invalid)
	by.Patch(f.Path, "*", live.M{"nationality": "NL"}).Check(invalid)
	w.As(t, "police").Post(f.Path+"/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15", "nationality": "NL"}).Check(invalid)
}

func TestPerson_a_person_is_read_in_the_dossiers_that_it_is_a_subject_of(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	made := by.Post("/v1/persons", somebody()).Want(created)
	who := []string{"police", "auditor", "chair"}
	for _, other := range who {
		if w.Partner(other) != w.Partner("case-director") {
			w.As(t, other).Get(made.Place()).Check(notFound)
			assert.Empty(t, w.As(t, other).Post(personSearch, live.M{"name": "Verhaag"}).Want(ok).IDs())
		}
	}
	subject := by.Post(f.Path+"/subjects", asSubject(made.ID())).Want(created)
	assert.Equal(t, "Ilona van Verhaag", subject.At("person.name"))
	t.Run("it is found by name in another spelling", func(t *testing.T) {
		for _, name := range []string{"Verhaag", "Ferhaach", "ilona verhaag", "Ílona van Verhaagh"} {
			assert.Contains(t, by.Post(personSearch, live.M{"name": name}).Want(ok).IDs(), made.ID(), name)
		}
		assert.Empty(t, by.Post(personSearch, live.M{"name": "Pietersen"}).Want(ok).IDs())
		by.Post(personSearch, live.M{}).Check(invalid)
		refusedAt(t, by.Post(personSearch, live.M{"name": "van de"}), "/name")
	})
	w.As(t, "police").Get(made.Place()).Check(ok)
	w.As(t, "police").Get(subject.Place()).Check(ok)
	w.As(t, "auditor").Get(made.Place()).Check(notFound)
	w.As(t, "auditor").Get(subject.Place()).Check(notFound)
	t.Run("a person out of sight is no subject of anything", func(t *testing.T) {
		other := w.Opened(t, live.M{})
		hidden := w.As(t, "police").Post("/v1/persons", somebody()).Want(created)
		refusedAt(t, w.As(t, "social").Post(other.Path+"/subjects", asSubject(hidden.ID())), "/personId")
		w.As(t, "police").Post(f.Path+"/subjects", asSubject(hidden.ID())).Check(forbidden)
	})
	t.Run("not after the dossier closed", func(t *testing.T) {
		f.Close(t)
		w.As(t, "police").Get(made.Place()).Check(notFound)
		by.Get(made.Place()).Check(notFound)
	})
}

func TestPerson_a_secret_address_is_shown_to_its_supplier_only(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	body := somebody()
	body["address"], body["addressSecret"] = live.M{"street": "Bakkersweide", "houseNumber": "1", "postcode": "5501 AA", "town": "Veldhoven"}, true
	made := by.Post("/v1/persons", body).Want(created)
	by.Post(f.Path+"/subjects", asSubject(made.ID())).Want(created)
	assert.Equal(t, "Bakkersweide", by.Get(made.Place()).At("address.street"))
	for _, other := range []string{"police", "director"} {
		seen := w.As(t, other).Get(made.Place()).Want(ok)
		assert.Equal(t, true, seen.At("addressSecret"))
		assert.Nil(t, seen.At("address"), other)
		assert.NotContains(t, string(w.As(t, other).Post(personSearch, live.M{"name": "Verhaag"}).Want(ok).Raw), "Bakkersweide", other)
	}
	w.Publish(t, "director", everything())
	w.As(t, "police").Patch(made.Place(), "*", live.M{"addressSecret": false}).Check(conflict)
	w.As(t, "police").Patch(made.Place(), "*", live.M{"phone": "0400000000"}).Check(ok)
	assert.Equal(t, "Bakkersweide", by.Get(made.Place()).At("address.street"), "what was masked stays")
}

func TestDossier_4_11_a_family_has_members_with_role_and_period(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	person := func(name string) string {
		return by.Post("/v1/persons", live.M{"givenNames": name, "familyName": "Verhaag"}).Want(created).ID()
	}
	mother, daughter := person("Ilona"), person("Noor")
	subjects := f.Path + "/subjects"
	first := by.Post(subjects, live.M{"personId": mother, "role": "member", "from": "2026-01-01"}).Want(created)
	refusedAt(t, by.Post(subjects, live.M{"personId": daughter, "role": "child", "relatedPersonId": daughter}), "/relatedPersonId")
	refusedAt(t, by.Post(subjects, live.M{"personId": daughter, "role": "member", "from": "2026-01-02", "until": "2026-01-01"}), "/until")
	tied := by.Post(subjects, live.M{"personId": daughter, "role": "child", "relatedPersonId": mother}).Want(created)
	assert.Equal(t, "Ilona Verhaag", tied.At("relatedPerson.name"))
	t.Run("parents and children in a circle are refused", func(t *testing.T) {
		by.Post(subjects, live.M{"personId": mother, "role": "child", "relatedPersonId": daughter}).Check(conflict)
		by.Post(subjects, live.M{"personId": daughter, "role": "parent", "relatedPersonId": mother}).Check(conflict)
	})
	t.Run("also when the halves of a circle come at once", func(t *testing.T) {
		family := w.Case(t).Path + "/subjects"
		for _, id := range []string{mother, daughter} {
			by.Post(family, live.M{"personId": id, "role": "member"}).Want(created)
		}
		var all sync.WaitGroup
		for _, ids := range [][2]string{{mother, daughter}, {daughter, mother}} {
			all.Go(func() { by.Post(family, live.M{"personId": ids[0], "role": "child", "relatedPersonId": ids[1]}) })
		}
		all.Wait()
		assert.Len(t, by.Get(family).Want(ok).IDs(), 3, "one of the two halves")
	})
	t.Run("the same role again is refused until the first is over", func(t *testing.T) {
		by.Post(subjects, live.M{"personId": mother, "role": "member"}).Check(conflict)
		by.Patch(first.Place(), first.Tag(), live.M{"until": "2026-02-01"}).Check(ok)
		by.Patch(first.Place(), first.Tag(), live.M{"until": "2026-02-02"}).Check(stale)
		by.Post(subjects, live.M{"personId": mother, "role": "member", "from": "2026-03-01"}).Want(created)
	})
	assert.Len(t, by.Get(subjects).Want(ok).IDs(), 3)
	assert.Equal(t, "2026-01-01", by.Get(first.Place()).Text("from"))
	assert.Equal(t, "2026-02-01", by.Get(first.Place()).Text("until"))
}

func TestDossier_2_2_the_members_of_a_group_are_under_category_name_list(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	group := w.Opened(t, live.M{"type": "group", "basis": "covenant"})
	group.Direct(t)
	group.Join(t, "case-director", "police")
	group.Join(t, "case-director", "housing")
	assert.Empty(t, w.As(t, "police").Get(group.Path+"/subjects").Want(ok).IDs(), "a group exists without members")
	by := w.As(t, "case-director")
	w.Publish(t, "director", everything())
	made := by.Post("/v1/persons", somebody()).Want(created)
	by.Post(group.Path+"/subjects", live.M{"personId": made.ID(), "role": "leader"}).Want(created)
	assert.Len(t, w.As(t, "police").Get(group.Path+"/subjects").Want(ok).IDs(), 1)
	w.As(t, "director").Post(group.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("housing"), "category": "name-list", "level": "none", "reason": "Nee."}).Want(created)
	assert.Empty(t, w.As(t, "housing").Get(group.Path+"/subjects").Want(ok).IDs())
	w.As(t, "housing").Get(made.Place()).Check(notFound)
}
