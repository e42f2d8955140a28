package matrix

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Assertions gives a page of the privacy assertions, the latest first.
func (s *Service) Assertions(ctx context.Context, p page.Request) (rows []Assertion, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context, _ string) error {
		if rows, err = listAssertions(ctx, p); err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(a Assertion) page.Cursor { return page.At(a.CreatedAt, a.ID) })
		return nil
	})
	return rows, next, err
}

// ActiveAssertions gives those that count, the oldest first, inside a transaction.
func (s *Service) ActiveAssertions(ctx context.Context) ([]Assertion, error) {
	return activeAssertions(ctx)
}

// Assertion gives one privacy assertion. It fails with problem.NotFound.
func (s *Service) Assertion(ctx context.Context, id uuid.UUID) (a Assertion, err error) {
	err = s.read(ctx, func(ctx context.Context, _ string) error {
		a, err = findAssertion(ctx, id)
		return err
	})
	return a, err
}

// Assert makes a privacy assertion, which counts from now on. It fails with problem.Invalid on what is not
// known, and with problem.Conflict when a matrix breaks it already.
func (s *Service) Assert(ctx context.Context, a Assertion) (Assertion, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		now := s.k.Now()
		a = a.normal()
		a.MunicipalityID, a.ID, a.Version, a.Status = who.Municipality, uuid.Must(uuid.NewV7()), 1, AssertionActive
		a.CreatedBy, a.CreatedAt, a.ChangedAt = who.Person(), now, now
		if err := s.k.Authz.Require(ctx, actAssert, a.Resource()); err != nil {
			return err
		}
		if err := s.checkAssertion(ctx, a); err != nil {
			return err
		}
		if err := s.isTrue(ctx, a); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		return s.recordAssertion(ctx, "assertion.made", a, nil)
	})
	return a, err
}

// UpdateAssertion changes, withdraws or renews a privacy assertion; it fails as Assert does, and with
// problem.Stale.
func (s *Service) UpdateAssertion(ctx context.Context, key etag.Key, edit func(*Assertion)) (a Assertion, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if a, err = findAssertion(ctx, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAssert, a.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, a); err != nil {
			return err
		}
		before := a.normal()
		edit(&a)
		a = a.normal()
		a.ChangedAt = s.k.Now()
		return s.saveAssertion(ctx, before, &a)
	})
	return a, err
}

// saveAssertion asks of a rule that counts from now on that it is true; one that stays as it was may be
// renamed or withdrawn whatever the matrix says.
func (s *Service) saveAssertion(ctx context.Context, before Assertion, a *Assertion) error {
	if err := s.checkAssertion(ctx, *a); err != nil {
		return err
	}
	if a.Status == AssertionActive && !a.sameRule(before) {
		if err := s.isTrue(ctx, *a); err != nil {
			return err
		}
	}
	fields, err := db.Update(ctx, &before, a)
	if err != nil || len(fields) == 0 {
		return err
	}
	event := "assertion.changed"
	if slices.Contains(fields, "status") && a.Status == AssertionWithdrawn {
		event = "assertion.withdrawn"
	}
	return s.recordAssertion(ctx, event, *a, fields)
}

func (s *Service) checkAssertion(ctx context.Context, a Assertion) error {
	types := map[uuid.UUID]string{}
	for _, id := range a.PartnerIDs {
		p, err := s.people.FindPartner(ctx, id)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return err
		}
		types[id] = p.Type
	}
	return a.check(func(id uuid.UUID) string { return types[id] }, func(slug string) bool {
		_, known := s.lists.PartnerType(slug)
		return known
	})
}

func (s *Service) recordAssertion(ctx context.Context, event string, a Assertion, fields []string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "privacy-assertion", ID: a.ID}, Fields: fields})
}
