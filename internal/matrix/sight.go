package matrix

import (
	"sync"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// maxRows bounds what a snapshot keeps: more partners than a municipality has.
const maxRows = 2000

// snapshot is one published version in memory, with the rows that Casbin decided on it. It is safe for
// concurrent use.
type snapshot struct {
	id    uuid.UUID // of the version; never used for another
	cells []authz.Cell

	mu   sync.Mutex
	rows map[rowKey]authz.Row
}

// rowKey is for whom a row was compiled; the zero partner for the cells of a type alone.
type rowKey struct {
	partner     uuid.UUID
	partnerType string
}

func newSnapshot(id uuid.UUID, cells []authz.Cell) *snapshot {
	return &snapshot{id: id, cells: cells, rows: map[rowKey]authz.Row{}}
}

// row gives what the version lets a partner do, compiled at the first call for it.
func (s *snapshot) row(partner uuid.UUID, partnerType string) (authz.Row, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := rowKey{partner: partner, partnerType: partnerType}
	if row, there := s.rows[key]; there {
		return row, nil
	}
	row, err := authz.CompileRow(s.cells, partner, partnerType)
	if err != nil {
		return row, err
	}
	if len(s.rows) >= maxRows {
		clear(s.rows)
	}
	s.rows[key] = row
	return row, nil
}

// sight gives what the version lets an identity see and do; kind is the type of its partner.
func (s *snapshot) sight(who identity.Identity, kind configuration.PartnerType) (identity.Sight, error) {
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Categories: who.Categories}
	var err error
	if subject.Row, err = s.row(who.Partner, who.PartnerType); err != nil {
		return identity.Sight{}, err
	}
	if who.IsPerson() && who.Has(identity.MunicipalDirector) {
		row, err := s.row(uuid.Nil, directorType)
		if err != nil {
			return identity.Sight{}, err
		}
		subject.Director = &row
	}
	return subject.Sight(), nil
}
