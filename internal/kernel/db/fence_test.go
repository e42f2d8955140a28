package db_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// titles are those of the notes in sight, without any condition of the product's own.
func titles(ctx context.Context, t *testing.T) (all []string) {
	t.Helper()
	require.NoError(t, db.Conn(ctx).Raw("select title from note order by title").Scan(&all).Error)
	return all
}

func TestFenceOfTheMunicipality(t *testing.T) {
	h := newHouse(t)
	system := identity.With(t.Context(), identity.System(home, "test"))

	for name, ctx := range map[string]context.Context{"a person": h.as(home), "the product itself": system} {
		t.Run(name+" sees the rows of one municipality", func(t *testing.T) {
			require.NoError(t, h.d.Tx(ctx, func(ctx context.Context) error {
				require.Equal(t, []string{"Here"}, titles(ctx, t))
				var mine []note
				require.NoError(t, db.Mine(ctx, "note").Find(&mine).Error)
				require.Len(t, mine, 1)
				return nil
			}))
		})
		t.Run(name+" does not change a row of another", func(t *testing.T) {
			require.NoError(t, h.d.Tx(ctx, func(ctx context.Context) error {
				require.NoError(t, db.Allow(ctx, h.second.ID))
				after := h.second
				after.Title = "Taken"
				_, err := db.Update(ctx, &h.second, &after)
				require.True(t, problem.Is(err, problem.Stale))
				require.NoError(t, db.Delete(ctx, &h.second))
				changed := db.Conn(ctx).Exec("update note set title = 'Taken' where id = ?", h.second.ID)
				require.NoError(t, changed.Error)
				require.Zero(t, changed.RowsAffected)
				return nil
			}))
			require.Equal(t, "There", h.stored(h.second.ID).Title)
		})
		t.Run(name+" does not make the identities of another old", func(t *testing.T) {
			require.NoError(t, h.d.Tx(ctx, func(ctx context.Context) error {
				changed := db.Conn(ctx).Exec("update municipality_stamp set people = people + 1")
				require.NoError(t, changed.Error)
				require.Equal(t, int64(1), changed.RowsAffected)
				return nil
			}))
			require.Equal(t, 1, h.count("municipality_stamp where municipality_id = 'GM0844' and people = 1"))
		})
		t.Run(name+" does not write a row into another", func(t *testing.T) {
			n := newNote(elsewhere, "Smuggled")
			require.Error(t, h.d.Tx(ctx, func(ctx context.Context) error {
				return errors.Join(db.Allow(ctx, n.ID), db.Insert(ctx, &n))
			}))
			require.Zero(t, h.count("note where id = $1", n.ID))
		})
	}
	t.Run("what a transaction says of who acts does not outlive it on its connection", func(t *testing.T) {
		pool, err := h.d.SystemPool()
		require.NoError(t, err)
		masks := identity.NewMasks([]int64{1})
		who := identity.Identity{
			Municipality: home, Purpose: "test", Partner: newID(), Professional: newID(),
			Sight: identity.Sight{SeeAll: masks, SeeOwn: masks, SeeReleased: masks, Ceiling: masks, Admits: 1, PartnerType: 5},
		}
		const said = `select count(*) from unnest(array['municipality', 'partner', 'holders', 'type', 'admits', 'see', 'own', 'released', 'ceiling']) s
			where coalesce(current_setting('me.' || s, true), '') not in ('', '{}', '0')`
		for range 8 {
			var during, after int
			require.NoError(t, h.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error { return db.Conn(ctx).Raw(said).Scan(&during).Error }))
			require.Equal(t, 9, during)
			require.NoError(t, pool.QueryRowContext(t.Context(), said).Scan(&after))
			require.Zero(t, after)
		}
	})
	t.Run("before it is known who comes, no row is in sight", func(t *testing.T) {
		var all []string
		require.NoError(t, h.d.Lookup(t.Context(), &all, "select title from note"))
		require.Empty(t, all)
	})
	for _, role := range []string{"wijkregie_app", "wijkregie_system"} {
		t.Run("without an identity "+role+" reads and writes nothing", func(t *testing.T) {
			conn := connect(t, h.url)
			_, err := conn.Exec(t.Context(), "set role "+role)
			require.NoError(t, err)
			var seen int
			require.NoError(t, conn.QueryRow(t.Context(), "select count(*) from note").Scan(&seen))
			require.Zero(t, seen)
			tag, err := conn.Exec(t.Context(), "delete from note")
			require.NoError(t, err)
			require.Zero(t, tag.RowsAffected())
			_, err = conn.Exec(t.Context(), `insert into note values ('GM0861', $1, 1, 'Loose', false, 0, null, null, '[]', now())`, newID())
			require.ErrorContains(t, err, "row-level security")
		})
	}
}

