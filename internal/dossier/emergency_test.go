package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestReviewDue(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	for name, c := range map[string]struct{ taken, due string }{
		"a week later":                              {"2026-11-23T10:00:00Z", "2026-11-30"},
		"taken at the weekend":                      {"2026-11-21T10:00:00Z", "2026-11-27"},
		"Sunday night in UTC is Monday here":        {"2026-11-22T23:30:00Z", "2026-11-30"},
		"Good Friday and Easter Monday do not work": {"2026-04-02T10:00:00Z", "2026-04-13"},
		"Christmas does not":                        {"2026-12-18T10:00:00Z", "2026-12-28"},
		"nor do Ascension Day and Liberation Day":   {"2027-05-03T10:00:00Z", "2027-05-12"},
	} {
		t.Run(name, func(t *testing.T) {
			taken, err := time.Parse(time.RFC3339, c.taken)
			require.NoError(t, err)
			require.Equal(t, c.due, reviewDue(taken, zone).Format(time.DateOnly))
		})
	}
	t.Run("it is overdue from the next day, until it is done", func(t *testing.T) {
		day := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
		e := EmergencyAccess{ReviewDue: day}
		require.False(t, e.overdue(day))
		require.True(t, e.overdue(day.AddDate(0, 0, 1)))
		e.ReviewedAt = &day
		require.False(t, e.overdue(day.AddDate(0, 0, 1)))
	})
}

func TestMayBeReviewed(t *testing.T) {
	now, me, other := time.Now(), identity.Identity{Professional: uuid.New()}, uuid.New()
	standIn := identity.Identity{Professional: uuid.New(), Substitutes: []identity.Substitution{{For: other, From: now.Add(-1), Until: now.Add(1)}}}
	require.NoError(t, EmergencyAccess{ProfessionalID: other}.mayBeReviewed(me, now))
	require.Equal(t, problem.Conflict, kind(EmergencyAccess{ProfessionalID: me.Professional}.mayBeReviewed(me, now)))
	require.Equal(t, problem.Conflict, kind(EmergencyAccess{ProfessionalID: other}.mayBeReviewed(standIn, now)))
	require.Equal(t, problem.Conflict, kind(EmergencyAccess{ProfessionalID: other, ReviewedAt: &now}.mayBeReviewed(me, now)))
}

// TestTheGlassIsBrokenOnTheTermsOfThePolicy: what is written for who lets himself in is what follows from
// it later, so that nothing of it changes when the dossier is known.
func TestTheGlassIsBrokenOnTheTermsOfThePolicy(t *testing.T) {
	e := EmergencyAccess{
		MunicipalityID: home, ID: uuid.New(), DossierID: uuid.New(), PartnerID: uuid.New(), ProfessionalID: uuid.New(), Since: time.Now(),
		Until: time.Now().Add(time.Hour),
	}
	require.Equal(t, Admission{
		MunicipalityID: home, DossierID: e.DossierID, PartnerID: e.PartnerID, Holder: e.ProfessionalID, Kind: authz.Emergency, Source: e.ID, Since: e.Since,
		Until: &e.Until, Profile: authz.Profile("family", "covenant"), Denied: authz.Health.Bit(),
	}, e.way(Family, Covenant))
}
