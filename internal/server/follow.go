package server

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// followingTable lets the dossiers of a table follow its new chair, as the product itself: who manages tables
// need not know the dossiers. All of them follow or none, and then the table keeps its chair too.
func followingTable(d *db.DB, dossiers *dossier.Service) func(context.Context, organisation.Table) error {
	return func(ctx context.Context, t organisation.Table) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		system := identity.With(db.Apart(ctx), identity.System(who.Municipality, "table chair"))
		return d.Tx(system, func(ctx context.Context) error { return dossiers.FollowTable(ctx, t, who.Professional) })
	}
}
