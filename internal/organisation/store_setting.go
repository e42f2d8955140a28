package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// findSetting reads what the caller's municipality has set, the defaults when that is nothing.
func findSetting(ctx context.Context) (s Setting, err error) {
	err = db.One(mine(ctx, "municipality_setting").Take(&s))
	if !problem.Is(err, problem.NotFound) {
		return s, err
	}
	who, err := identity.From(ctx)
	return defaults(who.Municipality), err
}
