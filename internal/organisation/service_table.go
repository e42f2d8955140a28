package organisation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// FindTable reads a table, inside a transaction. It fails with problem.NotFound.
func (s *Service) FindTable(ctx context.Context, id uuid.UUID) (Table, error) {
	return findTable(ctx, id)
}

// HoldTable reads a table as FindTable does, and lets nobody give it another chair until the transaction ends.
func (s *Service) HoldTable(ctx context.Context, id uuid.UUID) (Table, error) {
	return holdTable(ctx, id)
}

// ListTables reads a page of the tables by name.
func (s *Service) ListTables(ctx context.Context, p page.Request) (rows []Table, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		all, err := listTables(ctx, p)
		rows, next = page.Cut(all, p.Limit, func(one Table) page.Cursor { return nameKey(one.Name, one.ID) })
		return err
	})
	return rows, next, err
}

// GetTable reads one table. It fails with problem.NotFound.
func (s *Service) GetTable(ctx context.Context, id uuid.UUID) (t Table, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		t, err = findTable(ctx, id)
		return err
	})
	return t, err
}

// CreateTable sets up a table. It fails with problem.Conflict when its chair does not hold that role.
func (s *Service) CreateTable(ctx context.Context, t Table) (Table, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		t = t.normal()
		t.MunicipalityID, t.ID, t.Version, t.ChangedAt = who.Municipality, uuid.Must(uuid.NewV7()), 1, s.k.Now()
		if err := s.k.Authz.Require(ctx, actManageTable, t.Resource()); err != nil {
			return err
		}
		if err := s.checkTable(ctx, Table{}, t); err != nil {
			return err
		}
		if err := db.Insert(ctx, &t); err != nil {
			return err
		}
		return s.record(ctx, "table.set-up", "table", t.ID, nil)
	})
	return t, err
}

// UpdateTable changes a table; it fails as CreateTable.
func (s *Service) UpdateTable(ctx context.Context, key etag.Key, edit func(*Table)) (t Table, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if t, err = findTable(ctx, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageTable, t.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, t); err != nil {
			return err
		}
		before := t
		before.MemberPartnerIDs, before.AreaCodes = slices.Clone(t.MemberPartnerIDs), slices.Clone(t.AreaCodes)
		edit(&t)
		t = t.normal()
		t.ChangedAt = s.k.Now()
		if err := s.checkTable(ctx, before, t); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &t)
		if err != nil || len(fields) == 0 {
			return err
		}
		if err := s.record(ctx, "table.changed", "table", t.ID, fields); err != nil || t.ChairID == before.ChairID {
			return err
		}
		return s.ChairMoved(ctx, t) // last: what can still fail is the commit alone
	})
	return t, err
}

// checkTable resolves what a table refers to. A chair who was there before is not asked again.
func (s *Service) checkTable(ctx context.Context, before, t Table) error {
	partners, err := partnersAmong(ctx, t.MemberPartnerIDs)
	if err != nil {
		return err
	}
	areas, err := areasAmong(ctx, t.AreaCodes)
	if err != nil {
		return err
	}
	if err := t.check(partners, areas); err != nil || t.ChairID == before.ChairID {
		return err
	}
	chair, err := findProfessional(ctx, t.ChairID)
	if err != nil {
		return reference(err, "/chairId", "There is no such professional; see GET /v1/professionals.")
	}
	return chair.mayChair(s.today(ctx))
}
