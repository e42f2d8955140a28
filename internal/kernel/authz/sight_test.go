package authz

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

func someRow() *rapid.Generator[Row] {
	return rapid.Custom(func(t *rapid.T) (row Row) {
		for at := range row {
			for c := range row[at] {
				row[at][c] = rapid.SampledFrom(Levels()).Draw(t, "level")
			}
		}
		return row
	})
}

func someSubject() *rapid.Generator[Subject] {
	return rapid.Custom(func(t *rapid.T) Subject {
		s := Subject{Third: rapid.Bool().Draw(t, "third party"), Row: someRow().Draw(t, "row")}
		if rapid.Bool().Draw(t, "has the role municipal director") {
			row := someRow().Draw(t, "row of the director")
			s.Director = &row
		}
		if rapid.Bool().Draw(t, "is a system") {
			s.Categories = rapid.SliceOfDistinct(rapid.SampledFrom(CategorySlugs()), rapid.ID).Draw(t, "categories")
			s.Categories = append([]string{}, s.Categories...)
		}
		return s
	})
}

// masks lists a sight's masks in the order of the acts' bits.
func masks(s identity.Sight) []identity.Masks {
	return []identity.Masks{s.SeeReleased, s.SeeOwn, s.SeeAll, s.Add, s.EditOwn, s.EditAll}
}

func TestSight(t *testing.T) {
	t.Run("a mask has the categories whose level has the act, within the client's categories", rapid.MakeCheck(func(t *rapid.T) {
		s := someSubject().Draw(t, "subject")
		sight := s.Sight()
		eachProfile(func(profile int, dossierType, basis string, director bool) {
			for c := range categories {
				for i, mask := range masks(sight) {
					want := s.level(dossierType, c, director).Acts()&(1<<i) != 0
					require.Equal(t, want, mask.At(profile)&c.Bit() != 0, "%s %s %s %v act %d", dossierType, basis, c.Slug(), director, i)
				}
			}
		})
	}))

	t.Run("the ceiling is that of the legal basis, within the client's categories", rapid.MakeCheck(func(t *rapid.T) {
		s := someSubject().Draw(t, "subject")
		sight := s.Sight()
		eachProfile(func(profile int, _, basis string, director bool) {
			if director && s.Director == nil {
				require.Zero(t, sight.Ceiling.At(profile))
				return
			}
			for c := range categories {
				open := basis != "wams" && (basis != "social-domain" || c != Police && c != Judicial && c != Subversion)
				require.Equal(t, open && s.within(c), sight.Ceiling.At(profile)&c.Bit() != 0, "%s %s", basis, c.Slug())
			}
		})
	}))

	t.Run("a basis admits whom its law admits", rapid.MakeCheck(func(t *rapid.T) {
		s := someSubject().Draw(t, "subject")
		sight := s.Sight()
		eachProfile(func(profile int, _, basis string, director bool) {
			admitted := basis != "wams" && !(basis == "wgs" && s.Third && !director) && (!director || s.Director != nil)
			require.Equal(t, admitted, sight.Admits>>profile&1 == 1, "%s %v", basis, director)
		})
	}))
}

// level is the cell that counts, none for a category beyond the client's.
func (s Subject) level(dossierType string, c Category, director bool) Level {
	row := &s.Row
	if director {
		row = s.Director
	}
	if row == nil || !s.within(c) {
		return None
	}
	for at, name := range DossierTypes() {
		if name == dossierType {
			return row[at][c]
		}
	}
	return None
}

func (s Subject) within(c Category) bool {
	if s.Categories == nil {
		return true
	}
	for _, slug := range s.Categories {
		if slug == c.Slug() {
			return true
		}
	}
	return false
}

func eachProfile(do func(profile int, dossierType, basis string, director bool)) {
	for _, dossierType := range DossierTypes() {
		for _, basis := range Bases() {
			do(Profile(dossierType, basis), dossierType, basis, false)
			do(DirectorProfile(dossierType, basis), dossierType, basis, true)
		}
	}
}
