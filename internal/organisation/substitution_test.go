package organisation_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestSubstitutions(t *testing.T) {
	w := newTown(t)
	arrange := func(ctx context.Context, substitute string, from, until time.Duration) (organisation.Substitution, error) {
		return w.CreateSubstitution(ctx, organisation.Substitution{
			ProfessionalID: id("constable"), SubstituteID: id(substitute), From: w.now().Add(from), Until: w.now().Add(until),
		})
	}
	t.Run("he himself or an administrator arranges it", func(t *testing.T) {
		for by, allowed := range map[string]bool{
			"constable": true, "police administrator": true, "administrator": true, "sergeant": false, "chair": false, "director": false,
		} {
			_, err := arrange(w.as(by), "sergeant", 90*24*time.Hour, 91*24*time.Hour)
			assert.Equal(t, !allowed, problem.Is(err, problem.Forbidden), by)
		}
	})
	t.Run("only by a colleague, and somebody who is there", func(t *testing.T) {
		_, err := arrange(w.as("constable"), "chair", time.Hour, 2*time.Hour)
		assert.True(t, problem.Is(err, problem.Conflict))
		_, err = arrange(w.as("constable"), "constable", time.Hour, 2*time.Hour)
		assert.True(t, problem.Is(err, problem.Conflict))
		_, err = arrange(w.as("constable"), "nobody", time.Hour, 2*time.Hour)
		assert.True(t, problem.Is(err, problem.Invalid))
	})
	t.Run("who stands in acts for him in that period, and cannot prolong it", func(t *testing.T) {
		one, err := arrange(w.as("constable"), "sergeant", time.Hour, 3*time.Hour)
		require.NoError(t, err)
		who, err := w.Identify(t.Context(), w.token("sergeant"), "")
		require.NoError(t, err)
		assert.False(t, who.Is(id("constable"), w.now()))
		assert.True(t, who.Is(id("constable"), w.now().Add(2*time.Hour)), "known before it begins")
		w.pass(2 * time.Hour)
		_, err = w.UpdateSubstitution(w.as("sergeant"), id("constable"), key(one.ID, one), func(s *organisation.Substitution) { s.Until = s.Until.AddDate(1, 0, 0) })
		assert.True(t, problem.Is(err, problem.Forbidden))
		one, err = w.UpdateSubstitution(w.as("constable"), id("constable"), key(one.ID, one), func(s *organisation.Substitution) { s.Until = w.now() })
		require.NoError(t, err, "he is back")
		who, err = w.Identify(t.Context(), w.token("sergeant"), "")
		require.NoError(t, err)
		assert.Empty(t, who.Substitutes)
		rows, _, err := w.ListSubstitutions(w.as("chair"), id("constable"), page.Request{Limit: 1})
		require.NoError(t, err)
		assert.Len(t, rows, 1)
		read, err := w.GetSubstitution(w.as("chair"), id("constable"), one.ID)
		require.NoError(t, err)
		assert.Equal(t, key(one.ID, one), key(read.ID, read))
	})
	t.Run("nobody stands in for who has no access himself", func(t *testing.T) {
		_, err := arrange(w.as("constable"), "sergeant", time.Hour, 48*time.Hour)
		require.NoError(t, err)
		today := w.now().Truncate(24 * time.Hour)
		p := w.professional("constable")
		_, err = w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) { p.ValidUntil = &today })
		require.NoError(t, err)
		who, err := w.Identify(t.Context(), w.token("sergeant"), "")
		require.NoError(t, err)
		require.Len(t, who.Substitutes, 1)
		assert.Equal(t, today.Add(23*time.Hour), who.Substitutes[0].Until, "ends at midnight there")
	})
}
