package matrix

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

const (
	// maxMunicipalities bounds how many matrices are kept; the Netherlands has some 340.
	maxMunicipalities = 500
	// directorType is the partner type whose cells the role of municipal director has.
	directorType = "municipal-director"
)

// Sight fills in what the matrix in force lets an identity see and do, and the version from which that
// was made. Without a published version, or when the version of the stamp is not there, it gives no right
// at all. It fails only when the database does.
func (s *Service) Sight(ctx context.Context, who identity.Identity) (identity.Identity, error) {
	ctx = identity.With(ctx, identity.System(who.Municipality, "sight"))
	var current publication
	err := s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		current, err = inForce(ctx, who.Municipality)
		return err
	})
	if err != nil {
		return who, fmt.Errorf("matrix in force: %w", err)
	}
	who.Versions.Matrix, who.Sight = current.Number, identity.Sight{}
	kind, known := s.lists.PartnerType(who.PartnerType)
	if current.ID == nil || !known {
		return who, nil
	}
	matrix, err := s.snapshot(ctx, who.Municipality, *current.ID, current.Number)
	if err != nil {
		return who, err
	}
	who.Sight, err = matrix.sight(who, kind)
	return who, err
}

// snapshot gives a version in memory; callers who want the same one at the same time read it once.
func (s *Service) snapshot(ctx context.Context, municipality string, id uuid.UUID, number int64) (*snapshot, error) {
	if kept := s.kept(municipality, id); kept != nil {
		return kept, nil
	}
	load := func() (any, error) {
		if kept := s.kept(municipality, id); kept != nil {
			return kept, nil
		}
		return s.load(ctx, municipality, id, number)
	}
	loaded, err, shared := s.loads.Do(id.String(), load)
	if err != nil && shared && ctx.Err() == nil {
		// It failed for another caller, whose request may have ended meanwhile.
		loaded, err = load()
	}
	if err != nil {
		return nil, fmt.Errorf("matrix version %d: %w", number, err)
	}
	return loaded.(*snapshot), nil
}

func (s *Service) kept(municipality string, id uuid.UUID) *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.snapshots[municipality]; kept != nil && kept.id == id {
		return kept
	}
	return nil
}

// load reads a version and keeps it in the place of the one before.
func (s *Service) load(ctx context.Context, municipality string, id uuid.UUID, number int64) (*snapshot, error) {
	var cells []authz.Cell
	err := s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		cells, err = findCells(ctx, municipality, number)
		return err
	})
	if err != nil {
		return nil, err
	}
	loaded := newSnapshot(id, cells)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.snapshots) >= maxMunicipalities {
		clear(s.snapshots)
	}
	s.snapshots[municipality] = loaded
	return loaded, nil
}
