package hostile

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestNobodyPutsOutWhoLeads lets the case director end the participation of the chair, who may appoint
// another in his place.
func TestNobodyPutsOutWhoLeads(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	of := func(short string) string {
		for i, partner := range w.As(t, "director").Get(c.Path+"/participants").Texts("items", "partnerId") {
			if partner == w.Partner(short) {
				return c.Path + "/participants/" + w.As(t, "director").Get(c.Path + "/participants").IDs()[i]
			}
		}
		t.Fatalf("%s takes no part", short)
		return ""
	}
	soon := time.Now().Add(time.Hour)

	t.Run("not at an end to come either", func(t *testing.T) {
		w.As(t, "case-director").Patch(of("chair"), "*", live.M{"until": soon}).Want(http.StatusConflict)
		w.As(t, "case-director").Patch(of("police"), "*", live.M{"until": soon}).Want(http.StatusOK)
	})
	t.Run("who is appointed takes part without an end", func(t *testing.T) {
		made := w.As(t, "director").Post("/v1/professionals", live.Cleared(live.M{
			"partnerId": w.Partner("police"), "name": "Casusregisseur", "email": "c@example.org", "roles": []string{"case-director"}, "identities": []live.M{},
		})).Want(http.StatusCreated)
		w.As(t, "chair").Post(c.Path+"/regie-changes", live.M{"caseDirectorId": made.ID(), "criteria": []string{"b"}, "reason": "Wissel."},
			live.Match("*")).Want(http.StatusCreated)
		police := w.As(t, "director").Get(of("police")).Want(http.StatusOK)
		require.Nil(t, police.At("until"))
		require.Contains(t, police.Texts("professionalIds", ""), made.ID())
	})
}
