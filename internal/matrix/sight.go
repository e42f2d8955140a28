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

	mu     sync.Mutex
	rows   map[rowKey]authz.Row
	sights map[sightKey]identity.Sight // of persons: who have the same share it
}

// sightKey is for whom a sight was made.
type sightKey struct {
	rowKey
	director bool
}

// rowKey is for whom a row was compiled; the zero partner for the cells of a type alone.
type rowKey struct {
	partner     uuid.UUID
	partnerType string
}

func newSnapshot(id uuid.UUID, cells []authz.Cell) *snapshot {
	return &snapshot{id: id, cells: cells, rows: map[rowKey]authz.Row{}, sights: map[sightKey]identity.Sight{}}
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
	key := sightKey{rowKey{who.Partner, who.PartnerType}, who.IsPerson() && who.Has(identity.MunicipalDirector)}
	if who.Categories != nil { // a system is limited in its own way
		return s.compile(key, kind, who.Categories)
	}
	s.mu.Lock()
	made, there := s.sights[key]
	s.mu.Unlock()
	if there {
		return made, nil
	}
	made, err := s.compile(key, kind, nil)
	if err == nil {
		s.mu.Lock()
		s.sights[key] = made
		s.mu.Unlock()
	}
	return made, err
}

func (s *snapshot) compile(key sightKey, kind configuration.PartnerType, categories []string) (identity.Sight, error) {
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Categories: categories}
	var err error
	if subject.Row, err = s.row(key.partner, key.partnerType); err != nil {
		return identity.Sight{}, err
	}
	if key.director {
		row, err := s.row(uuid.Nil, directorType)
		if err != nil {
			return identity.Sight{}, err
		}
		subject.Director = &row
	}
	return subject.Sight(), nil
}
