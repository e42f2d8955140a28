package person

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Merge says that two registrations are of one person (samenvoeging). Nothing moves: the other is read with the one
// that goes on by who reads both, and a reversal is only that this ends.
type Merge struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	SurvivorID     uuid.UUID // the one that goes on
	OtherID        uuid.UUID
	Reason         string
	MergedBy       *uuid.UUID // nil for a system, as ReversedBy
	MergedAt       time.Time
	ReversedAt     *time.Time
	ReversedBy     *uuid.UUID
	ReversalReason string    // empty until it is reversed
	ChangedAt      time.Time `etag:"-"`
}

// TableName is where the rows are kept.
func (Merge) TableName() string { return "person_merge" }

// Guarded implements db.Row: who may change the person that goes on, and the other, may merge them.
func (m Merge) Guarded() uuid.UUID { return m.SurvivorID }

func (m Merge) place() page.Cursor { return page.At(m.MergedAt, m.ID) }

// reverse ends a merge. It fails with problem.Conflict when that happened already.
func (m *Merge) reverse(reason string, by *uuid.UUID, at time.Time) error {
	if m.ReversedAt != nil {
		return problem.Errorf(problem.Conflict, "The merge is reversed already.")
	}
	m.ReversedAt, m.ReversedBy, m.ReversalReason, m.ChangedAt = &at, by, reason, at
	return nil
}

// standing refuses what is not done any more with a registration that was merged into another.
func (p Seen) standing() error {
	if p.MergedIntoID != nil {
		return problem.Errorf(problem.Conflict, "This registration was merged into another person; use that one: %s.", *p.MergedIntoID)
	}
	return nil
}

// fits refuses a merge against which something speaks that the caller may know.
func (p Seen) fits(other Seen) error {
	if err := p.standing(); err != nil {
		return err
	}
	if err := other.standing(); err != nil {
		return err
	}
	if p.SeesBSN && other.SeesBSN && p.BSNSealed != nil && other.BSNSealed != nil && !bytes.Equal(p.stored.BSNIndex, other.stored.BSNIndex) {
		return problem.Errorf(problem.Conflict, "These are two persons: their citizen service numbers differ.")
	}
	return nil
}

// asOne are subjects as they are when registrations are taken for the persons that they are of.
func asOne(all []Subject, into map[uuid.UUID]uuid.UUID) []Subject {
	all = slices.Clone(all)
	for i, s := range all {
		all[i].PersonID = lastOf(s.PersonID, into)
		if s.RelatedPersonID != nil {
			all[i].RelatedPersonID = new(lastOf(*s.RelatedPersonID, into))
		}
	}
	return all
}

// lastOf is the person that a registration was merged into, by way of others; itself when it was not.
func lastOf(id uuid.UUID, into map[uuid.UUID]uuid.UUID) uuid.UUID {
	for range into {
		next, merged := into[id]
		if !merged {
			break
		}
		id = next
	}
	return id
}

// straight refuses parents and children in a circle.
func straight(all []Subject) error {
	for i, s := range all {
		above, below, kin := s.lineage()
		if kin && ascends(slices.Delete(slices.Clone(all), i, i+1), above, below, map[uuid.UUID]bool{}) {
			return circle()
		}
	}
	return nil
}

func circle() error {
	return problem.Errorf(problem.Conflict, "Nobody is a parent or child of himself, also not by way of others.")
}
