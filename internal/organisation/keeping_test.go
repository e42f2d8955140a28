package organisation_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestNobodyLocksEverybodyOut(t *testing.T) {
	drop := func(p *organisation.Professional) { p.Roles = []identity.Role{identity.ProfessionalRole} }
	update := func(w *town, name string, edit func(*organisation.Professional)) error {
		p := w.professional(name)
		_, err := w.UpdateProfessional(w.as("administrator"), key(p.ID, p), edit)
		return err
	}
	tomorrow := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		who  string
		edit func(*organisation.Professional)
	}{
		"the last administrator keeps the role":   {"administrator", drop},
		"the last director keeps the role":        {"director", drop},
		"the last administrator keeps a token":    {"administrator", func(p *organisation.Professional) { p.Identities = nil }},
		"the last director does not end tomorrow": {"director", func(p *organisation.Professional) { p.ValidUntil = &tomorrow }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			assert.True(t, problem.Is(update(w, c.who, c.edit), problem.Conflict))
			// An administrator of a partner does not count.
			require.NoError(t, update(w, "constable", func(p *organisation.Professional) {
				p.Roles = []identity.Role{identity.Administrator, identity.MunicipalDirector}
			}))
			if c.who == "administrator" {
				assert.True(t, problem.Is(update(w, c.who, c.edit), problem.Conflict))
				return
			}
			assert.NoError(t, update(w, c.who, c.edit), "with a second one it is allowed")
		})
	}
	t.Run("the last partner that directs is not suspended", func(t *testing.T) {
		w := newTown(t)
		second, err := w.CreatePartner(w.as("administrator"), organisation.Partner{Name: "second", Type: "municipal-director", Domain: "both"})
		require.NoError(t, err)
		_, err = w.CreateProfessional(w.as("administrator"), organisation.Professional{
			PartnerID: second.ID, Name: "second", Roles: []identity.Role{identity.Administrator},
			Identities: []organisation.Identity{{Issuer: issuer, Subject: veldhoven + "/second"}},
		})
		require.NoError(t, err)
		suspend := func(as string, id uuid.UUID) error {
			p, err := w.GetPartner(w.as(as), id)
			require.NoError(t, err)
			_, err = w.UpdatePartner(w.as(as), key(p.ID, p), func(p *organisation.Partner) { p.Status = organisation.Suspended })
			return err
		}
		assert.True(t, problem.Is(suspend("administrator", id("town hall")), problem.Conflict), "the own organisation")
		assert.True(t, problem.Is(suspend("second", id("town hall")), problem.Conflict), "the only director is there")
		assert.NoError(t, suspend("administrator", second.ID))
	})
	t.Run("two who leave at once do not both leave", func(t *testing.T) {
		w := newTown(t)
		require.NoError(t, update(w, "sergeant", func(p *organisation.Professional) { p.Roles = []identity.Role{identity.MunicipalDirector} }))
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i, name := range []string{"director", "sergeant"} {
			p, ctx := w.professional(name), w.as("administrator")
			wait.Go(func() {
				_, errs[i] = w.UpdateProfessional(ctx, key(p.ID, p), drop)
			})
		}
		wait.Wait()
		refusals := 0
		for _, err := range errs {
			if problem.Is(err, problem.Conflict) {
				refusals++
			}
		}
		assert.Equal(t, 1, refusals, "%v", errs)
	})
}
