package dossier

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) close(by string, d Seen) (Closure, error) {
	in, err := w.s.Close(w.as(by), etag.Key{ID: d.ID, Match: "*"}, Closure{Result: "partly", Reason: "Done.", Outcomes: []Outcome{{"Rest", "achieved"}}})
	return in.Row, err
}

func TestClose(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "fire")
	item := w.added("health", d, something(authz.Health))
	release := w.released("health", item, NewRelease{})
	participants, err := w.s.ListParticipants(w.as("lead"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)

	for name, want := range map[string]problem.Kind{
		"lead": problem.Forbidden, "social": problem.Forbidden, "police": problem.Forbidden, "police-system": problem.Forbidden,
		"colleague": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run(name+" does not close it: "+string(want), func(t *testing.T) {
			_, err := w.close(name, d)
			require.Equal(t, want, kind(err))
			require.Equal(t, []problem.Kind{""}, w.kinds(d, "police"))
		})
	}
	t.Run("without an entity tag it is refused, with an older one it is stale", func(t *testing.T) {
		_, err := w.s.Close(w.as("chair"), etag.Key{ID: d.ID}, Closure{Result: "partly", Reason: "Done."})
		require.Equal(t, problem.MatchRequired, kind(err))
		_, err = w.s.Close(w.as("chair"), etag.Key{ID: d.ID, Match: `"older"`}, Closure{Result: "partly", Reason: "Done."})
		require.Equal(t, problem.Stale, kind(err))
	})
	w.exec(`update participant set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where dossier_id = $1 and partner_id = $2`,
		d.ID, w.people["fire"].partner)
	c, err := w.close("chair", d)
	require.NoError(t, err)

	t.Run("who was in it learns that it is shielded, his systems too", func(t *testing.T) {
		names := []string{"chair", "lead", "social", "police", "police-system", "health", "director"}
		for i, kind := range w.kinds(d, names...) {
			require.Equal(t, problem.Shielded, kind, names[i])
		}
	})
	t.Run("who was not, or no longer, finds nothing, as before", func(t *testing.T) {
		require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound, problem.NotFound, problem.NotFound}, w.kinds(d, "colleague", "housing", "fire", "stranger"))
	})
	t.Run("nothing in it can be read any more, its supplier's own neither", func(t *testing.T) {
		ctx, p := w.as("health"), page.Request{Limit: 9}
		for name, read := range map[string]func() error{
			"items":         func() error { _, err := w.s.ListItems(ctx, d.ID, ItemFilter{}, p); return err },
			"item":          func() error { _, err := w.s.GetItem(ctx, d.ID, item.ID); return err },
			"releases":      func() error { _, err := w.s.ListReleases(ctx, d.ID, item.ID, p); return err },
			"participants":  func() error { _, err := w.s.ListParticipants(ctx, d.ID, p); return err },
			"participant":   func() error { _, err := w.s.GetParticipant(ctx, d.ID, participants.Row.Rows[0].ID); return err },
			"links":         func() error { _, err := w.s.ListLinks(ctx, d.ID, LinkFilter{}, p); return err },
			"regie changes": func() error { _, err := w.s.ListRegieChanges(ctx, d.ID, p); return err },
			"closures":      func() error { _, err := w.s.ListClosures(ctx, d.ID, p); return err },
			"closure":       func() error { _, err := w.s.GetClosure(ctx, d.ID, c.ID); return err },
		} {
			require.Equal(t, problem.Shielded, kind(read()), name)
		}
		_, err := w.s.ReleaseOf(ctx, release.ID)
		require.Equal(t, problem.NotFound, kind(err))
	})
	t.Run("nothing in it can be changed", func(t *testing.T) {
		for name, change := range map[string]func() error{
			"core": func() error {
				_, err := w.s.Update(w.as("lead"), etag.Key{ID: d.ID, Match: "*"}, purpose("Other."))
				return err
			},
			"item":        func() error { _, err := w.s.AddItem(w.as("health"), d.ID, something(authz.Health)); return err },
			"participant": func() error { _, err := w.s.AddParticipant(w.as("lead"), d.ID, w.joining("housing")); return err },
			"link": func() error {
				_, err := w.s.AddLink(w.as("lead"), d.ID, Link{OtherDossierID: newID(), Kind: "related"})
				return err
			},
			"regie":  func() error { _, err := w.regie("chair", d, RegieChange{Phase: new(2)}); return err },
			"closed": func() error { _, err := w.close("chair", d); return err },
			"release": func() error {
				_, err := w.s.ReleaseItem(w.as("health"), d.ID, item.ID, NewRelease{Purpose: "p"})
				return err
			},
		} {
			require.Equal(t, problem.Shielded, kind(change()), name)
		}
	})
	t.Run("no list has it, and no other record shows its number", func(t *testing.T) {
		for _, name := range []string{"chair", "lead", "police", "director"} {
			found, err := w.s.List(w.as(name), Filter{Sort: "number"}, page.Request{Limit: 9})
			require.NoError(t, err)
			require.Empty(t, found.Rows)
			require.NoError(t, w.k.DB.Tx(w.as(name), func(ctx context.Context) error {
				refs, err := w.s.Refs(ctx, []uuid.UUID{d.ID})
				require.Empty(t, refs)
				return err
			}))
		}
	})
	t.Run("it is told by names, and audited by its own id too", func(t *testing.T) {
		last := w.last(d.ID)
		require.Equal(t, "dossier.closed", last.Name)
		require.ElementsMatch(t, []string{"status", "shieldedAt"}, last.Fields)
		require.Equal(t, 1, w.count("audit_entry where event = 'dossier.closed' and subject_type = 'closure' and subject_id = $1", c.ID))
	})
	t.Run("the decision is kept", func(t *testing.T) {
		require.Equal(t, w.people["chair"].id, c.DecidedBy)
		require.Equal(t, 1, w.count("closure where id = $1 and result = 'partly' and outcomes = '[{\"result\": \"achieved\", \"description\": \"Rest\"}]'", c.ID))
		require.WithinDuration(t, time.Now(), c.DecidedAt, time.Minute)
	})
	t.Run("opened to reading again, it is there for who was in it, with how it was closed", func(t *testing.T) {
		w.exec("update dossier set status = 'aftercare', shielded_at = null where id = $1", d.ID)
		w.exec("update admission set shielded = false where dossier_id = $1", d.ID)
		in, err := w.s.ListClosures(w.as("police"), d.ID, page.Request{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, etag.Of(c), etag.Of(in.Row.Rows[0]))
		one, err := w.s.GetClosure(w.as("police"), d.ID, c.ID)
		require.NoError(t, err)
		require.Equal(t, in.Row.Rows[0], one.Row)
	})
}
