package oversight

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// OpenActions counts who carries out open actions in which kind of dossier; matrix.Service asks it before a
// publication, in a transaction of the system.
func (*Service) OpenActions(ctx context.Context) ([]matrix.Duty, error) { return openActions(ctx) }

// Suppliers reads who supplied items of which category; matrix.Service asks it before a publication, in a
// transaction of the system.
func (*Service) Suppliers(ctx context.Context) (map[authz.Category][]uuid.UUID, error) {
	return suppliers(ctx)
}
