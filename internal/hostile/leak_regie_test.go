package hostile

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// hold names who holds the regie of a dossier, and what the municipality proposes.
func (a *archive) hold(t *testing.T) {
	t.Helper()
	r := record{in: a.files[1], what: "regie change", category: authz.Core}
	a.made(a.As(t, "chair").Post(a.files[1].path+"/regie-changes", live.M{
		"criteria": []string{}, "reason": a.mark(r), "jumpReason": a.mark(r), "holders": []live.M{
			{"responsibility": "administrative", "kind": "function", "description": a.mark(r)},
			{"responsibility": "operational", "kind": "professional", "professionalId": a.Person("housing")},
		}}, live.Match("*")))
	proposed := record{in: a.files[1], what: "regie default", outside: true, only: func(who demo.Person) bool { return who.Municipality == demo.Veldhoven }}
	a.As(t, "director").Do("PUT", "/v1/regie-defaults", live.M{"stagnationDays": 30, "holders": []live.M{
		{"phase": 3, "responsibility": "administrative", "kind": "function", "description": a.mark(proposed)},
	}}, live.Match("*")).Want(200)
}
