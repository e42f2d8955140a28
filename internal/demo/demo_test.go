package demo_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const issuer = "http://127.0.0.1:8080"

func TestPeople(t *testing.T) {
	seen := map[uuid.UUID]string{}
	for _, p := range demo.People() {
		assert.Empty(t, seen[p.ID()], "%s has the id of another", p.Short)
		seen[p.ID()] = p.Short
		assert.NotEmpty(t, p.PartnerType, "%s works for a partner that there is", p.Short)
		found, err := demo.Find(p.Short)
		require.NoError(t, err)
		assert.Equal(t, p, found)
	}
	_, err := demo.Find("nobody")
	assert.ErrorContains(t, err, "case-director", "who mistypes is told which names there are")
}

func TestTable(t *testing.T) {
	table := demo.Table()
	for _, short := range []string{
		"director", "chair", "case-director", "police", "social", "mental-health", "housing", "privacy-officer", "auditor", "police-system",
	} {
		assert.Contains(t, table, "\n  "+short+" ")
	}
	assert.NotContains(t, table, "other-")
	assert.Equal(t, 21, strings.Count(table, "\n"))
}

// TestLoad shows that everybody whom the table names comes in with his token.
func TestLoad(t *testing.T) {
	people := loaded(t)
	keys, err := token.OpenKeys(token.KeysConfig{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	source, err := token.NewIssuer(token.IssuerConfig{Issuer: issuer, Audience: "wijkregie", Keys: keys, Demo: true})
	require.NoError(t, err)
	verifier, err := token.New(token.Config{Issuer: issuer, Audience: "wijkregie", Keys: keys, Demo: true})
	require.NoError(t, err)
	for _, p := range demo.People() {
		t.Run(p.Short+" is known by its token", func(t *testing.T) {
			raw, err := demo.Token(source, p.Short)
			require.NoError(t, err)
			claims, err := verifier.Verify(t.Context(), raw)
			require.NoError(t, err)
			assert.Equal(t, !p.System(), claims.Person)
			who, err := people.Identify(t.Context(), organisation.Token{
				Issuer: claims.Issuer, Subject: claims.Subject, ClientID: claims.ClientID, Municipality: claims.Municipality, Person: claims.Person,
				Expires: claims.ExpiresAt,
			}, "")
			require.NoError(t, err)
			assert.Equal(t, p.Municipality, who.Municipality)
			assert.Equal(t, p.PartnerType, who.PartnerType)
			assert.ElementsMatch(t, p.Roles, who.Roles)
			assert.Contains(t, []uuid.UUID{who.Professional, who.Client}, p.ID())
		})
	}
	_, err = demo.Token(source, "nobody")
	assert.Error(t, err)
}

// loaded is a database in which the demonstration was loaded twice, as at a second start.
func loaded(t *testing.T) *organisation.Service {
	url := testkit.Database(t).URL
	database, err := db.Open(t.Context(), url, db.Options{Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, database.Close()) })
	decisions, err := authz.New(time.Now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	k := kernel.Kernel{DB: database, Authz: decisions, Journal: journal.New(time.Now, func() {})}
	people := organisation.New(k, configuration.New())
	require.NoError(t, demo.Load(t.Context(), people, url, issuer))
	require.NoError(t, demo.Load(t.Context(), people, url, issuer))
	return people
}
