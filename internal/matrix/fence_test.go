package matrix_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// TestFence holds the two walls and the contract's words against each other: what a list of the
// database returns, what the rule in memory reads, and what the matrix says.
func TestFence(t *testing.T) {
	h := newHouse(t)

	t.Run("list equals detail, and both equal the contract, over random matrices", rapid.MakeCheck(func(rt *rapid.T) {
		w := someWorld(h.lists).Draw(rt, "world")
		require.NoError(rt, w.load(t.Context(), h.conn))
		for _, who := range w.callers {
			who, err := h.s.Sight(t.Context(), who)
			require.NoError(rt, err)
			ctx := identity.With(t.Context(), who)
			require.NoError(rt, h.k.DB.Tx(ctx, func(ctx context.Context) error { return w.compare(ctx, rt, h.k.Authz, who) }))
		}
	}))
}

func (w world) typeOf(id uuid.UUID) configuration.PartnerType {
	return w.partners[slices.IndexFunc(w.partners, func(p partner) bool { return p.id == id })].kind
}

// seen is what a caller gets to see, by table.
type seen map[string][]uuid.UUID

func (s seen) add(table string, id uuid.UUID, reads bool) {
	if reads {
		s[table] = append(s[table], id)
	}
}

// compare asks the three the same question.
func (w world) compare(ctx context.Context, t *rapid.T, decisions *authz.Authorizer, who identity.Identity) error {
	listed := seen{}
	for _, table := range []string{"dossier", "participant", "item", "action", "deliberation"} {
		var ids []uuid.UUID
		if err := db.Conn(ctx).Raw("select id from " + table + " order by id").Scan(&ids).Error; err != nil {
			return err
		}
		if len(ids) > 0 {
			listed[table] = ids
		}
	}
	views, err := decisions.Views(ctx, w.dossiers[0].id, w.dossiers[1].id)
	if err != nil {
		return err
	}
	read, written := seen{}, seen{}
	for _, d := range w.dossiers {
		d.readBy(views[d.id], who, read)
		w.written(who, d, written)
	}
	require.Equal(t, written, listed, "the database against the contract, for %+v", who)
	require.Equal(t, written, read, "the rule in memory against the contract, for %+v", who)
	return nil
}

// readBy is what the view of the caller allows, record by record.
func (d dossier) readBy(v authz.View, who identity.Identity, s seen) {
	s.add("dossier", d.id, v.Known())
	s.add("participant", d.participant, v.Reads(authz.Resource{Dossier: d.id, Category: authz.Core}))
	s.add("action", d.action, v.Reads(authz.Resource{Dossier: d.id, Category: authz.Action, Supplier: d.carrier}))
	s.add("deliberation", d.deliberation, v.Reads(authz.Resource{Dossier: d.id, Category: authz.Deliberation}))
	for _, i := range d.items {
		s.add("item", i.id, v.Reads(authz.Resource{
			ID: i.id, Dossier: d.id, Category: i.category, Supplier: i.supplier, Released: i.releasedTo(who.Partner),
			Secret: i.secret, SecretGround: i.ground, Restricted: i.restricted, WithheldTypes: i.withheld, WithheldPartners: i.withheldFrom,
		}))
	}
}

// written is what the contract's words allow.
func (w world) written(who identity.Identity, d dossier, s seen) {
	sees := w.rights(who, d, everyWay)
	s.add("dossier", d.id, sees != nil)
	s.add("participant", d.participant, sees != nil && !d.shielded)
	s.add("action", d.action, w.reads(who, d, item{category: authz.Action, supplier: d.carrier}))
	s.add("deliberation", d.deliberation, w.reads(who, d, item{category: authz.Deliberation}))
	for _, i := range d.items {
		s.add("item", i.id, w.reads(who, d, i))
	}
}
