package alert

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// owed writes an open action of the officer with a term so many days from now.
func (w *town) owed(t *testing.T, description string, days int) {
	t.Helper()
	w.exec(t, `insert into action (municipality_id, id, version, dossier_id, partner_id, professional_id, description, life_domain, kind, track, due_date, status,
		created_at, changed_at) values ('GM0861', $1, 1, $2, $3, $4, $5, 'nuisance', 'preventive', 'support', $6, 'open', now(), now())`,
		id(), w.dossier, w.police, w.officer, description, w.now().AddDate(0, 0, days))
}

func TestPlan_4_19_a_term_is_told_to_whose_turn_it_is_and_to_who_stands_in(t *testing.T) {
	w := newTown(t)
	w.standIn(t, -1, 1)
	w.owed(t, "Op huisbezoek", 1)
	w.owed(t, "Langsgaan bij de buren", -40)
	require.NoError(t, w.m.Plans.Remind(t.Context(), veldhoven))
	require.NoError(t, w.m.Plans.Remind(t.Context(), veldhoven), "nobody is told twice")
	inboxes := map[uuid.UUID][]string{}
	for _, person := range []uuid.UUID{w.officer, w.director, w.substitute, w.chair} {
		require.Eventually(t, func() bool { return len(all(t, w, w.acting(t, person), Filter{})) > 0 }, bound, 20*time.Millisecond)
		for _, one := range all(t, w, w.acting(t, person), Filter{}) {
			inboxes[person] = append(inboxes[person], one.Kind+" "+one.Text)
		}
	}
	escalated := []string{"action-escalated Actie over de termijn in dossier 2026-000007: Langsgaan bij de buren"}
	require.Equal(t, []string{"action-reminded Termijn van een actie loopt af in dossier 2026-000007: Op huisbezoek"}, inboxes[w.officer])
	for _, person := range []uuid.UUID{w.director, w.substitute} {
		require.Equal(t, escalated, inboxes[person])
	}
	require.Len(t, inboxes[w.chair], 1)
	require.Contains(t, inboxes[w.chair][0], "action-escalated")
}