func TestDecision(t *testing.T) {
	h := newHouse(t)
	decide, err := authz.New(time.Now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	after := h.first
	after.Title = "Changed"
	writes := map[string]func(context.Context) error{
		"insert": func(ctx context.Context) error { return db.Insert(ctx, new(newNote(home, "Undecided"))) },
		"update": func(ctx context.Context) error { _, err := db.Update(ctx, &h.first, &after); return err },
		"delete": func(ctx context.Context) error { return db.Delete(ctx, &h.first) },
	}
	for name, write := range writes {
		for how, before := range map[string]func(context.Context) error{
			"without a decision":          func(context.Context) error { return nil },
			"after one on another record": func(ctx context.Context) error { return db.Allow(ctx, newID()) },
			"after one on a reading act": func(ctx context.Context) error {
				return decide.Require(ctx, "meeting.read", authz.Resource{ID: h.first.ID})
			},
		} {
			t.Run(name+" "+how+" is refused, and nothing is written", func(t *testing.T) {
				err := h.tx(home, func(ctx context.Context) error {
					require.NoError(t, before(ctx))
					return write(ctx)
				})
				require.ErrorContains(t, err, "write without a decision")
				require.Equal(t, problem.Internal, problem.KindOf(err))
				require.Equal(t, h.first, h.stored(h.first.ID))
				require.Equal(t, 1, h.count("note where municipality_id = 'GM0861'"))
			})
		}
	}
	t.Run("one row that nobody decided on refuses them all", func(t *testing.T) {
		decided, not := newNote(home, "Decided"), newNote(home, "Not")
		err := h.write(home, decided.ID, func(ctx context.Context) error { return db.Insert(ctx, &decided, &not) })
		require.ErrorContains(t, err, "write without a decision")
		require.Zero(t, h.count("note where id in ($1, $2)", decided.ID, not.ID))
	})
	t.Run("a decision does not outlive its transaction", func(t *testing.T) {
		require.NoError(t, h.write(home, h.first.ID, func(context.Context) error { return nil }))
		require.Error(t, h.tx(home, func(ctx context.Context) error { return db.Decided(ctx, h.first) }))
	})
	t.Run("a writing act that is allowed opens writing that record", func(t *testing.T) {
		administrator := identity.Identity{
			Municipality: home, Partner: newID(), PartnerType: "municipal-director", Professional: newID(), Roles: []identity.Role{identity.Administrator},
		}
		n := newNote(home, "Allowed")
		require.NoError(t, h.d.Tx(identity.With(t.Context(), administrator), func(ctx context.Context) error {
			require.NoError(t, decide.Require(ctx, "partner.manage", authz.Resource{ID: n.ID}))
			require.NoError(t, db.Decided(ctx, n))
			return db.Insert(ctx, &n)
		}))
		require.Equal(t, n, h.stored(n.ID))
	})
	t.Run("a writing act that is refused does not", func(t *testing.T) {
		n := newNote(home, "Refused")
		err := h.tx(home, func(ctx context.Context) error {
			require.Error(t, decide.Require(ctx, "partner.manage", authz.Resource{ID: n.ID}))
			require.ErrorContains(t, db.Insert(ctx, &n), "write without a decision")
			return nil
		})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("the product itself writes without one", func(t *testing.T) {
		n := newNote(home, "System")
		ctx := identity.With(t.Context(), identity.System(home, "test"))
		require.NoError(t, h.d.Tx(ctx, func(ctx context.Context) error { return db.Insert(ctx, &n) }))
		require.Equal(t, n, h.stored(n.ID))
	})
	t.Run("nobody writes what guards nothing", func(t *testing.T) {
		err := h.write(home, newID(), func(ctx context.Context) error { return db.Insert(ctx, &note{MunicipalityID: home, ID: uuid.Nil}) })
		require.ErrorContains(t, err, "write without a decision")
	})
}
