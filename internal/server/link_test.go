package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// laid is a link from one dossier to another.
func laid(to *live.Case, kind string, more ...live.M) live.M {
	return plus(live.M{"otherDossierId": to.ID, "kind": kind}, more...)
}

func TestLink_1_23_a_situation_shows_the_weight_of_a_person(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	person, place := w.Opened(t, live.M{"type": "person"}), w.Opened(t, live.M{"type": "situation"})
	place.Direct(t)
	place.Join(t, "case-director", "police")
	w.As(t, "director").Post(person.Path+"/links", laid(place, "person-situation", live.M{"impactScore": 4})).Want(created)
	r := w.As(t, "chair").Get(place.Path + "/links").Want(ok)
	assert.Equal(t, []any{4.0}, values(r, "items", "impactScore"))
	assert.Equal(t, []string{w.Person("director")}, r.Texts("items", "addedById"))
	assert.Equal(t, []string{"incoming"}, r.Texts("items", "direction"))
	assert.Empty(t, w.As(t, "police").Get(place.Path+"/links").Want(ok).IDs(), "who may not know of the person sees no link")
	wrongAt(t, w.As(t, "director").Post(person.Path+"/links", laid(place, "related", live.M{"impactScore": 4})), "/impactScore")
}

func TestLink_4_10_links_are_reversible(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	a, b := w.Case(t), w.Opened(t, live.M{})
	director, links := w.As(t, "director"), a.Path+"/links"
	link := director.Post(links, laid(b, "related")).Want(created)
	over := live.M{"reason": "Verhuisd."}
	t.Run("not by who may not change the dossier, or knows one side only", func(t *testing.T) {
		w.As(t, "chair").Post(link.Place()+"/endings", over, anyTag).Want(forbidden)
		w.As(t, "police").Post(link.Place()+"/endings", over, anyTag).Want(notFound)
	})
	t.Run("from either side, once, with a reason that stays", func(t *testing.T) {
		ended := director.Post(b.Path+"/links/"+link.ID()+"/endings", over, live.Match(link.Tag())).Want(created)
		assert.Equal(t, []string{"Verhuisd.", w.Person("director")}, []string{ended.Text("endReason"), ended.Text("endedById")})
		assert.Empty(t, director.Get(links).Want(ok).IDs())
		assert.Equal(t, []string{link.ID()}, director.Get(links+"?ended=true").Want(ok).IDs())
		assert.Equal(t, "Verhuisd.", director.Get(link.Place()).Want(ok).Text("endReason"))
		director.Post(link.Place()+"/endings", over, anyTag).Want(conflict)
		director.Post(link.Place()+"/endings", over, live.Match(link.Tag())).Want(stale)
	})
	t.Run("and laid again", func(t *testing.T) {
		director.Post(links, laid(b, "related")).Want(created)
		director.Post(links, laid(b, "related")).Want(conflict)
	})
}

func TestLink_4_30_a_cause_is_followed_to_its_effects(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	debts, hemp, groups := w.Opened(t, live.M{}), w.Opened(t, live.M{"type": "situation"}), w.Opened(t, live.M{"type": "group"})
	director := w.As(t, "director")
	causes := func(from, to *live.Case) *live.Reply {
		return director.Post(from.Path+"/links", laid(to, "cause-effect", live.M{"strength": "strong"}))
	}
	first := causes(debts, hemp).Want(created)
	assert.Equal(t, []any{"strong", true, w.Person("director")}, []any{first.At("strength"), first.At("hypothesis"), first.At("addedById")})
	second := causes(hemp, groups).Want(created)
	onward := func(from, direction string) []string {
		return director.Get("/v1/dossiers/"+from+"/links?kind=cause-effect&direction="+direction).Want(ok).Texts("items", "otherDossierId")
	}
	assert.Equal(t, []string{hemp.ID}, onward(debts.ID, "outgoing"))
	assert.Equal(t, []string{groups.ID}, onward(hemp.ID, "outgoing"))
	assert.Equal(t, []string{hemp.ID}, onward(groups.ID, "incoming"))
	assert.Empty(t, onward(groups.ID, "outgoing"))
	t.Run("and never back to itself", func(t *testing.T) {
		causes(groups, debts).Want(conflict)
		causes(hemp, debts).Want(conflict)
	})
	t.Run("but for a link that ended", func(t *testing.T) {
		director.Post(second.Place()+"/endings", live.M{"reason": "Bleek anders."}, anyTag).Want(created)
		causes(groups, debts).Want(created)
	})
	wrongAt(t, director.Post(debts.Path+"/links", laid(hemp, "related", live.M{"strength": "weak"})), "/strength")
}

// A circle over a link that the caller does not see is not told: the answer would tell that it exists.
func TestLink_4_30_a_circle_out_of_sight_is_not_told(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	a, b := w.Case(t), w.Case(t)
	hidden := w.Opened(t, live.M{"basis": "wgs"})
	w.As(t, "director").Post(b.Path+"/links", laid(hidden, "cause-effect")).Want(created)
	w.As(t, "director").Post(hidden.Path+"/links", laid(a, "cause-effect")).Want(created)
	w.As(t, "case-director").Post(a.Path+"/links", laid(b, "cause-effect")).Want(created)
}

func TestLink_L15_two_persons_are_tied_on_a_ground(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	a, b, c := w.Opened(t, live.M{"type": "person"}), w.Opened(t, live.M{"type": "person"}), w.Opened(t, live.M{"type": "person"})
	for _, kind := range []string{"kin", "related", "cause-effect"} {
		wrongAt(t, director.Post(a.Path+"/links", laid(b, kind)), "/ground")
	}
	ground := live.M{"ground": "Zij wonen samen."}
	assert.Equal(t, "Zij wonen samen.", director.Post(a.Path+"/links", laid(b, "kin", ground)).Want(created).Text("ground"))
	t.Run("members of one family are in its circle", func(t *testing.T) {
		family := w.Opened(t, live.M{})
		for _, one := range []*live.Case{a, c} {
			director.Post(family.Path+"/links", laid(one, "family-member")).Want(created)
		}
		director.Post(a.Path+"/links", laid(c, "kin")).Want(created)
		wrongAt(t, director.Post(b.Path+"/links", laid(c, "kin")), "/ground")
	})
	director.Post(w.Opened(t, live.M{}).Path+"/links", laid(a, "kin", ground)).Want(conflict)
}
