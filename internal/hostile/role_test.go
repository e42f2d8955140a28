package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestATableDoesNotMakeAChairOfWhoLostTheRole opens a dossier on the table of somebody who may no
// longer chair.
func TestATableDoesNotMakeAChairOfWhoLostTheRole(t *testing.T) {
	w := live.Start(t)
	director, chair := w.As(t, "director"), "/v1/professionals/"+w.Person("chair")
	for name, change := range map[string]live.M{
		"without the role": {"roles": []string{"professional"}},
		"without access":   {"roles": []string{"professional", "chair"}, "validUntil": "2020-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			director.Patch(chair, "*", change).Want(http.StatusOK)
			c := w.Opened(t, live.M{})
			require.Nil(t, director.Get(c.Path).Want(http.StatusOK).At("chairId"))
			director.Patch(chair, "*", live.M{"roles": []string{"professional", "chair"}, "validUntil": nil}).Want(http.StatusOK)
			w.As(t, "chair").Get(c.Path).Want(http.StatusNotFound)
		})
	}
}

// TestWhoLosesARoleLosesWhatItGave takes the role from who leads a dossier: it counts no more there, also
// after the dossier's ways in are derived anew.
func TestWhoLosesARoleLosesWhatItGave(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	director, chair := w.As(t, "director"), w.As(t, "chair")
	closes := func() []string { return chair.Get(c.Path).Want(http.StatusOK).Allowed() }
	require.Contains(t, closes(), "closeDossier")

	director.Patch("/v1/professionals/"+w.Person("chair"), "*", live.M{"roles": []string{"professional"}}).Want(http.StatusOK)
	require.NotContains(t, closes(), "closeDossier")
	chair.Post(c.Path+"/closures", live.M{"result": "achieved", "reason": "Klaar.", "outcomes": []live.M{{"description": "Rust.", "result": "achieved"}}},
		live.Match("*")).Want(http.StatusForbidden)

	made := director.Post("/v1/professionals", live.Cleared(live.M{
		"partnerId": w.Partner("police"), "name": "Agent", "email": "a@example.org", "roles": []string{"professional"}, "identities": []live.M{},
	})).Want(http.StatusCreated)
	participants := director.Get(c.Path + "/participants").Want(http.StatusOK)
	for i, partner := range participants.Texts("items", "partnerId") {
		if partner == w.Partner("police") {
			director.Patch(c.Path+"/participants/"+participants.IDs()[i], "*",
				live.M{"professionalIds": []string{w.Person("police"), made.ID()}}).Want(http.StatusOK)
		}
	}
	require.NotContains(t, closes(), "closeDossier", "another change in the dossier does not give it back")
}
