package matrix

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Replay is the matrix that decided at a moment, to decide by it again. It is not safe for concurrent use.
type Replay struct {
	Number int64 // 0 when none was in force: then nobody had any right

	s     *Service
	cells *snapshot
}

// At gives the matrix that decided at a moment.
func (s *Service) At(ctx context.Context, at time.Time) (*Replay, error) {
	p, err := s.InForceAt(ctx, at)
	if problem.Is(err, problem.NotFound) {
		return &Replay{s: s}, nil
	}
	if err != nil {
		return nil, err
	}
	cells := s.kept(p.MunicipalityID, p.ID) // with the rows that were compiled before, when it decides now
	if cells == nil {
		cells = newSnapshot(p.ID, p.Cells)
	}
	return &Replay{Number: p.Number, s: s, cells: cells}, nil
}

// Sight is what this matrix let an identity see and do, as Service.Sight makes it of the one in force now.
func (p *Replay) Sight(who identity.Identity) (identity.Sight, error) {
	kind, known := p.s.lists.PartnerType(who.PartnerType)
	if p.cells == nil || !known {
		return identity.Sight{PartnerType: kind.Ordinal}, nil
	}
	return p.cells.sight(who, kind)
}

// Cell is the cell from which a partner's level on a category in a kind of dossier follows; false when there
// is none. The role municipal director has the cells of its partner type: see Director.
func (p *Replay) Cell(partner uuid.UUID, partnerType, dossierType string, c authz.Category) (authz.Cell, bool, error) {
	if p.cells == nil {
		return authz.Cell{}, false, nil
	}
	return authz.CellThatCounts(p.cells.cells, partner, partnerType, dossierType, c)
}

// Director is Cell for the role municipal director.
func (p *Replay) Director(dossierType string, c authz.Category) (authz.Cell, bool, error) {
	return p.Cell(uuid.Nil, directorType, dossierType, c)
}
