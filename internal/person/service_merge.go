package person

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Merges are merges with the names of the persons.
type Merges struct {
	Rows    []Merge
	Next    *string
	Names   map[uuid.UUID]string
	Allowed []string // of a single one
}

// Merge says that another registration is of the same person. It fails with problem.Invalid for another that the
// caller may not read, and problem.Conflict when one of them was merged already or they cannot be one person.
func (s *Service) Merge(ctx context.Context, key etag.Key, other uuid.UUID, reason string) (in Merges, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx, key.ID, other); err != nil {
			return err
		}
		p, err := s.find(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := s.mayChange(ctx, p); err != nil {
			return err
		}
		if err := etag.Check(key.Match, p.Person); err != nil {
			return err
		}
		o, err := s.another(ctx, p, other)
		if err != nil {
			return err
		}
		if err := s.unite(ctx, p, o); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		m := Merge{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, SurvivorID: p.ID, OtherID: o.ID, Reason: reason,
			MergedBy: who.Person(), MergedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if err := db.Insert(ctx, &m); err != nil {
			return err
		}
		if err := s.recordMerge(ctx, m, p, "person.merged"); err != nil {
			return err
		}
		in, err = s.merges(ctx, m)
		return err
	})
	return in, err
}

// another finds the other registration, which the caller may read and change.
func (s *Service) another(ctx context.Context, p Seen, id uuid.UUID) (Seen, error) {
	if id == p.ID {
		return Seen{}, problem.InvalidField("/otherPersonId", "reference", "A person is merged with another registration.")
	}
	o, err := s.find(ctx, id)
	if problem.Is(err, problem.NotFound) {
		return o, problem.InvalidField("/otherPersonId", "reference", "There is no such person, or you may not read it.")
	}
	if err != nil {
		return o, err
	}
	return o, s.mayChange(ctx, o)
}

// unite refuses a merge against which something speaks, also in the dossiers that are about them.
func (s *Service) unite(ctx context.Context, p, o Seen) error {
	if err := p.fits(o); err != nil {
		return err
	}
	for _, at := range dossiersOf(p.in, o.in) {
		all, err := subjectsOf(ctx, at)
		if err != nil {
			return err
		}
		into, err := s.into(ctx, all)
		if err != nil {
			return err
		}
		into[o.ID] = p.ID
		if err := straight(asOne(all, into)); err != nil {
			return err
		}
	}
	return nil
}

func dossiersOf(some ...[]Subject) (all []uuid.UUID) {
	for _, role := range slices.Concat(some...) {
		if !slices.Contains(all, role.DossierID) {
			all = append(all, role.DossierID)
		}
	}
	return all
}

// into tells into whom the persons of subjects were merged, step by step.
func (s *Service) into(ctx context.Context, all []Subject) (map[uuid.UUID]uuid.UUID, error) {
	var ids []uuid.UUID
	for _, one := range all {
		ids = append(ids, one.PersonID)
	}
	return followed(ctx, ids)
}

// followed tells into whom registrations were merged, and those in turn: a circle there is not.
func followed(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	into := map[uuid.UUID]uuid.UUID{}
	for len(ids) > 0 {
		rows, err := mergesOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		ids = nil
		for _, m := range rows {
			into[m.OtherID], ids = m.SurvivorID, append(ids, m.SurvivorID)
		}
	}
	return into, nil
}

// merged are the registrations that were merged into a person, and into those, as the caller sees them.
func (s *Service) merged(ctx context.Context, into uuid.UUID) (all []Seen, err error) {
	for at := []uuid.UUID{into}; len(at) > 0; {
		rows, err := mergesInto(ctx, at)
		if err != nil {
			return nil, err
		}
		at = make([]uuid.UUID, len(rows))
		for i, m := range rows {
			at[i] = m.OtherID
		}
		found, err := personsOf(ctx, at)
		if err != nil {
			return nil, err
		}
		seen, err := s.see(ctx, found)
		if err != nil {
			return nil, err
		}
		all = append(all, seen...)
	}
	return all, nil
}

// ReverseMerge makes two persons of one again. It fails with problem.Conflict when that happened already.
func (s *Service) ReverseMerge(ctx context.Context, of uuid.UUID, key etag.Key, reason string) (in Merges, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.merge(ctx, of, key.ID)
		if err != nil {
			return err
		}
		if err := hold(ctx, before.SurvivorID, before.OtherID); err != nil {
			return err
		}
		p, err := s.mayChangeBoth(ctx, before)
		if err != nil {
			return err
		}
		if before, err = s.merge(ctx, of, key.ID); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		after := before
		if err := after.reverse(reason, who.Person(), s.k.Now()); err != nil {
			return err
		}
		if _, err := db.Update(ctx, &before, &after); err != nil {
			return err
		}
		if err := s.recordMerge(ctx, after, p, "person.unmerged"); err != nil {
			return err
		}
		in, err = s.merges(ctx, after)
		return err
	})
	return in, err
}

// mayChangeBoth asks for the right to change both persons of a merge, and gives the one that goes on.
func (s *Service) mayChangeBoth(ctx context.Context, m Merge) (p Seen, err error) {
	for _, id := range []uuid.UUID{m.OtherID, m.SurvivorID} {
		if p, err = s.find(ctx, id); err != nil {
			return p, err
		}
		if err = s.mayChange(ctx, p); err != nil {
			return p, err
		}
	}
	return p, nil
}

// recordMerge tells of a merge in the audit, on both persons.
func (s *Service) recordMerge(ctx context.Context, m Merge, p Seen, event string) error {
	return s.k.Journal.Record(ctx, journal.Event{
		Name: event, Subject: of(p.stored), Supplier: p.SupplierID, With: []journal.Subject{{Type: "person", ID: m.OtherID}, {Type: "person-merge", ID: m.ID}},
	})
}

// GetMerge reads one merge of a person.
func (s *Service) GetMerge(ctx context.Context, of, id uuid.UUID) (in Merges, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.merge(ctx, of, id)
		if err != nil {
			return err
		}
		in, err = s.merges(ctx, m)
		return err
	})
	return in, err
}
