package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// document puts documents in the dossiers that differ in who may see them, with content, and has one taken back.
func (a *archive) document(t *testing.T) {
	police := a.As(t, "police")
	supply := func(r record, more live.M) *live.Reply {
		return a.made(police.Post("/v1/documents", with(more, live.M{
			"dossierId": r.in.id, "category": r.category.Slug(), "title": a.mark(r), "kind": "report", "observedOn": "2026-01-15", "source": a.mark(r)})))
	}
	for _, f := range a.files {
		for category, more := range map[authz.Category]live.M{
			authz.Police: {}, authz.Housing: {"conditions": []live.M{{"withholdFrom": "social-domain", "text": "Loopt nog."}}},
			authz.Health: {"secrecy": live.M{}}, authz.Guidance: {"secrecy": live.M{"ground": "good-care"}},
		} {
			_, secret := more["secrecy"]
			r := record{in: f, what: "document", category: category, partner: "police", secret: secret, ground: category == authz.Guidance}
			if category == authz.Housing {
				r.withheld = "social-domain"
			}
			d := supply(r, more)
			r.what = "content"
			police.Do("PUT", d.Place()+"/content", a.mark(r), live.Match(d.Tag())).Want(200)
		}
	}
	r := record{in: a.files[0], what: "document", category: authz.Police, partner: "police", only: func(demo.Person) bool { return false }}
	d := supply(r, live.M{})
	r.what, r.only = "withdrawal", func(who demo.Person) bool { return who.Partner == "police" }
	a.made(police.Post(d.Place()+"/withdrawals", live.M{"reason": a.mark(r), "breach": true}, live.Match(d.Tag())))
}
