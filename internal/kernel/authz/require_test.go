package authz_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestRequire(t *testing.T) {
	s := newScene(t)
	officer := s.person(t, s.police, "police")
	s.admit(t, officer.Professional, s.dossier, "participant", 0)
	s.admit(t, officer.Professional, s.shut, "participant", 0)
	stranger := s.person(t, s.police, "police")
	leading := s.person(t, s.police, "police")
	s.admit(t, leading.Professional, s.shut, "participant", authz.RoleChair)
	core := func(id uuid.UUID) authz.Resource { return authz.Resource{ID: id, Dossier: id, Category: authz.Core} }

	for name, c := range map[string]struct {
		who  identity.Identity
		act  string
		on   authz.Resource
		kind problem.Kind
	}{
		"an unknown dossier is not there":                      {stranger, "dossier.read", core(s.dossier), problem.NotFound},
		"nor is one that does not exist":                       {officer, "dossier.read", core(newID()), problem.NotFound},
		"a known dossier may be shielded":                      {officer, "dossier.read", core(s.shut), problem.Shielded},
		"a shielded dossier is not there for who is not in it": {stranger, "dossier.read", core(s.shut), problem.NotFound},
		"who was in a shielded dossier does not reopen it":     {officer, "dossier.reopen", core(s.shut), problem.Shielded},
		"nor does he read how another ended it":                {officer, "ending.read", core(s.shut), problem.Shielded},
		"its chair does nothing else in it":                    {leading, "dossier.close", core(s.shut), problem.Shielded},
		"what is known and not allowed is forbidden":           {officer, "dossier.direct", core(s.dossier), problem.Forbidden},
		"an act that no table has is forbidden":                {officer, "dossier.burn", core(s.dossier), problem.Forbidden},
		"nobody is nobody":                                     {identity.Identity{}, "dossier.read", core(s.dossier), problem.Unauthenticated},
	} {
		t.Run(name+", and nothing is committed", func(t *testing.T) {
			err := s.d.Tx(identity.With(t.Context(), c.who), func(ctx context.Context) error {
				err := s.decide.Require(ctx, c.act, c.on)
				require.Equal(t, c.kind, problem.KindOf(err))
				return nil
			})
			require.Equal(t, c.kind, problem.KindOf(err))
		})
	}
}

func TestAShieldedDossierIsReopenedByItsChair(t *testing.T) {
	s := newScene(t)
	chair, officer := s.person(t, s.police, "police"), s.person(t, s.police, "police")
	s.admit(t, chair.Professional, s.shut, "participant", authz.RoleChair)
	s.admit(t, officer.Professional, s.shut, "participant", 0)
	for act, who := range map[string]identity.Identity{"dossier.reopen": chair, "ending.read": officer} {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error {
			return s.decide.Require(ctx, act, authz.Resource{ID: s.shut, Dossier: s.shut, Category: authz.Core, Self: officer.Professional})
		}), act)
	}
}

func TestRequireLetsWrite(t *testing.T) {
	s := newScene(t)
	officer := s.person(t, s.police, "police")
	s.admit(t, officer.Professional, s.dossier, "participant", 0)

	t.Run("what is allowed, and only that", func(t *testing.T) {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), officer), func(ctx context.Context) error {
			item := authz.Resource{ID: newID(), Dossier: s.dossier, Category: authz.Police, Supplier: s.police}
			require.NoError(t, s.decide.Require(ctx, "item.add", item))
			require.NoError(t, db.Decided(ctx, row{item.ID}))
			require.Error(t, db.Decided(ctx, row{s.dossier}))
			return nil
		}))
	})

	t.Run("not what may only be read", func(t *testing.T) {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), officer), func(ctx context.Context) error {
			require.NoError(t, s.decide.Require(ctx, "dossier.read", authz.Resource{ID: s.dossier, Dossier: s.dossier, Category: authz.Core}))
			require.Error(t, db.Decided(ctx, row{s.dossier}))
			return nil
		}))
	})
}
