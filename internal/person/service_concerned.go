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

// Other is a person beside another in dossiers, in one of its roles.
type Other struct {
	Role string
	Person
}

// Registrations are a person and the registrations that are the same by a merge in force, without number and keys. It
// needs a transaction of the product itself.
func (s *Service) Registrations(ctx context.Context, of uuid.UUID) ([]Person, error) {
	return registrations(ctx, of)
}

// Others are whom dossiers are about beside some persons, with all their registrations and by their roles, to tell them
// from these. It needs a transaction of the product itself.
func (s *Service) Others(ctx context.Context, dossiers, beside []uuid.UUID) ([]Other, error) {
	return others(ctx, dossiers, beside)
}

// Whom tells whom each of some dossiers is or was about, by dossier. It needs a transaction of the product itself.
func (s *Service) Whom(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	return whom(ctx, dossiers)
}
