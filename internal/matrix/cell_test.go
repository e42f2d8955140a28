package matrix_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

func TestDefault(t *testing.T) {
	cells := matrix.Default()

	t.Run("it has every partner type and category once, for all kinds of dossier", func(t *testing.T) {
		places := map[string]bool{}
		for _, c := range cells {
			require.Equal(t, authz.AllTypes, c.DossierType)
			places[c.PartnerType+" "+c.Category.Slug()] = true
		}
		types := configuration.New().PartnerTypes()
		require.Len(t, cells, len(types)*len(authz.CategorySlugs()))
		for _, kind := range types {
			for _, slug := range authz.CategorySlugs() {
				require.True(t, places[kind.Slug+" "+slug], "%s %s", kind.Slug, slug)
			}
		}
	})

	t.Run("it keeps health from the police and police data from the housing association", func(t *testing.T) {
		for partnerType, want := range map[string]map[authz.Category]authz.Level{
			"police":              {authz.Health: authz.None, authz.Police: authz.Own, authz.Judicial: authz.OnRelease},
			"housing-association": {authz.Police: authz.None, authz.Housing: authz.Contribute, authz.Plan: authz.OnRelease},
			"mental-health-care":  {authz.Health: authz.Own, authz.Police: authz.OnRelease},
			"municipal-director":  {authz.Identity: authz.Edit, authz.Health: authz.OnRelease, authz.Finance: authz.Read},
			"residents":           {authz.Incident: authz.Own, authz.Area: authz.Read, authz.Identity: authz.None},
		} {
			row, err := authz.CompileRow(cells, newID(), partnerType)
			require.NoError(t, err)
			for c, level := range want {
				require.Equal(t, level, row[0][c], "%s %s", partnerType, c.Slug())
			}
		}
	})
}

func TestReplaceRefuses(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	association := h.person(t, municipality, "residents").Partner
	elsewhere := h.person(t, "GM1948", "police").Partner
	police := "police"
	for name, c := range map[string]struct {
		cells []matrix.NewCell
		kind  problem.Kind
		names []string
	}{
		"a cell of nobody": {[]matrix.NewCell{{DossierType: "all", Category: "area", Level: "read"}}, problem.Invalid, []string{"/cells/0"}},
		"a cell of a type and a partner": {
			[]matrix.NewCell{{PartnerType: &police, PartnerID: &association, DossierType: "all", Category: "area", Level: "read"}},
			problem.Invalid, []string{"/cells/0"},
		},
		"everything unknown at once": {
			[]matrix.NewCell{of("wizards", "castle", "spells", "all")}, problem.Invalid,
			[]string{"/cells/0/partnerType", "/cells/0/dossierType", "/cells/0/category", "/cells/0/level"},
		},
		"a partner that is not there":           {[]matrix.NewCell{forPartner(newID(), "all", "area", "read")}, problem.Invalid, []string{"/cells/0/partnerId"}},
		"a partner of another municipality":     {[]matrix.NewCell{forPartner(elsewhere, "all", "area", "read")}, problem.Invalid, []string{"/cells/0/partnerId"}},
		"residents who read more than the area": {[]matrix.NewCell{of("residents", "all", "incident", "read")}, problem.Conflict, nil},
		"residents who edit the area":           {[]matrix.NewCell{of("residents", "all", "area", "edit")}, problem.Conflict, nil},
		"an association that reads incidents":   {[]matrix.NewCell{forPartner(association, "situation", "incident", "read")}, problem.Conflict, nil},
		"the same cell twice, with another level": {
			[]matrix.NewCell{of("police", "all", "area", "read"), of("police", "all", "health", "none"), of("police", "all", "area", "own")},
			problem.Invalid, []string{"/cells/0", "/cells/2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := h.s.Replace(as(t, director), matrix.Condition{}, c.cells)
			require.Equal(t, c.kind, problem.KindOf(err), "%v", err)
			require.Equal(t, c.names, fieldNames(err))
			require.Zero(t, one[int](t, h, "select count(*) from matrix_draft"))
		})
	}
}

func TestReplaceTakesWhatResidentsMayHave(t *testing.T) {
	h := newHouse(t)
	association := h.person(t, municipality, "residents").Partner
	_, begun, err := h.s.Replace(as(t, h.director(t)), matrix.Condition{}, []matrix.NewCell{
		of("residents", "all", "area", "read"), of("residents", "all", "incident", "own"), of("residents", "all", "network", "on-release"),
		forPartner(association, "all", "area", "read"), of("residents", "situation", "area", "none"),
	})
	require.NoError(t, err)
	require.True(t, begun)
}

// fieldNames is where the input is wrong; nil when nothing is said of it.
func fieldNames(err error) (names []string) {
	p, ok := err.(*problem.Error)
	if !ok {
		return nil
	}
	for _, f := range p.Fields {
		names = append(names, f.Name)
	}
	return names
}
