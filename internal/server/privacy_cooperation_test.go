package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L31_a_cooperation_is_active_with_arrangement_and_contact_point(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	step := live.M{"reason": "Iedereen tekende."}
	register := func(more live.M) *live.Reply { return officer.Post(cooperationsAt, cooperating(more)) }
	activate := func(of *live.Reply) *live.Reply {
		return officer.Post(of.Place()+"/activations", step, live.Match(officer.Get(of.Place()).Want(ok).Tag()))
	}
	without := func(field, basis string) *live.Reply {
		body := cooperating(live.M{"basis": basis})
		delete(body, field)
		return officer.Post(cooperationsAt, body).Want(created)
	}
	t.Run("not without", func(t *testing.T) {
		bare := without("contactPoint", "wgs")
		assert.Contains(t, activate(bare).Want(conflict).Text("detail"), "BGS")
		assert.Contains(t, activate(without("arrangement", "wgs")).Want(conflict).Text("detail"), "26 AVG")
		assert.Contains(t, activate(without("arrangement", "covenant")).Want(conflict).Text("detail"), "26 AVG")
		assert.Equal(t, []any{"draft", nil}, []any{officer.Get(bare.Place()).At("status"), officer.Get(bare.Place()).At("activatedAt")})
		officer.Patch(bare.Place(), "*", live.M{"contactPoint": live.M{"name": "Privacyloket", "email": "privacy@zvh.example", "phone": "0400000000"}}).Want(ok)
		assert.Equal(t, "active", activate(bare).Want(created).Text("status"))
		assert.Equal(t, "active", activate(without("contactPoint", "covenant")).Want(created).Text("status"))
	})
	t.Run("nor does an active one lose it", func(t *testing.T) {
		made := register(nil).Want(created)
		active := activate(made).Want(created)
		assert.NotEmpty(t, active.Text("activatedAt"))
		for _, field := range []string{"arrangement", "contactPoint"} {
			officer.Patch(made.Place(), "*", live.M{field: nil}).Check(conflict)
		}
		activate(made).Check(conflict)
		officer.Patch(made.Place(), made.Tag(), live.M{"name": "ZVH"}).Check(stale)
		changed := officer.Patch(made.Place(), active.Tag(), live.M{"name": "ZVH", "partnerIds": []string{w.Partner("police")}}).Want(ok)
		assert.Equal(t, []string{w.Partner("police")}, changed.Texts("partners", "id"))
		assert.Equal(t, changed.Body, officer.Get(made.Place()).Body)
		ended := officer.Post(made.Place()+"/endings", step, live.Match(changed.Tag())).Want(created)
		assert.Equal(t, []string{"getCooperation"}, ended.Allowed())
		officer.Post(made.Place()+"/endings", step, anyTag).Check(conflict)
		officer.Patch(made.Place(), "*", live.M{"name": "Weer"}).Check(conflict)
		activate(made).Check(conflict)
	})
	t.Run("what cannot be so is refused with its field", func(t *testing.T) {
		refusedAt(t, register(live.M{"arrangement": live.M{"reference": "x", "agreedOn": "2199-01-01"}}), "/arrangement/agreedOn")
		refusedAt(t, register(live.M{"basis": "wams"}), "/basis")
		refusedAt(t, register(live.M{"partnerIds": []string{w.Person("police")}}), "/partnerIds")
	})
	assert.Len(t, w.As(t, "police-system").Get(cooperationsAt).Want(ok).IDs(), 5)
	assert.Empty(t, w.As(t, "other-police").Get(cooperationsAt).Want(ok).IDs())
}

func TestPrivacy_L16_the_prioritised_list_has_public_criteria_and_forgets(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	chair, director := w.As(t, "chair"), w.As(t, "director")
	f := underWgs(t, w)
	add := func(id string, more live.M) *live.Reply { return chair.Post(priorityList, plus(listed(id), more)) }
	on := func() []string { return director.Get(priorityList).Want(ok).IDs() }
	left := func() int { return w.Count(t, "select count(*) from priority_entry") }
	t.Run("no entry without a public criterion", func(t *testing.T) {
		add(f.ID, live.M{"criteria": []string{}}).Check(invalid)
		add(f.ID, live.M{"criteria": nil}).Check(invalid)
		unknown := add(f.ID, live.M{"criteria": []string{"repeat-offender", "gut-feeling"}})
		refusedAt(t, unknown, "/criteria")
		assert.Contains(t, string(unknown.Raw), "BGS")
		refusedAt(t, add(f.ID, live.M{"reviewOn": "2020-01-01"}), "/reviewOn")
		assert.Contains(t, add(w.Case(t).ID, nil).Want(conflict).Text("detail"), "2.32 Wgs")
		assert.Zero(t, left())
		codes := w.As(t, "police").Get("/v1/code-lists/priority-criteria").Want(ok).Texts("codes", "code")
		assert.Contains(t, codes, "repeat-offender")
	})
	t.Run("who is in the dossier sees it, and who directs takes it off at once", func(t *testing.T) {
		made := add(f.ID, nil).Want(created)
		add(f.ID, live.M{"criteria": []string{"high-impact-crime"}}).Check(conflict)
		assert.Equal(t, []string{made.ID()}, w.As(t, "police").Get(priorityList).Want(ok).IDs())
		for _, who := range []string{"care", "auditor", "privacy-officer"} {
			assert.Empty(t, w.As(t, who).Get(priorityList).Want(ok).IDs(), who)
			w.As(t, who).Get(made.Place()).Check(notFound)
		}
		w.As(t, "police").Do("DELETE", made.Place(), nil, anyTag).Check(forbidden)
		assert.NotContains(t, w.As(t, "police").Get(made.Place()).Want(ok).Allowed(), "removePriorityEntry")
		chair.Do("DELETE", made.Place(), nil, live.Match(`"x"`)).Check(stale)
		chair.Do("DELETE", made.Place(), nil, live.Match(made.Tag())).Check(204)
		assert.Empty(t, on())
		assert.Zero(t, left(), "nothing of it stays")
		assert.Equal(t, 1, w.Count(t, "select count(*) from audit_entry where event = 'priority.removed'"))
	})
	t.Run("a dossier that ends or leaves the wgs is off it in the same moment", func(t *testing.T) {
		add(f.ID, nil).Want(created)
		director.Post(f.Path+"/basis-changes", onConsent(), anyTag).Want(created)
		assert.Zero(t, left())
		other := underWgs(t, w)
		add(other.ID, nil).Want(created)
		other.Close(t)
		assert.Zero(t, left())
	})
}
