package person

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Sought is whom a search is for; nil does not limit.
type Sought struct {
	Name      *string
	BirthDate *time.Time
	BSN       *string
}

// Search finds persons that the caller may read, by number only where he may know it; the latest registered first.
// It fails with problem.Invalid for a name of which nothing can be heard.
func (s *Service) Search(ctx context.Context, w Sought, p page.Request) (all []Seen, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		by := sought{born: w.BirthDate}
		if w.Name != nil {
			named := Person{MunicipalityID: who.Municipality, FamilyName: *w.Name}
			named.rename()
			if by.keys = named.Keys; len(by.keys) == 0 {
				return problem.InvalidField("/name", "format", "Give a name with at least one word that is no prefix.")
			}
		}
		if w.BSN != nil {
			by.bsn = s.k.Secrets.Index(who.Municipality, "person.bsn", *w.BSN)
		}
		ids, err := s.hits(ctx, by)
		if err != nil {
			return err
		}
		rows, err := listPersons(ctx, ids, p)
		if err != nil {
			return err
		}
		seen, err := s.see(ctx, rows)
		all, next = page.Cut(seen, p.Limit, Seen.place)
		return err
	})
	return all, next, err
}

// hits are whom a search finds, of registrations that were merged the one that goes on, once. By a number is found whose
// number the caller may know, also when it was merged.
func (s *Service) hits(ctx context.Context, by sought) ([]uuid.UUID, error) {
	found, err := personHits(ctx, by)
	if err != nil {
		return nil, err
	}
	if by.bsn != nil {
		if found, err = s.numbered(ctx, found); err != nil {
			return nil, err
		}
	}
	into, err := followed(ctx, found)
	if err != nil {
		return nil, err
	}
	for i, id := range found {
		found[i] = lastOf(id, into)
	}
	slices.SortFunc(found, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(found), nil
}

// numbered are the persons whose citizen service number the caller may know.
func (s *Service) numbered(ctx context.Context, ids []uuid.UUID) (may []uuid.UUID, err error) {
	rows, err := personsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.alone(ctx, rows)
	for _, one := range seen {
		if one.SeesBSN {
			may = append(may, one.ID)
		}
	}
	return may, err
}
