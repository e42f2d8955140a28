package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// numberless is a matrix in which everybody edits everything, and some partner types do not see citizen service numbers.
func numberless(types ...string) []authz.Cell {
	cells := everything()
	for i, c := range cells {
		for _, kind := range types {
			if c.PartnerType == kind && c.Category == authz.BSN {
				cells[i].Level = authz.None
			}
		}
	}
	return cells
}

// registered is a person with a number and a secret address, about whom the dossier is.
func registered(t *testing.T, w *live.World, c *live.Case, more ...live.M) *live.Reply {
	t.Helper()
	body := live.M{
		"givenNames": "Ilona", "familyName": "Verhaag", "bsn": "999970008", "bsnGround": "wgs", "addressSecret": true,
		"address": live.M{"street": "Bakkersweide", "houseNumber": "1", "postcode": "5501 AA", "town": "Veldhoven"},
	}
	for _, m := range more {
		body = with(body, m)
	}
	by := w.As(t, "case-director")
	made := by.Post("/v1/persons", body).Want(http.StatusCreated)
	by.Post(c.Path+"/subjects", live.M{"personId": made.ID(), "role": "member"}).Want(http.StatusCreated)
	return made
}

// TestWhatIsMaskedOfAPerson tries to wipe, to find and to look at what its supplier alone sees.
func TestWhatIsMaskedOfAPerson(t *testing.T) {
	w := live.Bare(t)
	w.Impose(t, demo.Veldhoven, numberless("police", "municipal-director"))
	c := w.Case(t)
	made := registered(t, w, c)
	police, director := w.As(t, "police"), w.As(t, "director")

	t.Run("a number that somebody does not see he does not replace", func(t *testing.T) {
		police.Get(made.Place()).Want(http.StatusOK)
		police.Patch(made.Place(), "*", live.M{"bsn": "999970021", "bsnGround": "wgs"}).Check(http.StatusForbidden)
		require.Equal(t, "******008", w.As(t, "case-director").Get(made.Place()).Text("bsn"))
		blank := registered(t, w, c, live.M{"givenNames": "Noor", "bsn": "999970033"})
		police.Patch(blank.Place(), "*", live.M{"bsn": "999970021", "bsnGround": "wgs"}).Check(http.StatusForbidden)
	})
	t.Run("nor does he learn that two have it", func(t *testing.T) {
		registered(t, w, c)
		found := police.Post("/v1/persons/_search?limit=1", live.M{"bsn": "999970008"}).Want(http.StatusOK)
		require.Empty(t, found.IDs())
		require.Nil(t, found.At("next"))
	})
	t.Run("nor the director by looking as who sees it", func(t *testing.T) {
		for _, as := range []string{"Preview-As-Professional: " + w.Person("case-director"), "Preview-As-Partner: " + w.Partner("case-director")} {
			seen := director.Get(made.Place(), as).Want(http.StatusOK)
			require.NotContains(t, string(seen.Raw), "Bakkersweide")
			require.NotContains(t, string(seen.Raw), "******008")
		}
	})
}
