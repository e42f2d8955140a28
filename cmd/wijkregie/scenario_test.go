package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWalk walks each scenario twice against one server.
func TestWalk(t *testing.T) {
	o := running(t)
	for _, one := range scenarios() {
		t.Run(one.number+" "+one.title, func(t *testing.T) {
			for _, time := range []string{"first", "second"} {
				var story bytes.Buffer
				o.Out = &story
				require.NoError(t, Walk(t.Context(), o, one.number), "the %s time; so far:\n%s", time, &story)
				assert.Contains(t, story.String(), "geweigerd")
			}
		})
	}
	t.Run("a scenario that there is not is named", func(t *testing.T) {
		assert.ErrorContains(t, Walk(t.Context(), o, "6"), "choose 1 to 5")
	})
}
