package oversight

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/plan"
)

func TestChangesOf(t *testing.T) {
	noon := time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	item := dossier.SeenItem{Item: dossier.Item{ID: uuid.New(), AddedAt: at(1)}}
	done := plan.Seen{Action: plan.Action{ID: uuid.New(), CreatedAt: at(0)}, Completion: &plan.Completion{CompletedAt: at(3)}}
	decision := meeting.Decision{ID: uuid.New(), DecidedAt: at(2)}

	t.Run("what happened is told once each, the last first", func(t *testing.T) {
		require.Equal(t, []Change{
			{at(3), "action-completed", "action", done.ID}, {at(2), "decision-taken", "decision", decision.ID},
			{at(1), "item-added", "item", item.ID}, {at(0), "action-created", "action", done.ID},
		}, changesOf([]dossier.SeenItem{item}, []plan.Seen{done}, []meeting.Decision{decision}))
	})
	t.Run("at most twenty, the last of all", func(t *testing.T) {
		var items []dossier.SeenItem
		for i := range 30 {
			items = append(items, dossier.SeenItem{Item: dossier.Item{ID: uuid.New(), AddedAt: at(i)}})
		}
		changes := changesOf(items, nil, nil)
		require.Len(t, changes, 20)
		require.Equal(t, []uuid.UUID{items[29].ID, items[10].ID}, []uuid.UUID{changes[0].ID, changes[19].ID})
	})
	t.Run("where nothing happened there is nothing", func(t *testing.T) { require.Empty(t, changesOf(nil, nil, nil)) })
}
