package authz

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLevel(t *testing.T) {
	t.Run("acts are those of the legend", func(t *testing.T) {
		for level, names := range map[Level][]string{
			None:       nil,
			OnRelease:  {"see-released"},
			Own:        {"see-released", "see-own", "add", "edit-own"},
			Read:       {"see-released", "see-own", "see-all"},
			Contribute: {"see-released", "see-own", "see-all", "add", "edit-own"},
			Edit:       {"see-released", "see-own", "see-all", "add", "edit-own", "edit-all"},
			"owner":    nil,
		} {
			require.Equal(t, names, level.Acts().Names(), level)
		}
	})

	t.Run("a letter is read as the level that writes it", func(t *testing.T) {
		for i, level := range Levels() {
			require.Equal(t, string("NCORAW"[i]), level.Letter())
			back, ok := LevelOf(level.Letter())
			require.True(t, ok)
			require.Equal(t, level, back)
		}
		_, ok := LevelOf("X")
		require.False(t, ok)
	})
}

func TestProfile(t *testing.T) {
	t.Run("every dossier type and basis has a profile of its own, twice", func(t *testing.T) {
		seen := map[int]bool{}
		for _, dossierType := range DossierTypes() {
			for _, basis := range Bases() {
				seen[Profile(dossierType, basis)] = true
				seen[DirectorProfile(dossierType, basis)] = true
			}
		}
		require.Len(t, seen, 2*profiles)
	})

	t.Run("an unknown type or basis has none", func(t *testing.T) {
		require.Equal(t, -1, Profile("street", "wgs"))
		require.Equal(t, -1, Profile("person", "habit"))
	})
}

func TestParseCategory(t *testing.T) {
	t.Run("every slug is read as its category", func(t *testing.T) {
		for i, slug := range CategorySlugs() {
			c, err := ParseCategory(slug)
			require.NoError(t, err)
			require.Equal(t, Category(i), c)
			require.Equal(t, slug, c.Slug())
		}
		require.Len(t, CategorySlugs(), int(categories))
	})

	t.Run("the core and what is unknown are no category", func(t *testing.T) {
		_, err := ParseCategory("weather")
		require.Error(t, err)
		require.Empty(t, Core.Slug())
		require.Empty(t, categories.Slug())
	})
}
