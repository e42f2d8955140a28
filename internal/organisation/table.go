package organisation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Table is a standing consultation (overlegtafel) in which partners meet about dossiers.
type Table struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	Name             string
	Purpose          string
	ChairID          uuid.UUID
	MemberPartnerIDs []uuid.UUID `gorm:"serializer:json"`
	Rhythm           string      // in words
	MeetingRhythm    *Rhythm     `gorm:"serializer:json"` // nil as long as it is not set
	Level            string      // case, process, management or executive (AVE)
	AreaCodes        []string    `gorm:"serializer:json"` // CBS codes; the whole municipality when empty
	ChangedAt        time.Time   `etag:"-"`
}

// TableName implements gorm's Tabler: table is a word of SQL.
func (Table) TableName() string { return "consultation_table" }

// Guarded implements db.Row.
func (t Table) Guarded() uuid.UUID { return t.ID }

// Resource is the table, to decide on.
func (t Table) Resource() authz.Resource { return authz.Resource{ID: t.ID} }

// normal is the table in the one form in which it is compared and kept.
func (t Table) normal() Table {
	t.MemberPartnerIDs, t.AreaCodes = set(t.MemberPartnerIDs), set(t.AreaCodes)
	return t
}

// check holds a table against the partners and areas that there are.
func (t Table) check(partners []uuid.UUID, areas []string) error {
	var f problem.Faults
	for i, id := range t.MemberPartnerIDs {
		if !slices.Contains(partners, id) {
			f.Note(at("/memberPartnerIds", i), "reference", "There is no such partner; see GET /v1/partners.")
		}
	}
	for i, code := range t.AreaCodes {
		if !slices.Contains(areas, code) {
			f.Note(at("/areaCodes", i), "reference", "There is no such district or neighbourhood in this municipality.")
		}
	}
	t.MeetingRhythm.check(&f)
	return f.Err()
}

// mayChair refuses a chair who does not hold that role, or no longer has access.
func (p Professional) mayChair(today time.Time) error {
	if !p.Has(identity.Chair) || !p.ValidOn(today) {
		return problem.Errorf(problem.Conflict, "Who leads a table holds the role chair and has access; give the role first.")
	}
	return nil
}
