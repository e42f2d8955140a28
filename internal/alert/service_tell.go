package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

// Readable tells of which events the caller may read what happened, by their ids: the same rule by which his alerts
// are told. It needs a transaction.
func (s *Service) Readable(ctx context.Context, events []delivery.Event) (map[uuid.UUID]bool, error) {
	sight, err := s.look(ctx, events)
	may := make(map[uuid.UUID]bool, len(events))
	for _, e := range events {
		may[e.ID] = err == nil && sight.reads(e, false)
	}
	return may, err
}

// Kind is the contract's name of what happened, a code of list event-kinds.
func Kind(event string) string { return kindOf(event) }
