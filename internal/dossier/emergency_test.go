package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
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
		MunicipalityID: home, DossierID: e.DossierID, PartnerID: e.PartnerID, Holder: e.ProfessionalID, Kind: authz.ByEmergency, Source: e.ID, Since: e.Since,
		Until: &e.Until, Profile: authz.Profile("family", "covenant"), Denied: authz.Health.Bit(),
	}, e.way(Family, Covenant))
}

// TestEmergencyByTwoClocks: the product's clock and the database's differ; what begins and ends counts at
// once by both, and never lasts longer than asked.
func TestEmergencyByTwoClocks(t *testing.T) {
	for _, ahead := range []time.Duration{-10 * time.Minute, 0, 10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			w := newWorld(t)
			w.ahead = ahead
			d := w.opened()
			w.exec(`insert into matrix_exception (municipality_id, id, version, dossier_id, partner_id, category, level, reason, since, changed_at)
				values ($1, $2, 1, $3, $4, $5, 'read', 'x', now() - interval '1 hour', now())`, home, newID(), d.ID, w.people["housing"].partner, int(authz.Health))
			in, err := w.s.OpenEmergency(w.as("housing"), Emergency{Number: d.Number, Purpose: "x", Hours: 24})
			require.NoError(t, err)
			w.get("housing", d)
			require.LessOrEqual(t, in.Row.Until.Sub(time.Now()), 24*time.Hour)
			const live = "admission where kind = 'emergency' and since <= now() and until > now()"
			require.Equal(t, 1, w.count(live+" and denied & 16 = 16 and granted & 16 = 0"))
			require.Equal(t, 1, w.count(live))
			_, err = w.s.EndEmergency(w.as("housing"), d.ID, etag.Key{ID: in.Row.ID, Match: "*"})
			require.NoError(t, err)
			require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "housing"))
			require.Zero(t, w.count(live))
		})
	}
}
