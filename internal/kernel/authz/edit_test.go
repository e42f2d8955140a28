package authz

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStandingOfEditing(t *testing.T) {
	a := &Authorizer{now: time.Now}
	edits := func(level Level, r Resource) bool {
		who := seeing(level, false)
		return a.standing(who, admitted(who, under("covenant")), r)&edit != 0
	}
	t.Run("who may edit everything edits what others supplied", func(t *testing.T) { require.True(t, edits(Edit, theirs())) })
	t.Run("who may edit his own edits that", func(t *testing.T) { require.True(t, edits(Contribute, mine())) })
	t.Run("and not what others supplied", func(t *testing.T) { require.False(t, edits(Contribute, theirs())) })
	t.Run("who may only see edits nothing", func(t *testing.T) { require.False(t, edits(Read, mine())) })
}

func TestViewSees(t *testing.T) {
	v := admitted(seeing(Read, false), under("covenant"))
	t.Run("every category, from the first to the last", func(t *testing.T) {
		for _, c := range Categories() {
			require.True(t, v.Sees(c), c.Slug())
		}
	})
	t.Run("what is no category is not seen as one", func(t *testing.T) { require.False(t, v.Sees(Core)) })
}
