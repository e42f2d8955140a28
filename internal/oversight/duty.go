package oversight

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// OpenActions counts who carries out open actions in which kind of dossier; matrix.Service asks it as the
// system, before a publication.
func (s *Service) OpenActions(ctx context.Context) (duties []matrix.Duty, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		duties, err = openActions(ctx)
		return err
	})
	return duties, err
}

// Suppliers reads who supplied items of which category; matrix.Service asks it as the system, before a
// publication.
func (s *Service) Suppliers(ctx context.Context) (all map[authz.Category][]uuid.UUID, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		all, err = suppliers(ctx)
		return err
	})
	return all, err
}
