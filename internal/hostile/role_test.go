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
