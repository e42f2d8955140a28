package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// identify says whom each dossier so far is about: one whose address is known, and one whose address is secret.
func (a *archive) identify(t *testing.T) {
	by := a.As(t, "case-director")
	for _, f := range a.files {
		first := ""
		r := record{in: f, what: "person", category: authz.Identity}
		if f.kind == "group" {
			r.category = authz.NameList
		}
		for _, secret := range []bool{false, true} {
			where := r
			if secret {
				where.what, where.only = "secret address", func(who demo.Person) bool { return who.Partner == person("case-director").Partner }
			}
			somebody := a.made(by.Post("/v1/persons", live.M{
				"givenNames": a.mark(r), "prefix": a.mark(r), "familyName": a.mark(r), "addressSecret": secret,
				"address": live.M{"street": a.mark(where), "houseNumber": "1", "postcode": "5501 AA", "town": a.mark(where)},
			}))
			a.made(by.Post(f.path+"/subjects", live.M{"personId": somebody.ID(), "role": "subject"}))
			agreed := r
			agreed.what = "consent"
			a.made(by.Post(somebody.Place()+"/consents", live.M{"dossierId": f.id, "purpose": a.mark(agreed), "givenBy": "person"}))
			if first == "" {
				first = somebody.Place()
			}
		}
		a.merge(t, r, first)
	}
}

// merge registers a person of a dossier a second time and merges the two, as another that is two persons again.
func (a *archive) merge(t *testing.T, r record, into string) {
	by := a.As(t, "case-director")
	for _, reversed := range []bool{false, true} {
		double := a.made(by.Post("/v1/persons", live.M{"givenNames": a.mark(r), "familyName": a.mark(r)}))
		a.made(by.Post(r.in.path+"/subjects", live.M{"personId": double.ID(), "role": "subject"}))
		why := r
		why.what = "merge"
		merged := a.made(by.Post(into+"/merges", live.M{"otherPersonId": double.ID(), "reason": a.mark(why)}, live.Match("*")))
		if reversed {
			a.made(by.Post(merged.Place()+"/reversals", live.M{"reason": a.mark(why)}, live.Match(merged.Tag())))
		}
	}
}
