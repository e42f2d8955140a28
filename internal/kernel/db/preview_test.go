package db_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// TestAPreviewWritesNothing tries to write as somebody through whom another looks, who might write himself.
func TestAPreviewWritesNothing(t *testing.T) {
	h := newHouse(t)
	who, err := identity.From(h.as(home))
	require.NoError(t, err)
	who.Viewer = &identity.Identity{Municipality: home, Professional: newID()}
	preview := identity.With(t.Context(), who)
	added := newNote(home, "Added")
	for name, write := range map[string]func(context.Context) error{
		"by the kernel":                  func(ctx context.Context) error { return db.Insert(ctx, &added) },
		"by a statement":                 func(ctx context.Context) error { return db.Conn(ctx).Exec("delete from note").Error },
		"by what is kept beside changes": func(ctx context.Context) error { return db.Exec(ctx, db.Statement{SQL: "update note set count = 9"}) },
		"by another setting": func(ctx context.Context) error {
			return db.Conn(ctx).Exec("set transaction read write").Error
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, h.d.Tx(preview, func(ctx context.Context) error {
				require.NoError(t, db.Conn(ctx).Exec("select 1").Error)
				require.NoError(t, db.Allow(ctx, added.ID))
				return write(ctx)
			}))
			require.Equal(t, 2, h.count("note where count = 3"))
		})
	}
	t.Run("and the connection writes again afterwards", func(t *testing.T) { h.added(home, "Later") })
}
