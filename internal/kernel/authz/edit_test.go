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
