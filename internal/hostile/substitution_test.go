package hostile

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// hired is somebody who is registered by the municipality's administrator, with his first token.
func hired(t *testing.T, w *live.World, colleagueOf, subject string, roles ...string) (id string, c *live.Client) {
	t.Helper()
	made := w.As(t, "director").Post("/v1/professionals", live.Cleared(live.M{
		"partnerId": w.Partner(colleagueOf), "name": subject, "email": subject + "@example.org", "roles": roles,
		"identities": []live.M{{"issuer": w.URL, "subject": subject}},
	})).Want(http.StatusCreated)
	token, err := w.Product.Issuer.IssuePerson(subject, demo.Veldhoven)
	require.NoError(t, err)
	return made.ID(), w.With(t, token)
}

// TestAnAdministratorOfAPartnerStandsInForNoRole lets the administrator of a partner arrange that he
// stands in for a colleague.
func TestAnAdministratorOfAPartnerStandsInForNoRole(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	id, administrator := hired(t, w, "social", "own-administrator", "administrator")
	standIn := live.M{"substituteId": id, "from": time.Now().Add(-time.Hour), "until": time.Now().Add(time.Hour)}
	of := func(short string) string { return "/v1/professionals/" + w.Person(short) + "/substitutions" }

	administrator.Post(of("case-director"), standIn).Want(http.StatusForbidden)
	administrator.Get(c.Path).Want(http.StatusNotFound)

	arranged := w.As(t, "case-director").Post(of("case-director"), standIn).Want(http.StatusCreated)
	administrator.Get(c.Path).Want(http.StatusOK)
	administrator.Patch(arranged.Place(), "*", live.M{"until": time.Now().AddDate(1, 0, 0)}).Want(http.StatusForbidden)

	w.As(t, "director").Patch(arranged.Place(), "*", live.M{"until": time.Now()}).Want(http.StatusOK)
	administrator.Get(c.Path).Want(http.StatusNotFound)
}

// TestNobodyArrangesThatHeStandsIn lets a director who administers the municipality as well grant a colleague
// what he may not have himself, and then stand in for the colleague.
func TestNobodyArrangesThatHeStandsIn(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	director := w.As(t, "director")
	item := c.Item(t, "mental-health", "health", live.M{"secrecy": live.M{"ground": "statutory-duty"}})
	id, colleague := hired(t, w, "director", "colleague", "professional")
	director.Post(c.Path+"/grants", live.M{
		"professionalId": id, "categories": []string{"health"}, "level": "read", "reason": "Nodig.", "until": time.Now().Add(time.Hour),
	}).Want(http.StatusCreated)
	standIn := live.M{"substituteId": w.Person("director"), "from": time.Now().Add(-time.Hour), "until": time.Now().Add(time.Hour)}
	of := "/v1/professionals/" + id + "/substitutions"

	director.Post(of, standIn).Want(http.StatusForbidden)
	director.Get(item.Place()).Want(http.StatusNotFound)

	arranged := colleague.Post(of, standIn).Want(http.StatusCreated)
	director.Patch(arranged.Place(), "*", live.M{"until": time.Now().AddDate(1, 0, 0)}).Want(http.StatusForbidden)
	director.Patch(arranged.Place(), "*", live.M{"until": time.Now()}).Want(http.StatusOK)
}
