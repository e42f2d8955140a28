package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// assess says how it is on a life domain in each dossier so far, and corrects it; one link ends.
func (a *archive) assess(t *testing.T) {
	for _, f := range a.files {
		mark := func() string {
			return a.mark(record{in: f, what: "assessment", category: authz.LifeDomain, partner: "police"})
		}
		said := func(more live.M) live.M {
			body := live.M{"lifeDomain": "nuisance", "reading": mark(), "ownStrength": mark(), "source": mark(), "observedOn": "2026-01-15"}
			switch f.kind {
			case "family":
				body["score"], body["member"] = 2, "Moeder"
			case "person":
				body["score"] = 2
			default:
				body["problemLevel"] = "serious"
			}
			return with(more, body)
		}
		who := a.As(t, "police")
		if !f.has(person("police")) {
			continue
		}
		first := a.made(who.Post(f.path+"/assessments", said(live.M{})))
		a.made(who.Post(f.path+"/assessments", said(live.M{"corrects": first.ID()})))
	}
	f, other := a.files[0], a.files[2]
	both := record{in: f, also: other, what: "link", category: authz.Core}
	director := a.As(t, "director")
	link := a.made(director.Post(f.path+"/links", live.M{"otherDossierId": other.id, "kind": "group-member", "note": a.mark(both), "ground": a.mark(both)}))
	a.made(director.Post(link.Place()+"/endings", live.M{"reason": a.mark(both)}, live.Match(link.Tag())))
}
