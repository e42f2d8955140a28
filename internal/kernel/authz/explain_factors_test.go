package authz

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// found are the findings of an explanation on some factors, in their order.
func found(f Facts, factors ...string) (all []string) {
	for _, factor := range Explain(f).Factors {
		if slices.Contains(factors, factor.Factor) {
			all = append(all, factor.Finding)
		}
	}
	return all
}

// TestExplainTellsEveryFactor holds what is told beside the factor that decides.
func TestExplainTellsEveryFactor(t *testing.T) {
	// director is the role municipal director, with its own cells, beside or in the place of the partner's.
	director := func(own, role Level, more ...Way) func(*Facts) {
		return func(f *Facts) {
			var mine, theirs Row
			for i := range mine {
				for c := range mine[i] {
					mine[i][c], theirs[i][c] = own, role
				}
			}
			f.Who.Sight = Subject{PartnerType: 5, Row: mine, Director: &theirs}.Sight()
			f.Ways = append([]Way{{Admission: Admission{Kind: "director", Profile: DirectorProfile("person", "covenant")}}}, more...)
		}
	}
	taking := Way{Admission: under("covenant")}
	granted := func(f *Facts) {
		f.Ways[0].Kind = "grant"
		f.Ways[0].Grant(Health, Read)
	}
	replaced := func(level Level) func(*Facts) {
		return func(f *Facts) { f.Replaced = &level }
	}
	for name, c := range map[string]struct {
		facts   Facts
		factors []string
		want    []string
	}{
		"how he came in": {asked(Read), []string{"admission"}, []string{"admitted-by-participant"}},
		"every way": {asked(Read, func(f *Facts) {
			f.Ways = append(f.Ways, Way{Admission: Admission{Kind: "meeting", Profile: f.Profile}})
		}), []string{"admission"}, []string{"admitted-by-participant", "admitted-by-meeting"}},
		"that there is no way":                   {asked(Read, func(f *Facts) { f.Ways = nil }), []string{"admission", "matrix-cell"}, []string{"not-admitted", "cell-gives"}},
		"no grant where none was given":          {asked(Read), []string{"grant", "role", "exception"}, nil},
		"a grant by its level":                   {asked(None, func(f *Facts) { f.Ways[0].Grants = Read }), []string{"grant"}, []string{"grant-gives"}},
		"a grant by what it gives":               {asked(None, granted), []string{"grant"}, []string{"grant-gives"}},
		"an exception is no grant":               {asked(None, replaced(Read), granted), []string{"grant"}, nil},
		"the cells of the partner":               {asked(Read), []string{"matrix-cell"}, []string{"cell-gives"}},
		"the cells of the role alone":            {asked(None, director(None, Read)), []string{"matrix-cell"}, []string{"cell-gives"}},
		"those of the role that lack":            {asked(Read, director(Read, None)), []string{"matrix-cell"}, []string{"cell-lacks"}},
		"both cells, each apart":                 {asked(Read, director(None, Read, taking)), []string{"matrix-cell"}, []string{"cell-lacks", "cell-gives"}},
		"an exception in the place of one":       {asked(Read, replaced(None), director(Read, Read, taking), replaced(None)), []string{"matrix-cell"}, []string{"cell-replaced", "cell-gives"}},
		"that the covenant lets him in":          {asked(Read), []string{"legal-basis", "category-ceiling"}, []string{"basis-admits", "ceiling-open"}},
		"that the Wgs lets him in, profile zero": {asked(Read, func(f *Facts) { f.Profile, f.Ways[0].Profile = 0, 0 }), []string{"legal-basis"}, []string{"basis-admits"}},
		"that it lets no third party in":         {asked(Read, func(f *Facts) { f.Who.Sight, f.Profile, f.Ways[0].Profile = seeing(Read, true).Sight, 0, 0 }), []string{"legal-basis"}, []string{"basis-excludes"}},
		"that it lets the director in":           {asked(Read, director(None, Read)), []string{"legal-basis"}, []string{"basis-admits"}},
		"the professional, for a person":         {asked(Read), []string{"professional-standing"}, []string{"professional-valid"}},
		"none for a system":                      {asked(Read, func(f *Facts) { f.Who.Professional = identity.Identity{}.Professional }), []string{"professional-standing"}, nil},
		"emergency, where it is one":             {asked(Read, func(f *Facts) { f.Ways[0].Kind = ByEmergency }), []string{"emergency-limit"}, []string{"closed-in-emergency"}},
		"no emergency, where it is none":         {asked(Read), []string{"emergency-limit"}, nil},
		"nor for other categories":               {asked(Read, func(f *Facts) { f.Ways[0].Kind, f.Resource.Category = ByEmergency, Police }), []string{"emergency-limit"}, nil},
		"what is so of an item of others":        {asked(Read), []string{"item", "supplier", "secrecy", "item-condition", "withholding", "release", "restriction"}, []string{"item-there", "item-of-other", "not-secret", "not-withheld-from-type", "not-withheld-from-partner", "not-released", "not-restricted"}},
		"what is so of his own secret":           {asked(Read, func(f *Facts) { f.Resource = mine(secret, fromMyType) }), []string{"supplier", "secrecy", "item-condition"}, []string{"item-own", "secret-own", "not-withheld-from-type"}},
		"nothing of an item without one":         {asked(Read, func(f *Facts) { f.Item = false }), []string{"item", "supplier", "secrecy", "release"}, nil},
		"that it is open":                        {asked(Read), []string{"dossier-state"}, []string{"dossier-open"}},
		"that one way is shielded":               {asked(Read, func(f *Facts) { f.Ways = append(f.Ways, Way{Admission: Admission{Profile: f.Profile, Shielded: true}}) }), []string{"dossier-state"}, []string{"dossier-shielded"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, found(c.facts, c.factors...)) })
	}
}
