package hostile

import (
	"slices"
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// inform asks two partners for information; one supplies it, the other refuses. A group is described.
func (a *archive) inform(t *testing.T) {
	f := a.files[0]
	ask := func(short, category string) (*live.Reply, record) {
		r := record{in: f, what: "information request", category: authz.Core, only: func(who demo.Person) bool {
			return leads(who) || who.Partner == short && (!who.System() || slices.Contains([]string{"identity", "police", "enforcement", "incident"}, category))
		}}
		return a.made(a.As(t, "case-director").Post(f.path+"/information-requests", live.M{
			"partnerId": a.Partner(short), "category": category, "question": a.mark(r), "dueDate": "2199-12-01"})), r
	}
	asked, _ := ask("police", "police")
	item := a.mark(record{in: f, what: "item", category: authz.Guidance, partner: "police"})
	supplied := a.made(a.As(t, "police").Post(f.path+"/items", live.M{"category": "guidance", "text": item, "observedOn": "2026-01-15"}))
	a.made(a.As(t, "police").Post(asked.Place()+"/answers", live.M{"itemIds": []string{supplied.ID()}}, live.Match(asked.Tag())))
	asked, r := ask("mental-health", "health")
	r.what = "information answer"
	a.made(a.As(t, "mental-health").Post(asked.Place()+"/answers", live.M{"reason": a.mark(r)}, live.Match(asked.Tag())))

	f = a.files[2]
	a.As(t, "director").Patch(f.path, "*", live.M{"particulars": live.M{
		"conduct": a.mark(record{in: f, what: "particulars", category: authz.Identity}), "size": 11}}).Want(200)
}
