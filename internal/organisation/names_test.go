package organisation_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestNames(t *testing.T) {
	w := newTown(t)
	constable := w.as("constable")
	names, err := w.Names(constable)
	require.NoError(t, err)
	assert.Equal(t, "police", names.PartnerName(id("police")))
	assert.Equal(t, "constable", names.ProfessionalName(id("constable")))
	assert.Empty(t, names.PartnerName(organisation.SeedID(meierijstad, "police")), "another municipality's")
	again, err := w.Names(constable)
	require.NoError(t, err)
	assert.Same(t, names, again, "kept until people change")
	p, err := w.GetPartner(w.as("administrator"), id("police"))
	require.NoError(t, err)
	_, err = w.UpdatePartner(w.as("administrator"), key(p.ID, p), func(p *organisation.Partner) { p.Name = "Politie" })
	require.NoError(t, err)
	names, err = w.Names(w.as("constable"))
	require.NoError(t, err)
	assert.Equal(t, "Politie", names.PartnerName(id("police")), "the next request sees it")
	made, err := w.CreatePartner(w.as("administrator"), organisation.Partner{Name: "College", Type: "school", Domain: "social"})
	require.NoError(t, err)
	_, err = w.GetPartner(constable, made.ID)
	require.NoError(t, err)
	names, err = w.Names(constable)
	require.NoError(t, err)
	assert.Equal(t, "College", names.PartnerName(made.ID), "also where the context holds the identity of before")
	zone, err := w.Zone(constable)
	require.NoError(t, err)
	assert.Equal(t, "Europe/Amsterdam", zone.String())
	assert.Equal(t, zone, w.ZoneOf(identity.With(t.Context(), identity.System(veldhoven, "test"))))
	_, err = w.Names(t.Context())
	assert.True(t, problem.Is(err, problem.Unauthenticated))
}

func TestMe(t *testing.T) {
	w := newTown(t)
	t.Run("a person is told both municipalities, and what the matrix gives", func(t *testing.T) {
		ctx := w.as("director")
		who, err := identity.From(ctx)
		require.NoError(t, err)
		police := authz.Cell{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Police, Level: authz.Own}
		row, err := authz.CompileRow([]authz.Cell{police}, id("police"), "police")
		require.NoError(t, err)
		direction, err := authz.CompileRow([]authz.Cell{{PartnerType: "municipal-director", DossierType: "situation", Category: authz.Police, Level: authz.Read}}, uuid.Nil, "municipal-director")
		require.NoError(t, err)
		who.Sight = authz.Subject{Row: row, Director: &direction}.Sight()
		me, err := w.Me(identity.With(ctx, who))
		require.NoError(t, err)
		assert.Equal(t, []organisation.Municipality{{ID: veldhoven, Name: "Veldhoven"}, {ID: meierijstad, Name: "Meierijstad"}}, me.Municipalities)
		assert.Len(t, me.Rights, 4*len(authz.CategorySlugs()))
		for _, r := range me.Rights {
			want := authz.None
			switch {
			case r.Category == authz.Police && r.DossierType == "situation":
				want = authz.Contribute // own entries of the partner, reading of the role
			case r.Category == authz.Police:
				want = authz.Own
			}
			assert.Equal(t, want, r.Level, "%s %s", r.DossierType, r.Category.Slug())
		}
	})
	t.Run("a system has a client and no person", func(t *testing.T) {
		token := organisation.Token{Issuer: issuer, ClientID: id("police system").String(), Expires: w.now().Add(time.Hour)}
		who, err := w.Identify(t.Context(), token, "")
		require.NoError(t, err)
		me, err := w.Me(identity.With(t.Context(), who))
		require.NoError(t, err)
		assert.Nil(t, me.Professional)
		assert.Equal(t, "police system", me.ClientName)
		assert.Equal(t, []organisation.Municipality{{ID: veldhoven, Name: "Veldhoven"}}, me.Municipalities)
	})
}

func TestLoad(t *testing.T) {
	w := newTown(t)
	before := w.professional("constable")
	require.NoError(t, w.Load(t.Context(), seed(veldhoven)), "twice is once")
	assert.Equal(t, before, w.professional("constable"))
	_, err := w.Identify(t.Context(), w.token("constable"), "")
	require.NoError(t, err)
	t.Run("a seed is held against the rules", func(t *testing.T) {
		bad := organisation.Seed{Municipality: veldhoven, Partners: []organisation.Partner{{ID: id("x"), Name: "x", Type: "florist", Domain: "both"}}}
		assert.True(t, problem.Is(w.Load(t.Context(), bad), problem.Invalid))
		lost := organisation.Seed{Municipality: veldhoven, Professionals: []organisation.Professional{{ID: id("y"), PartnerID: id("nowhere"), Name: "y"}}}
		assert.True(t, problem.Is(w.Load(t.Context(), lost), problem.Conflict))
	})
}
