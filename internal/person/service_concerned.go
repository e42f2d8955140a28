package person

import (
	"context"

	"github.com/google/uuid"
)

// Concerned is a dossier that a person is or was a subject of.
type Concerned struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
}

// Concerned finds every dossier that is or was about a person or a registration that was merged into it, and tells
// whether the person is in the register. It needs a transaction of the product itself: an ordinary caller finds only
// what he sees.
func (s *Service) Concerned(ctx context.Context, of uuid.UUID) (all []Concerned, there bool, err error) {
	return concerned(ctx, of)
}
