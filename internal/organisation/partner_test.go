package organisation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestPartners(t *testing.T) {
	w := newTown(t)
	school := organisation.Partner{Name: "College", Type: "school", Domain: "social", ContactEmail: "office@college.example"}
	t.Run("only the municipality's administrator registers one", func(t *testing.T) {
		for _, other := range []string{"director", "police administrator", "constable"} {
			_, err := w.CreatePartner(w.as(other), school)
			assert.True(t, problem.Is(err, problem.Forbidden), other)
		}
		made, err := w.CreatePartner(w.as("administrator"), school)
		require.NoError(t, err)
		read, err := w.GetPartner(w.as("constable"), made.ID)
		require.NoError(t, err)
		assert.Equal(t, key(made.ID, made), key(read.ID, read), "what was made is what is read")
	})
	t.Run("an unknown type is invalid", func(t *testing.T) {
		_, err := w.CreatePartner(w.as("administrator"), organisation.Partner{Name: "x", Type: "florist", Domain: "social"})
		assert.True(t, problem.Is(err, problem.Invalid))
	})
	t.Run("a stale change names what differs", func(t *testing.T) {
		old, err := w.GetPartner(w.as("administrator"), id("housing"))
		require.NoError(t, err)
		rename := func(name string) error {
			_, err := w.UpdatePartner(w.as("administrator"), key(old.ID, old), func(p *organisation.Partner) { p.Name = name })
			return err
		}
		require.NoError(t, rename("Thuis"))
		err = rename("Woonbedrijf")
		require.True(t, problem.Is(err, problem.Stale))
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Len(t, p.Fields, 1)
		assert.Equal(t, "/name", p.Fields[0].Name)
		_, err = w.UpdatePartner(w.as("administrator"), etag.Key{ID: old.ID}, func(*organisation.Partner) {})
		assert.True(t, problem.Is(err, problem.MatchRequired))
	})
	t.Run("another municipality's is not there", func(t *testing.T) {
		_, err := w.GetPartner(w.as("administrator"), organisation.SeedID(meierijstad, "police"))
		assert.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("the pages together hold each once, by name", func(t *testing.T) {
		var names []string
		p := page.Request{Limit: 2}
		for {
			rows, next, err := w.ListPartners(w.as("constable"), organisation.PartnerFilter{}, p)
			require.NoError(t, err)
			for _, row := range rows {
				names = append(names, row.Name)
			}
			if next == nil {
				break
			}
			p, err = page.Parse(&p.Limit, next)
			require.NoError(t, err)
		}
		assert.Equal(t, []string{"College", "Thuis", "police", "social team", "town hall"}, names)
		safety := "safety"
		rows, _, err := w.ListPartners(w.as("constable"), organisation.PartnerFilter{Domain: &safety}, page.Request{Limit: 10})
		require.NoError(t, err)
		assert.Len(t, rows, 1)
	})
}

func TestEveryChangeIsAuditedAndSeenByAll(t *testing.T) {
	w := newTown(t)
	admin := w.as("administrator")
	for event, change := range map[string]func() error{
		"partner.registered": func() error {
			_, err := w.CreatePartner(admin, organisation.Partner{Name: "College", Type: "school", Domain: "social"})
			return err
		},
		"professional.changed": func() error {
			p := w.professional("sergeant")
			_, err := w.UpdateProfessional(admin, key(p.ID, p), func(p *organisation.Professional) { p.Name = "Sgt" })
			return err
		},
		"substitution.arranged": func() error {
			_, err := w.CreateSubstitution(admin, organisation.Substitution{
				ProfessionalID: id("constable"), SubstituteID: id("sergeant"), From: w.now(), Until: w.now().AddDate(0, 0, 1),
			})
			return err
		},
		"client.changed": func() error {
			c, err := w.GetClient(admin, id("police system"))
			if err != nil {
				return err
			}
			_, err = w.UpdateClient(admin, key(c.ID, c), func(c *organisation.Client) { c.Name = "BVH" })
			return err
		},
	} {
		_, before := w.audited(event)
		require.NoError(t, change(), event)
		entries, after := w.audited(event)
		assert.Equal(t, 1, entries, event)
		assert.Equal(t, before+1, after, event)
	}
	t.Run("a refused one leaves nothing", func(t *testing.T) {
		_, before := w.audited("partner.changed")
		p, err := w.GetPartner(admin, id("police"))
		require.NoError(t, err)
		_, err = w.UpdatePartner(w.as("constable"), key(p.ID, p), func(p *organisation.Partner) { p.Name = "mine" })
		assert.True(t, problem.Is(err, problem.Forbidden))
		entries, after := w.audited("partner.changed")
		assert.Zero(t, entries)
		assert.Equal(t, before, after)
	})
}
