package dossier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestFits(t *testing.T) {
	for kind, pairs := range map[string]map[[2]Type]bool{
		"family-member":    {{Family, Person}: true, {Person, Family}: true, {Person, Situation}: false, {Family, Family}: false, {Group, Person}: false},
		"group-member":     {{Group, Person}: true, {Person, Group}: true, {Group, Family}: false, {Person, Person}: false},
		"person-situation": {{Person, Situation}: true, {Situation, Person}: true, {Family, Situation}: false, {Situation, Situation}: false},
		"cause-effect":     {{Situation, Situation}: true, {Family, Group}: true},
		"kin":              {{Person, Person}: true, {Person, Family}: false},
		"related":          {{Person, Person}: true, {Family, Situation}: true},
	} {
		for pair, fit := range pairs {
			require.Equal(t, fit, Link{Kind: kind}.fits(pair[0], pair[1]), "%s of %v", kind, pair)
		}
	}
}

func TestReferences(t *testing.T) {
	w := newWorld(t)
	d := w.opened("police", "chair")
	update := func(edit func(*Dossier)) error {
		_, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: "*"}, edit)
		return err
	}
	names := func(err error) (names []string) {
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Equal(t, problem.Invalid, p.Kind)
		for _, f := range p.Fields {
			names = append(names, f.Name)
		}
		return names
	}
	t.Run("all that a core refers to in vain is named at once", func(t *testing.T) {
		require.Equal(t, []string{"/themes/1", "/neighbourhoodCode"}, names(update(func(d *Dossier) {
			d.Themes, d.NeighbourhoodCode = []string{"youth", "nothing"}, new("BU08619999")
		})))
	})
	t.Run("a location that begins has a kind", func(t *testing.T) {
		require.Equal(t, []string{"/location/kind"}, names(update(func(d *Dossier) { d.Location = &Location{Street: new("Dorpstraat")} })))
	})
	t.Run("a link from the other side is the same one, and a cause no effect of itself", func(t *testing.T) {
		other := w.opened("police")
		add := func(from, to Seen, kind string) error {
			_, err := w.s.AddLink(w.as("social"), from.ID, Link{OtherDossierID: to.ID, Kind: kind})
			return err
		}
		for _, kind := range []string{"related", "cause-effect"} {
			require.NoError(t, add(d, other, kind))
		}
		require.True(t, problem.Is(add(other, d, "related"), problem.Conflict))
		require.True(t, problem.Is(add(other, d, "cause-effect"), problem.Conflict))
	})
	t.Run("a criterion that is on no list is not valid", func(t *testing.T) {
		_, err := w.s.ChangeRegie(w.as("director"), etag.Key{ID: d.ID, Match: "*"}, RegieChange{Phase: new(2), Criteria: []string{"b", "z"}, Reason: "x"})
		require.Equal(t, []string{"/criteria/1"}, names(err))
	})
}
