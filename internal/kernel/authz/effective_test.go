package authz_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

func TestEffective(t *testing.T) {
	row, err := authz.CompileRow([]authz.Cell{
		{PartnerType: "school", DossierType: authz.AllTypes, Category: authz.Housing, Level: authz.Contribute},
		{PartnerType: "school", DossierType: authz.AllTypes, Category: authz.Police, Level: authz.Own},
	}, uuid.Nil, "school")
	require.NoError(t, err)
	sight := authz.Subject{Row: row, Third: true}.Sight()
	in := func(dossierType, basis string) authz.Admission {
		return authz.Admission{Kind: "participant", Profile: authz.Profile(dossierType, basis)}
	}
	const own, none = authz.SeeOwn | authz.Add | authz.EditOwn, authz.Act(0)
	granted, shut := in("person", "covenant"), in("person", "covenant")
	granted.Grant(authz.Health, authz.OnRelease)
	shut.Shielded = true
	for name, c := range map[string]struct {
		by       authz.Admission
		category authz.Category
		acts     authz.Act
	}{
		"what the cell gives":                          {in("person", "covenant"), authz.Housing, authz.Contribute.Acts()},
		"own entries alone under the legal basis":      {in("person", "social-domain"), authz.Police, own},
		"what is granted":                              {granted, authz.Health, authz.SeeReleased},
		"nothing on another category":                  {granted, authz.Finance, none},
		"nothing for a third party under the Wgs":      {in("person", "wgs"), authz.Housing, none},
		"nothing in a dossier that is shielded":        {shut, authz.Housing, none},
		"nothing in a kind of dossier that is unknown": {in("herd", "covenant"), authz.Housing, none},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.acts, authz.ActsOn(c.by.Effective(sight), c.category)) })
	}
	t.Run("the first profile of all counts", func(t *testing.T) {
		sight := authz.Subject{Row: row}.Sight()
		require.NotZero(t, authz.ActsOn(in("person", "wgs").Effective(sight), authz.Housing))
	})
}

func TestTypeOf(t *testing.T) {
	for _, dossierType := range authz.DossierTypes() {
		for _, basis := range authz.Bases() {
			require.Equal(t, dossierType, authz.TypeOf(authz.Profile(dossierType, basis)))
			require.Equal(t, dossierType, authz.TypeOf(authz.DirectorProfile(dossierType, basis)))
		}
	}
	require.Empty(t, authz.TypeOf(-1))
	require.Empty(t, authz.TypeOf(2*len(authz.DossierTypes())*len(authz.Bases())))
}

func TestActsNamed(t *testing.T) {
	for _, level := range authz.Levels() {
		require.Equal(t, level.Acts(), authz.ActsNamed(level.Acts().Names()), level)
	}
	require.Zero(t, authz.ActsNamed([]string{"burn"}))
}
