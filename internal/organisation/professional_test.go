package organisation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestProfessionals(t *testing.T) {
	w := newTown(t)
	recruit := organisation.Professional{
		PartnerID: id("police"), Name: "Recruit", Email: "r@police.example", Roles: []identity.Role{identity.ProfessionalRole},
		Identities: []organisation.Identity{{Issuer: issuer, Subject: "recruit"}},
	}
	t.Run("a partner's administrator registers a colleague without roles", func(t *testing.T) {
		made, err := w.CreateProfessional(w.as("police administrator"), recruit)
		require.NoError(t, err)
		assert.Equal(t, "nl", made.Language)
		who, err := w.Identify(t.Context(), organisation.Token{Issuer: issuer, Subject: "recruit", Person: true}, "")
		require.NoError(t, err)
		assert.Equal(t, made.ID, who.Professional)
	})
	t.Run("but nobody of another partner, and nobody with roles", func(t *testing.T) {
		other := recruit
		other.PartnerID, other.Identities = id("housing"), nil
		_, err := w.CreateProfessional(w.as("police administrator"), other)
		assert.True(t, problem.Is(err, problem.Forbidden))
		for _, role := range []identity.Role{identity.MunicipalDirector, identity.Administrator, identity.Chair, identity.PrivacyOfficer} {
			powerful := recruit
			powerful.Roles, powerful.Identities = []identity.Role{role}, nil
			_, err = w.CreateProfessional(w.as("police administrator"), powerful)
			assert.True(t, problem.Is(err, problem.Forbidden), role)
			_, err = w.CreateProfessional(w.as("administrator"), powerful)
			assert.NoError(t, err, role)
		}
		_, err = w.CreateProfessional(w.as("constable"), recruit)
		assert.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("nobody takes over who has roles by binding his own token", func(t *testing.T) {
		p := w.professional("police administrator")
		_, err := w.UpdateProfessional(w.as("police administrator"), key(p.ID, p), func(p *organisation.Professional) {
			p.Identities = []organisation.Identity{{Issuer: issuer, Subject: "somebody else"}}
		})
		assert.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("an identity that is bound to somebody else is a conflict", func(t *testing.T) {
		double := recruit
		double.Identities = []organisation.Identity{{Issuer: issuer, Subject: veldhoven + "/constable"}}
		_, err := w.CreateProfessional(w.as("administrator"), double)
		assert.True(t, problem.Is(err, problem.Conflict))
		p := w.professional("sergeant")
		_, err = w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) { p.Identities = double.Identities })
		assert.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("an unknown partner is invalid", func(t *testing.T) {
		lost := recruit
		lost.PartnerID, lost.Identities = organisation.SeedID(meierijstad, "police"), nil
		_, err := w.CreateProfessional(w.as("administrator"), lost)
		assert.True(t, problem.Is(err, problem.Invalid))
	})
	t.Run("only administrators and he himself see with which tokens he comes in", func(t *testing.T) {
		for reader, sees := range map[string]bool{
			"administrator": true, "police administrator": true, "constable": true, "sergeant": false, "chair": false, "director": false,
		} {
			p, err := w.GetProfessional(w.as(reader), id("constable"))
			require.NoError(t, err)
			assert.Equal(t, sees, p.Identities != nil, reader)
			police := id("police")
			rows, _, err := w.ListProfessionals(w.as(reader), organisation.ProfessionalFilter{PartnerID: &police}, page.Request{Limit: 50})
			require.NoError(t, err)
			for _, row := range rows {
				if row.ID == p.ID {
					assert.Equal(t, key(p.ID, p), key(row.ID, row), "list equals detail for %s", reader)
				}
			}
		}
	})
	t.Run("a hidden change does not move the tag of who may not see it", func(t *testing.T) {
		before, err := w.GetProfessional(w.as("sergeant"), id("constable"))
		require.NoError(t, err)
		p := w.professional("constable")
		changed, err := w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) {
			p.Identities = append(p.Identities, organisation.Identity{Issuer: issuer, Subject: "second"})
		})
		require.NoError(t, err)
		assert.Len(t, changed.Identities, 2)
		assert.NotEqual(t, key(p.ID, p), key(p.ID, changed))
		after, err := w.GetProfessional(w.as("sergeant"), id("constable"))
		require.NoError(t, err)
		assert.Equal(t, key(p.ID, before), key(p.ID, after))
		assert.Equal(t, changed.Version, w.professional("constable").Version, "a bound token is a version too")
	})
	t.Run("are found by role and by the domain of their partner", func(t *testing.T) {
		chair, safety := "chair", "safety"
		rows, _, err := w.ListProfessionals(w.as("chair"), organisation.ProfessionalFilter{Role: &chair}, page.Request{Limit: 50})
		require.NoError(t, err)
		assert.NotEmpty(t, rows)
		for _, row := range rows {
			assert.Contains(t, row.Roles, identity.Chair)
		}
		rows, _, err = w.ListProfessionals(w.as("chair"), organisation.ProfessionalFilter{Domain: &safety}, page.Request{Limit: 50})
		require.NoError(t, err)
		for _, row := range rows {
			assert.Equal(t, id("police"), row.PartnerID)
		}
	})
	t.Run("dates come back as they went, null empties", func(t *testing.T) {
		day := time.Date(2027, 3, 28, 0, 0, 0, 0, time.UTC)
		p := w.professional("sergeant")
		p, err := w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) { p.TrainedOn, p.ValidUntil = &day, &day })
		require.NoError(t, err)
		read := w.professional("sergeant")
		assert.True(t, read.TrainedOn.Equal(day))
		_, err = w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) { p.ValidUntil = nil })
		require.NoError(t, err)
		assert.Nil(t, w.professional("sergeant").ValidUntil)
	})
}
