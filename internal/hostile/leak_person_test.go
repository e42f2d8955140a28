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
		}
	}
}
